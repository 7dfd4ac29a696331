#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The collector as another user, without capabilities and under its system call filter, does
# all that it does: polls by v2c and v3, informs by every protocol, RRD files, graphs, the page,
# reloads with a privileged port, a clean end and another start. What it must not do, it cannot.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
it_need snmpd snmpinform curl sqlite3 jq rrdtool
[ "$(id -u)" = 0 ] && id nobody >/dev/null 2>&1 || it_skip 'needs root and the user nobody'
. "$it_root/tests/integration/collector_lib.sh"
export MIBS='' SNMPCONFPATH=/nonexistent SNMP_PERSISTENT_DIR=$it_tmp/snmp
conf=$it_tmp/collector.conf credentials=$it_tmp/credentials.conf inventory=$it_tmp/inventory.csv
chmod 755 /run "$it_tmp"

call_in=$(it_program tests/tools/call_in) || exit 1
# nobody may not look into a checkout below /root, say: programs and data stand where all may.
all=$it_tmp/all
mkdir -p "$all/collector" "$all/conf" && cp -r "$it_root/collector/web" "$all/collector" &&
	cp -r "$it_build/conf/profiles" "$all/conf" && cp "$(it_program collector/pantau-collector)" \
	"$(it_program collector/pantau-graph-worker)" "$(it_program collector/pantau-notify)" "$(it_program collector/pantauctl)" "$all/collector" &&
	chmod -R a+rX "$all" || exit 1
it_root=$all it_build=$all
collector_files
sed -i 's/^user.*/user = "nobody"/; s/^poll-interval.*/poll-interval = 1s\nbackoff-max = 2s/' "$conf"
sed -i "s/^trap-listen.*/trap-listen = {\"127.0.0.1:162\"}/" "$conf"
port=162
chown nobody "$credentials"
it_file "$it_tmp/snmpd.conf" 600 <<-E
	agentaddress udp:127.0.0.11:16111,udp:127.0.0.12:16111,udp:127.0.0.21:16111
	rocommunity rahasia-sw 127.0.0.0/8
	createUser pantau SHA-256 kata-sandi-1 AES kata-sandi-2
	rouser pantau priv
	E
ip link add wan0 type veth peer name wan1 && ip link set wan0 up && ip link set wan1 up || it_skip 'no veth here'
it_start snmpd -- snmpd -f -Lo -C -c "$it_tmp/snmpd.conf" -p "$it_tmp/snmpd.pid"
collector_start

grep -q 'no seccomp here' "$it_tmp/collector.log" && it_skip 'this build or kernel has no seccomp (sanitizers)'
it_equal 'as nobody' "$(it_proc Uid collector)" "$(id -u nobody)"
it_equal 'no core file, there are keys in it' "$(awk '/^Max core/ { print $5 }' "/proc/${it_pids[collector]}/limits")" 0
it_equal 'filtered' "$(it_proc Seccomp collector)" 2
it_equal 'every thread' "$(cat /proc/"${it_pids[collector]}"/task/*/status | awk '$1 == "Seccomp:" && $2 != 2' | wc -l)" 0
it_between 'of which there are some' "$(ls /proc/"${it_pids[collector]}"/task | wc -l)" 3 20
it_equal 'no new privileges' "$(it_proc NoNewPrivs collector)" 1
it_equal 'only CAP_NET_BIND_SERVICE' "$(it_proc CapEff collector) $(it_proc CapPrm collector) $(it_proc CapAmb collector)" \
	'0000000000000400 0000000000000400 0000000000000000'
starter=$(pgrep -P "${it_pids[collector]}" -f pantau-graph-worker)
workers=$(pgrep -P "$starter" -f pantau-graph-worker)
for pid in $starter $workers; do
	it_equal "process $pid has no capability" "$(it_proc CapEff $pid) $(it_proc CapPrm $pid)" '0000000000000000 0000000000000000'
done
senders=$(pgrep -P "${it_pids[collector]}" -f pantau-notify)
for pid in $senders $(pgrep -P "$senders"); do
	it_equal "sender $pid has no capability" "$(it_proc CapEff $pid) $(it_proc CapPrm $pid)" '0000000000000000 0000000000000000'
	it_equal 'and nothing of the environment' "$(wc -c <"/proc/$pid/environ")" 0
done
it_equal 'of the two that send the one with the network is filtered' \
	"$(for pid in $(pgrep -P "$senders"); do it_proc Seccomp "$pid"; done | sort | tr -d '\n')" 02
it_equal 'workers are filtered' "$(for pid in $workers; do it_proc Seccomp "$pid"; done | sort -u)" 2

# ---- it does its work ----

