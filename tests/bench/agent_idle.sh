#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# CPU per second, wake-ups and memory of pantau-agent and of snmpd while nobody asks, over 64
# links, in turn: agent, snmpd, agent, snmpd. Usage: agent_idle.sh [SECONDS [LINKS]]
. "$(dirname "$0")/../integration/lib.sh"
it_isolate "$@"
it_need ip snmpd
seconds=${1-15}
links=${2-64}

it_ns idle
for ((i = 1; i < links; i += 2)); do
	echo "link add e$i type veth peer name e$((i + 1))"
	echo "link set e$i up"
	echo "link set e$((i + 1)) up"
done | ip -n idle -batch -
mkdir -p "$it_tmp/state" "$it_tmp/run"
it_file "$it_tmp/users.conf" 600 <<<'community "c" { community = "tested" poll = yes }'
it_file "$it_tmp/agent.conf" <<-END
	site-id = "bench"
	listen = {"127.0.0.1:1161"}
	users-file = "$it_tmp/users.conf"
	state-dir = "$it_tmp/state"
	run-dir = "$it_tmp/run"
	exclude = {"lo"}
END
# The peers' setting: all modules, notifications of links at the shortest interval it documents.
it_file "$it_tmp/snmpd.conf" <<-END
	agentAddress udp:127.0.0.1:2161
	rocommunity tested
END

cpu_ns() {
	awk '{ n += $1 } END { printf "%d\n", n }' /proc/"$1"/task/*/schedstat
}

wakeups() {
	awk '/^voluntary_ctxt_switches/ { n += $2 } END { print n }' /proc/"$1"/task/*/status
}

# pid_of NAME: the program itself, not what started it in the namespace
pid_of() {
	local pid=${it_pids[$1]} child
	child=$(pgrep -P "$pid" | head -1)
	echo "${child:-$pid}"
}

measure() {
	local name=$1 pid cpu wake
	shift
	it_start "$name" --ns idle -- "$@"
	sleep 5
	pid=$(pid_of "$name")
	cpu=$(cpu_ns "$pid")
	wake=$(wakeups "$pid")
	sleep "$seconds"
	cpu=$(($(cpu_ns "$pid") - cpu))
	wake=$(($(wakeups "$pid") - wake))
	printf '%-8s %7d us CPU per s  %5.2f wake-ups per s  RSS %6d kB  private dirty %5d kB\n' "$name" \
		$((cpu / seconds / 1000)) "$(echo "$wake $seconds" | awk '{ print $1 / $2 }')" \
		"$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")" \
		"$(awk '/^Private_Dirty/ { print $2 }' "/proc/$pid/smaps_rollup")"
	it_stop "$name" >/dev/null
}

echo "$links links, $seconds s each"
for turn in 1 2; do
	measure agent "$(it_program agent/pantau-agent)" -c "$it_tmp/agent.conf" -f
	measure snmpd env MIBS= SNMP_PERSISTENT_DIR="$it_tmp/snmpd" snmpd -f -C -c "$it_tmp/snmpd.conf" -Lf /dev/null
done
ls -l "$(it_program agent/pantau-agent)" | awk '{ print "program: " $5 " octets" }'
strip -o "$it_tmp/stripped" "$(it_program agent/pantau-agent)" && stat -c 'stripped: %s octets' "$it_tmp/stripped"
trap - EXIT
exit 0
