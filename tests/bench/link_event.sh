#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Link event in the kernel -> notification at the receiver: pantau-agent alone, below an snmpd
# that runs, is frozen and is dead, and snmpd's own (monitor -r 1) in the same run.
# At the end all of the agent's changes in one line: the claim is of 200. They are 1.3 s apart:
# five minutes in all.
# Usage: link_event.sh [CHANGES-PER-CASE [CHANGES-OF-SNMPD]], default 50 6
. "$(dirname "$0")/../integration/lib.sh"
. "$(dirname "$0")/../integration/agent_lib.sh"
it_isolate "$@"
it_need ip ss snmptrapd snmpget snmpwalk snmpd
changes=${1-50}
peer_changes=${2-6}
program=$(it_program tests/bench/bench_link_event) || exit 1
samples=$it_tmp/samples

# bench WHAT CHANGES TIMEOUT-MS [SAMPLES]
bench() {
	printf '%-34s' "$1"
	"$program" site lan0 lan pc0 noc to-site "${@:2}"
}

agent_net >/dev/null
trapd_start trapd noc >/dev/null
agent_conf <<<'receiver "noc" { address = "192.0.2.0:162" user = "site" standard = no }
flap-changes = 1000'
agent_start >/dev/null
bench 'pantau-agent, v3 authPriv inform' "$changes" 3000 "$samples"
it_stop agent >/dev/null

mkdir -p /run/agentx
it_file "$it_tmp/snmpd.conf" <<-END
	agentAddress udp:161
	rocommunity tested
	master agentx
	agentXSocket $it_tmp/master
END
agent_conf <<<"receiver \"noc\" { address = \"192.0.2.0:162\" user = \"site\" standard = no }
flap-changes = 1000
mode = agentx
agentx-socket = \"$it_tmp/master\""
sed -i '/^listen/d' "$it_tmp/agent.conf"
it_start snmpd --ns site -- env MIBS= SNMP_PERSISTENT_DIR="$it_tmp/snmpd" snmpd -f -C -c "$it_tmp/snmpd.conf" -Lf /dev/null
it_start agent --ns site -- "$(it_program agent/pantau-agent)" -c "$it_tmp/agent.conf" -f
it_wait_for 15 'the agent answers through snmpd' agent_answers >/dev/null
bench '  below a running snmpd' "$changes" 3000 "$samples"
kill -STOP $(pgrep -x snmpd)
bench '  below a frozen snmpd' "$changes" 3000 "$samples"
kill -CONT $(pgrep -x snmpd)
it_stop snmpd KILL >/dev/null 2>&1
bench '  below a dead snmpd' "$changes" 3000 "$samples"
it_stop agent >/dev/null

it_file "$it_tmp/snmpd.conf" 600 <<-END
	agentAddress udp:161
	rocommunity tested
	createUser internal SHA-256 internal-pass
	iquerySecName internal
	rouser internal
	trap2sink 192.0.2.0 tested
	monitor -r 1 -e linkUpTrap "up" ifOperStatus != 2
	notificationEvent linkUpTrap linkUp ifIndex ifAdminStatus ifOperStatus
	notificationEvent linkDownTrap linkDown ifIndex ifAdminStatus ifOperStatus
	monitor -r 1 -e linkDownTrap "down" ifOperStatus == 2
END
it_start snmpd --ns site -- env SNMP_PERSISTENT_DIR="$it_tmp/snmpd2" MIBDIRS="$it_build/mibs:$it_root/mibs/ietf" MIBS=ALL \
	snmpd -f -C -c "$it_tmp/snmpd.conf" -Lf "$it_tmp/snmpd.log"
sleep 3
bench 'snmpd, monitor -r 1, v2c trap' "$peer_changes" 6000
printf '%-34s' 'pantau-agent, all four cases'
"$program" summary "$samples"
trap - EXIT
exit 0