up() {
	[ "$(api "devices?status=up" | jq -r '[.[].id] | join(" ")')" = "$1" ]
}
it_wait_for 15 'v2c and v3 are polled' up 'opd-1 sw-1 sw-2'
drawn() {
	curl -sf --unix-socket "$sock" -o "$it_tmp/graph.png" 'http://localhost/api/v1/graphs/opd-1/wan0' &&
		[ "$(head -c 8 "$it_tmp/graph.png" | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ]
}
it_wait_for 10 'a graph is drawn' drawn
it_wait_for 10 'RRD files have values' bash -c "'$(it_program collector/pantauctl)' -s 'unix:$it_tmp/run/collector.sock' flush; rrdtool lastupdate '$it_tmp/rrd/opd-1/traffic-wan0.rrd' | tail -1 | grep -q '[0-9]: [0-9]'"
it_equal 'the page over TCP' "$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/)" 200
it_match 'pantauctl' "$(ctl status)" 'total +4 +3 '

# Every protocol, since what a library loads at first use it can no longer load now.
for auth in md5 sha1 sha224 sha256 sha384 sha512; do
	for priv in none des aes128 aes192 aes256; do
		pass='priv-passphrase = "kata-sandi-b"'
		[ $priv = none ] && pass=
		echo "credential \"$auth-$priv\" { user = \"$auth-$priv\" auth = $auth auth-passphrase = \"kata-sandi-a\" priv = $priv $pass poll = no }"
	done
done >>"$credentials"
it_equal 'thirty more users by a reload' "$(ctl reload)" 'The new configuration is in use.'
declare -A tool=([md5]=MD5 [sha1]=SHA [sha224]=SHA-224 [sha256]=SHA-256 [sha384]=SHA-384 [sha512]=SHA-512
	[des]=DES [aes128]=AES [aes192]=AES-192 [aes256]=AES-256)
inform_by() { # AUTH PRIV
	local level=(-l authNoPriv)
	[ "$2" = none ] || level=(-l authPriv -x "${tool[$2]}" -X kata-sandi-b)
	snmpinform -v 3 -t 1 -r 2 -u "$1-$2" -a "${tool[$1]}" -A kata-sandi-a "${level[@]}" 127.0.0.1:$port '' \
		1.3.6.1.6.3.1.1.5.4 >/dev/null 2>&1
}
taken=0
for auth in md5 sha1 sha224 sha256 sha384 sha512; do
	for priv in none des aes128 aes192 aes256; do
		inform_by $auth $priv && taken=$((taken + 1)) || it_note "$auth-$priv is not acknowledged"
	done
done
it_equal 'of 30 pairs of protocols' $taken 30

echo 'hs-1,hotspot,Alun-alun,127.0.0.31,16111,sw,opd-1,,if-mib' >>"$inventory"
sed -i 's/^trap-listen.*/trap-listen = {"127.0.0.1:163", "[fe80::5%lo]:163"}/' "$conf"
ip -6 addr add fe80::5/64 dev lo nodad
it_match 'another port below 1024 by a reload' "$(ctl reload)" 'new configuration is in use'
port=163
it_check 'it is served' inform_by sha256 aes128
it_check 'and so is an interface by its name' snmptrap -v 2c -c rahasia-sw 'udp6:[fe80::5%lo]:163' '' 1.3.6.1.6.3.1.1.5.1
it_wait_for 5 'which its source has too' db_is \
	"SELECT count(*) FROM notifications WHERE source = 'fe80::5%lo'" 1
kill -HUP "${it_pids[collector]}"
it_wait_for 5 'SIGHUP' metric_is pantau_reloads_total 3
it_equal 'nothing failed' "$(metric pantau_rrd_failed_total) $(metric pantau_store_failing) $(metric pantau_graph_crashes_total)" '0 0 0'
it_check 'no error was logged' bash -c "! grep -E ' (error|warn) ' '$it_tmp/collector.log' | grep -v 'trap\|event:'"

# ---- what it must not do ----

call_in() { # PID CALL
	"$call_in" "$1" "$2"
}
if [ "$(call_in "${it_pids[collector]}" getuid)" = ok ]; then
	it_equal 'no raw socket' "$(call_in "${it_pids[collector]}" socket)" EPERM
	it_equal 'no memory to run code in' "$(call_in "${it_pids[collector]}" exec-memory)" EPERM
	it_equal 'no process' "$(call_in "${it_pids[collector]}" clone)" EPERM
	it_equal 'no signal to others' "$(call_in "${it_pids[collector]}" kill)" EPERM
	thread=$(ls "/proc/${it_pids[collector]}/task" | tail -1)
	it_equal 'nor by another thread' "$(call_in "$thread" socket)" EPERM
	it_check 'it serves on' api status
	# who starts the workers is gone: no other can be had, and the rest goes on
	kill -KILL "$starter"
	it_wait_for 10 'it says what to do' grep -q 'right="restart the collector' "$it_tmp/collector.log"
	it_equal 'new graphs are refused' "$(curl -s --unix-socket "$sock" -o /dev/null -w '%{http_code}' \
		'http://localhost/api/v1/graphs/opd-1/wan0?width=777')" 503
	it_check 'the page is there' api status
fi
it_stop collector
it_equal 'a clean end' "$it_status" 0
it_equal 'which was not cut short' "$(db "SELECT count(*) FROM events WHERE kind = 'collector-stop'")" 1
collector_start again
it_wait_for 15 'again, on its own files' up 'opd-1 sw-1 sw-2'
it_wait_for 10 'and graphs' drawn
if [ "$(call_in "${it_pids[again]}" getuid)" = ok ]; then
	it_equal 'one that executes a program' "$(call_in "${it_pids[again]}" execve)" 'killed by SIGSYS'
	it_wait_for 5 'is gone' it_gone "${it_pids[again]}"
	it_wait_for 5 'and its workers' bash -c "! pgrep -f 'pantau-graph-work[e]r'"
else
	it_stop again
fi
sed -i 's/^user.*/&\nsandbox = no/' "$conf"
collector_start free
it_equal 'without a filter, for a debugger' "$(it_proc Seccomp "${it_pids[free]}")" 0
it_stop free
it_done
