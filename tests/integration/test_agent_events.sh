#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Events of the agent at a real snmptrapd: cut and restored links, the uplink lost while
# another link flaps and the agent is killed, a receiver that restarts, a damaged log.
# test_agent_events.sh [SECTION...]; IT_CUT_S: for how many seconds the uplink is lost, default 3.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent_lib.sh"
it_need ip ss snmptrapd snmpget snmpwalk

# Type and link of each event after number $before.
told() {
	trapd_events trapd | awk -v n="$before" '$1 > n { print $2 $3 }'
}

lan_index() {
	agent_walk "$PANTAU_ROOT.1.2.1.1" | awk '$2 == "lan0" { print $1 }'
}

# Minutes of lan0's history from $begun to $ended.
lan_rows() {
	agent_walk "$PANTAU_ROOT.1.5.1.3.$(lan_index)" | awk -v a="$begun" -v b="$ended" '$1 > a && $1 <= b' | wc -l
}

# A site whose agent informs the NOC's snmptrapd.
begin() {
	agent_net
	agent_conf <<-'END'
		link "wan0" { role = uplink medium = fiber capacity = 100000 }
		link "lan0" { role = lan }
		inform-backoff-max = 2s
		receiver "noc" { address = "192.0.2.0:162" user = "site" }
	END
	trapd_start trapd noc
	agent_start
	it_wait_for 3 'agentStart arrives' trapd_has trapd 1 ''
}

# The link to lan0 is cut for a moment.
flap() {
	ip -n lan link set pc0 down
	sleep "$1"
	ip -n lan link set pc0 up
}

# A link is cut and comes back.
section_cut() {
	begin
	ip -n lan link set pc0 down
	it_wait_for 2 'linkDown arrives' trapd_has trapd 3 lan0
	it_equal 'the row says down' "$(agent_link lan0 5)" 2
	ip -n lan link set pc0 up
	it_wait_for 2 'linkUp arrives' trapd_has trapd 4 lan0
	it_equal 'one flap is counted' "$(agent_link lan0 8)" 1
	it_equal 'the standard notifications came too' "$(trapd_standard trapd | tr '\n' ' ')" \
		"down $(lan_index) up $(lan_index) "
}

# The uplink is lost, lan0 flaps three times, the agent is killed.
section_outage() {
	begin
	before=$(agent_get 1.1.7.0)
	ip -n noc link set to-site down
	# The kernel may hold back the news of a lost carrier for a second after the last such news.
	it_wait_for 3 'the agent sees it' grep -q 'type=linkDown link=wan0' "$it_tmp/agent.log"
	for i in 1 2 3; do
		flap 0.15
		sleep 0.15
		[ $i != 2 ] || {
			it_stop agent KILL
			it_start agent --ns site -- "$(it_program agent/pantau-agent)" -c "$it_tmp/agent.conf" -f
			sleep 0.5
		}
	done
	begun=$(($(date +%s) / 60))
	sleep "${IT_CUT_S-1}"
	ended=$(($(date +%s) / 60))
	ip -n noc link set to-site up
	it_wait_for 10 'all flaps arrive' trapd_has trapd 4 lan0 3
	it_wait_for 10 'the uplink is told down' trapd_has trapd 3 wan0
	it_wait_for 10 'the uplink is told up' trapd_has trapd 4 wan0
	it_check 'each event once, in order' trapd_in_order trapd
	# The kernel tells of a second change within a second up to a second late: wan0's place varies.
	it_equal 'of lan0 and the agent' "$(told | grep -v wan0 | tr '\n' ' ')" \
		'3lan0 4lan0 3lan0 4lan0 1 3lan0 4lan0 '
	it_equal 'of wan0' "$(told | grep wan0 | tr '\n' ' ')" '3wan0 4wan0 '

	it_equal 'history has each minute of the outage' "$(lan_rows)" $((ended - begun))
}

