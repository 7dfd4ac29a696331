# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the integration tests, which are bash scripts:
#
#	#!/bin/bash
#	. "$(dirname "$0")/lib.sh"
#	it_isolate "$@"
#	it_need snmpget snmpd
#	it_ns core; it_ns site
#	it_veth core to-site 192.0.2.0/31 site wan0 192.0.2.1/31
#	it_start agent --ns site -- "$(it_program agent/pantau-agent)" -c "$it_tmp/agent.conf"
#	it_wait_for 5 'the agent answers' it_in core snmpget ...
#	it_equal 'its name' "$(it_in core snmpget ...)" 'opd-01'
#	it_done
#
# it_isolate runs the script again in network, mount and process namespaces of its own (in
# a user namespace too, if not root): /run is empty, no network but loopback, and when the
# script ends, however it ends, the kernel kills what it started and the namespaces go.
#
# A long script falls into sections, functions section_NAME, and ends with
#	it_sections "$@"
# instead of calling it_isolate first and it_done last: each section runs in namespaces of its
# own and fails alone; test_x.sh NAME... runs those that are named.
#
# There is no sleep to wait for something: it_wait_for has a deadline.
# Exit: 0, 1 at the first failed check, 77 (skipped) with the reason as the last line.

set -u -o pipefail
it_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
it_build=${PANTAU_BUILD:-$it_root/build}
it_tmp=/run/it
it_checks=0
declare -A it_pids=()

it_skip() {
	echo "skipped: $*"
	trap - EXIT
	exit 77
}

it_note() {
	echo "# $*"
}

# Shows the end of every log of what was started, and ends the test.
it_fail() {
	local log
	trap - EXIT
	echo "FAILED: $*"
	for log in "$it_tmp"/*.log; do
		[ -s "$log" ] || continue
		echo "--- ${log##*/}:"
		tail -n 25 "$log"
	done
	exit 1
}

it_isolate() {
	local flags=(--net --mount --pid --fork --kill-child --mount-proc)
	if [ "${IT_ISOLATED-}" != yes ]; then
		[ "$(id -u)" = 0 ] || flags=(--user --map-root-user "${flags[@]}")
		unshare "${flags[@]}" true 2>/dev/null ||
			it_skip "namespaces are not allowed here (unshare ${flags[*]})"
		IT_ISOLATED=yes exec unshare "${flags[@]}" "$0" "$@"
	fi
	mount -t tmpfs -o mode=755 tmpfs /run || it_skip 'cannot mount a tmpfs on /run'
	mkdir -p "$it_tmp" /run/netns
	ip link set lo up || it_skip 'cannot set up loopback'
	trap 'it_fail "the script ended early (status $?)"' EXIT
}

