#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The agent below Debian's snmpd: it is served whichever of the two starts first, and again
# within 3 s after snmpd was killed, restarted or frozen and thawed.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
it_need snmpd snmpget snmpwalk snmpbulkwalk snmpset
export MIBS='' SNMP_PERSISTENT_DIR=/run/snmp-pers SNMPCONFPATH=/nonexistent
router=$(it_program tests/bench/fake_router) || exit 1
pantau=1.3.6.1.4.1.8072.9999.9999.51
snmpd=127.0.0.1:16162

it_file /run/snmpd.conf <<CONF
agentAddress udp:$snmpd
rocommunity rahasia
rwcommunity tulis
master agentx
agentXSocket /run/master
CONF
start_snmpd() {
	it_start snmpd -- snmpd -f -Lo -C -c /run/snmpd.conf
}
site() {
	local value
	value=$(snmpget -v2c -c rahasia -t 0.3 -r 0 -Oqv "$snmpd" $pantau.1.1.2.0) || return 1
	[ "$value" = '"opd-fake"' ] || { echo "$value"; return 1; }
}

it_start agent -- "$router" agentx /run/master 64
start_snmpd
it_wait_for 5 'served, the agent first' site
it_stop agent
it_start agent -- "$router" agentx /run/master 64
it_wait_for 3 'served, snmpd first' site

snmpwalk -v2c -c rahasia -On "$snmpd" $pantau.1.2 >/run/next.txt
snmpbulkwalk -v2c -c rahasia -On -Cr50 "$snmpd" $pantau.1.2 >/run/bulk.txt
it_equal 'every link object' "$(wc -l </run/next.txt)" $((31 * 64))
it_check 'GETBULK sees the same' cmp /run/next.txt /run/bulk.txt
it_match 'a counter beyond 32 bits' "$(snmpget -v2c -c rahasia "$snmpd" $pantau.1.2.1.11.1)" 'Counter64: 1250999896491'
it_match 'an instance that is not there' "$(snmpget -v2c -c rahasia "$snmpd" $pantau.1.2.1.1.99)" 'No Such Instance'
it_match 'history, by its two indices' "$(snmpwalk -v2c -c rahasia -Oq "$snmpd" $pantau.1.5.1.7.64 | head -n 1)" '60000'
it_match 'nothing to set' "$(snmpset -v2c -c tulis "$snmpd" $pantau.1.1.2.0 s x 2>&1)" 'notWritable'
it_match "snmpd's own objects stay" "$(snmpget -v2c -c rahasia "$snmpd" 1.3.6.1.2.1.1.1.0)" 'Linux'

for round in 1 2 3; do
	it_stop snmpd KILL
	start_snmpd
	it_wait_for 3 "served after a kill ($round)" site
done
it_stop snmpd
start_snmpd
it_wait_for 3 'served after a restart' site
for seconds in 1 7; do
	kill -STOP "${it_pids[snmpd]}"
	sleep "$seconds"
	kill -CONT "${it_pids[snmpd]}"
	it_wait_for 3 "served after $seconds s frozen" site
done

# A restart of a master that was frozen: the connection to the old one must not be waited for.
kill -STOP "${it_pids[snmpd]}"
sleep 1
it_stop snmpd KILL
start_snmpd
it_wait_for 3 'served after frozen and killed' site

# The agent itself frozen: snmpd gives it up; it comes back by itself.
kill -STOP "${it_pids[agent]}"
snmpget -v2c -c rahasia -t 8 -r 0 "$snmpd" $pantau.1.1.2.0 >/dev/null 2>&1
kill -CONT "${it_pids[agent]}"
it_wait_for 3 'served after the agent was frozen' site
it_equal 'no registration is left twice' "$(snmpwalk -v2c -c rahasia -Oqv "$snmpd" $pantau.1.1.2 | wc -l)" 1
# Somebody else has the subtree: said, and taken over once it is free.
it_start second -- "$router" agentx /run/master 64
it_wait_for 5 'a second agent says why it is not served' grep -q 'registered by another' "$it_tmp/second.log"
sleep 1
it_equal 'once' "$(grep -c 'registered by another' "$it_tmp/second.log")" 1
it_stop agent
it_wait_for 8 'the second is served then' site
it_check 'which it says' grep -q 'state=registered' "$it_tmp/second.log"
it_stop second
it_start agent -- "$router" agentx /run/master 64
it_wait_for 3 'the first again' site
# By TCP too, where the master is in another container.
it_stop agent
it_stop snmpd
sed -i 's,^agentXSocket .*,agentXSocket tcp:127.0.0.1:16705,' /run/snmpd.conf
start_snmpd
it_start agent -- "$router" agentx 127.0.0.1:16705 64
it_wait_for 3 'served by TCP' site
it_stop snmpd KILL
start_snmpd
it_wait_for 3 'served by TCP after a kill' site
it_stop agent
it_wait_for 3 'gone with the agent' bash -c \
	"snmpget -v2c -c rahasia -t 1 -r 0 $snmpd $pantau.1.1.2.0 | grep -q 'No Such Object'"
it_done