# The line is dead though the link is up.
section_dead_line() {
	begin
	# What the site sends goes to a station that does not exist.
	ip -n site neigh replace 192.0.2.0 lladdr 02:00:00:00:00:99 dev wan0 nud permanent
	n=$(trapd_events trapd | wc -l)
	flap 0.3
	sleep 5
	it_equal 'nothing arrives' "$(trapd_events trapd | wc -l)" "$n"
	ip -n site neigh del 192.0.2.0 dev wan0
	it_wait_for 10 'what happened arrives' trapd_has trapd 4 lan0
	it_equal 'once, in order' "$(trapd_events trapd | tail -n +$((n + 1)) | awk '{ print $2 $3 }' | tr '\n' ' ')" \
		'3lan0 4lan0 '
	it_check 'no number twice' trapd_in_order trapd
}

# The receiver is away for a while.
section_receiver_away() {
	begin
	it_stop trapd KILL
	flap 0.3
	sleep 1
	it_start trapd --ns noc -- env SNMP_PERSISTENT_DIR="$it_tmp/trapd" MIBS= \
		snmptrapd -C -c "$it_tmp/trapd.conf" -f -On -F '%V|%v\n' -Lf "$it_tmp/trapd2.trap" udp:162
	it_wait_for 15 'what it missed arrives' trapd_has trapd2 4 lan0
	it_equal 'once, in order' "$(trapd_events trapd2 | awk '{ print $2 $3 }' | tr '\n' ' ')" '3lan0 4lan0 '
}

# The agent ends and starts in good order.
section_restart() {
	begin
	it_stop agent
	it_equal 'exit status' "$it_status" 0
	it_check 'agentStop arrived' trapd_has trapd 2 ''
	last=$(trapd_events trapd | tail -1 | cut -d' ' -f1)

	it_note 'its port is taken for a while, and systemd tries again and again'
	it_start taker --ns site -- snmptrapd -C -c /dev/null -f -Lo udp:161
	it_wait_for 5 'the port is taken' eval 'it_in site ss -lunH sport = :161 | grep -q .'
	for i in 1 2 3; do
		it_in site "$(it_program agent/pantau-agent)" -c "$it_tmp/agent.conf" -f >>"$it_tmp/failing.log" 2>&1
		it_equal 'it does not start' $? 1
	done
	it_stop taker
	agent_start
	it_wait_for 3 'agentStart arrives' trapd_has trapd 1 '' 2
	it_equal 'numbers go on' "$(trapd_events trapd | tail -1 | cut -d' ' -f1)" $((last + 1))
}

# The event log is damaged.
section_damaged_log() {
	begin
	flap 0.3
	it_wait_for 3 'events are in the log' trapd_has trapd 4 lan0
	it_stop agent KILL
	dd if=/dev/urandom of="$it_tmp/state/events.0" bs=64 count=1 seek=3 conv=notrunc status=none
	dd if=/dev/urandom of="$it_tmp/state/events.1" bs=64 count=1 conv=notrunc status=none
	agent_start
	it_check 'a file was set aside' grep -q 'set aside' "$it_tmp/agent.log"
	it_check 'and is kept' ls "$it_tmp/state/events.0.damaged"
	it_wait_for 3 'agentStart arrives again' trapd_has trapd 1 '' 2
	it_check 'no number comes twice' trapd_in_order trapd
	it_check 'the agent is alive' it_alive agent
	it_stop agent
}

# Another user than root.
section_other_user() {
	begin
	it_stop agent
	if [ "$(id -u)" = 0 ] && getent passwd nobody >/dev/null && chown nobody "$it_tmp/users.conf" 2>/dev/null; then
		chmod 755 "$it_tmp"
		echo 'user = "nobody"' >>"$it_tmp/agent.conf"
		agent_start
		it_equal 'it runs as that user' "$(stat -c %U "/proc/${it_pids[agent]}")" nobody
		it_equal 'without capabilities' \
			"$(awk '/^Cap(Eff|Prm|Bnd)/ { print $2 }' "/proc/${it_pids[agent]}/status" | sort -u)" 0000000000000000
		it_equal 'its state is its own' "$(stat -c %U "$it_tmp/state/events.0")" nobody
		ip -n lan link set pc0 down
		it_wait_for 2 'it informs' trapd_has trapd 3 lan0
		kill -HUP "${it_pids[agent]}"
		it_wait_for 2 'it reloads' grep -q 'taken over' "$it_tmp/agent.log"
		it_stop agent
		it_equal 'exit status' "$it_status" 0
	fi
}

it_sections "$@"