# it_sections NAME...: those sections of the script, or all in the order in which it has them
it_sections() {
	local name failed=() status
	[ "${IT_ISOLATED-}" != yes ] || { it_isolate; "section_$1"; it_done; }
	[ $# -gt 0 ] || set -- $(sed -n 's/^section_\([a-z0-9_]*\)() {$/\1/p' "$0")
	for name in "$@"; do
		[ "$(type -t "section_$name")" = function ] || { echo "FAILED: no section $name"; exit 1; }
		echo "# section $name"
		(it_isolate "$name")
		status=$?
		[ "$status" != 77 ] || exit 77
		[ "$status" = 0 ] || failed+=("$name")
	done
	[ "${#failed[@]}" = 0 ] && [ $# -gt 0 ] || { echo "FAILED: of $# sections: ${failed[*]-none was run}"; exit 1; }
	echo "all $# sections passed"
	exit 0
}

# it_need COMMAND...
it_need() {
	local command
	for command in "$@"; do
		command -v "$command" >/dev/null || it_skip "needs $command"
	done
}

# it_program PATH: a program of this build
it_program() {
	[ -x "$it_build/$1" ] || { echo "FAILED: $it_build/$1 is not built" >&2; return 1; }
	echo "$it_build/$1"
}

# it_ns NAME...: network namespaces with loopback up
it_ns() {
	local ns
	for ns in "$@"; do
		ip netns add "$ns" && ip -n "$ns" link set lo up ||
			it_skip 'network namespaces are not allowed here'
	done
}

# it_in NS COMMAND...
it_in() {
	local ns=$1
	shift
	ip netns exec "$ns" "$@"
}

# it_veth NS1 IF1 ADDR1/LEN NS2 IF2 ADDR2/LEN: a cable between two namespaces
it_veth() {
	ip -n "$1" link add "$2" type veth peer name "$5" netns "$4" &&
		ip -n "$1" addr add "$3" dev "$2" && ip -n "$4" addr add "$6" dev "$5" &&
		ip -n "$1" link set "$2" up && ip -n "$4" link set "$5" up ||
		it_fail "veth $1/$2 - $4/$5"
}

# it_start NAME [--ns NS] -- COMMAND...: in the background, output to $it_tmp/NAME.log
it_start() {
	local name=$1 in=()
	shift
	[ "$1" = --ns ] && { in=(ip netns exec "$2"); shift 2; }
	[ "$1" = -- ] && shift
	# The child must not run our trap if a signal ends it before it is the program.
	trap - EXIT
	"${in[@]}" "$@" >>"$it_tmp/$name.log" 2>&1 &
	it_pids[$name]=$!
	trap 'it_fail "the script ended early (status $?)"' EXIT
}

it_alive() {
	kill -0 "${it_pids[$1]}" 2>/dev/null
}

# it_stop NAME [SIGNAL]: ends what it_start began; sets it_status to its exit status
it_stop() {
	local pid=${it_pids[$1]}
	kill "-${2-TERM}" "$pid" 2>/dev/null
	it_wait_for 10 "$1 ends by SIG${2-TERM}" it_gone "$pid"
	wait "$pid" 2>/dev/null
	it_status=$?
	unset "it_pids[$1]"
}

# it_proc FIELD NAME|PID: a line of /proc/PID/status, of what it_start began or of any process
it_proc() {
	awk -v k="$1:" '$1 == k { print $2 }' "/proc/${it_pids[$2]:-$2}/status"
}

# A child that has ended stays a zombie until waited for.
it_gone() {
	local stat
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
	[[ ${stat##*) } == Z* ]]
}

it_now_ms() {
	local t=${EPOCHREALTIME/[.,]/}
	echo $((t / 1000))
}

# it_wait_for SECONDS WHAT COMMAND...: until it succeeds; sets it_waited_ms. A slow machine gets
# it_patience times as many seconds.
it_wait_for() {
	local begun deadline what=$2
	begun=$(it_now_ms)
	deadline=$((begun + $1 * 1000 * ${it_patience:-1}))
	shift 2
	until "$@" >"$it_tmp/wait.out" 2>&1; do
		[ "$(it_now_ms)" -lt "$deadline" ] ||
			it_fail "timed out waiting until $what: $(tail -n 3 "$it_tmp/wait.out")"
		sleep 0.05
	done
	it_waited_ms=$(($(it_now_ms) - begun))
	it_pass "$what ($it_waited_ms ms)"
}

it_pass() {
	it_checks=$((it_checks + 1))
	echo "ok $it_checks $*"
}

# it_check WHAT COMMAND...
it_check() {
	local what=$1
	shift
	"$@" >"$it_tmp/check.out" 2>&1 || it_fail "$what: $(tail -n 5 "$it_tmp/check.out")"
	it_pass "$what"
}

# it_equal WHAT GOT WANTED
it_equal() {
	[ "$2" = "$3" ] || it_fail "$1: got '$2', wanted '$3'"
	it_pass "$1"
}

# it_match WHAT TEXT EXTENDED-REGEX
it_match() {
	[[ $2 =~ $3 ]] || it_fail "$1: got '$2', wanted /$3/"
	it_pass "$1"
}

# it_between WHAT NUMBER LEAST MOST (whole numbers)
it_between() {
	[ "$2" -ge "$3" ] && [ "$2" -le "$4" ] || it_fail "$1: got $2, wanted $3 to $4"
	it_pass "$1"
}

# it_file PATH [MODE]: standard input becomes a file
it_file() {
	mkdir -p "$(dirname "$1")"
	(umask 077 && cat >"$1") && chmod "${2-644}" "$1"
}

it_done() {
	trap - EXIT
	[ "$it_checks" -gt 0 ] || { echo 'FAILED: no check was made'; exit 1; }
	echo "all $it_checks checks passed"
	exit 0
}
