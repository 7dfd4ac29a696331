#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Several receivers, each with a place of its own in the event log: by IPv6, by v2c, for the
# standard notifications alone, for some events alone. None listens at first; the agent is killed
# before each comes; the log runs over while one is away.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent_lib.sh"
it_isolate "$@"
it_need ip ss snmptrapd snmpget snmpwalk

agent_net
ip -n noc -6 addr add 2001:db8::1/64 dev to-site nodad
ip -n site -6 addr add 2001:db8::2/64 dev wan0 nodad
agent_conf <<'END'
inform-backoff-max = 2s
flap-changes = 1000
max-events = 64
receiver "six" { address = "[2001:db8::1]:162" user = "site" standard = no }
receiver "community" { address = "192.0.2.0:1163" version = v2c community = "test" standard = no }
receiver "standard" { address = "192.0.2.0:1164" version = v2c community = "test" own = no }
receiver "quiet" { address = "192.0.2.0:1166" user = "site" events = {"pathDown"} }
receiver "downs" { address = "192.0.2.0:1165" user = "site" standard = no events = {"linkDown"} }
END
# listen NAME PORT: what comes is in NAME.trap
listen() {
	it_start "$1" --ns noc -- env SNMP_PERSISTENT_DIR="$it_tmp/$1.dir" MIBS= \
		snmptrapd -C -c "$it_tmp/trapd.conf" -f -On -F '%V|%v\n' -Lf "$it_tmp/$1.trap" "$2"
}
it_file "$it_tmp/trapd.conf" 600 <<-END
	createUser site SHA-256 auth-pass-of-site AES priv-pass-of-site
	authUser log site
	authCommunity log tested
END
again() {
	it_stop agent KILL
	it_start agent --ns site -- "$(it_program agent/pantau-agent)" -c "$it_tmp/agent.conf" -f
	it_wait_for 5 'the agent runs' agent_answers
}
# flaps TIMES: each is told by itself, since the kernel tells of this kind of link at once
flaps() {
	local i
	for ((i = 0; i < $1; i++)); do
		ip -n lan link set pc0 down
		sleep 0.1
		ip -n lan link set pc0 up
		sleep 0.1
	done
	it_wait_for 4 'the agent knows of the last' eval '[ "$(agent_link lan0 5)" = 1 ]'
}
# told NAME: types of lan0's and the agent's events in the order of arrival
told() {
	trapd_events "$1" | awk '{ printf "%s ", $2 }'
}
has_last() {
	trapd_events "$1" | tail -n 1 | grep -q "^$2 "
}

it_note 'nobody listens, and the agent is killed'
agent_start
flaps 2
again
listen community udp:1163
it_wait_for 10 'the second one comes: all that happened' has_last community "$(agent_get 1.1.7.0)"
it_equal 'in order' "$(told community)" '1 3 4 3 4 1 '
flaps 1
again
listen six udp6:162
it_wait_for 10 'the first one comes later' has_last six "$(agent_get 1.1.7.0)"
it_equal 'it hears of all, too' "$(told six)" '1 3 4 3 4 1 3 4 1 '
it_wait_for 5 'the other of what is new' has_last community "$(agent_get 1.1.7.0)"
it_equal 'and of nothing twice' "$(told community)" '1 3 4 3 4 1 3 4 1 '
listen standard udp:1164
index=$(ip -n site -o link show lan0 | cut -d: -f1)
standard_are() {
	[ "$(trapd_standard standard | sort | uniq -c | tr -s ' \n' ' ')" = " $1 down $index $1 up $index " ]
}
it_wait_for 10 "the one for IF-MIB's notifications alone" standard_are 3
it_equal 'gets no others' "$(told standard)" ''
listen downs udp:1165
it_wait_for 10 'the one for linkDown alone' trapd_has downs 3 lan0 3
it_equal 'gets no others' "$(told downs)" '3 3 3 '

it_note 'the log runs over while two are away, then the agent is killed'
it_stop six KILL
it_stop downs KILL
known=$(agent_get 1.1.7.0)
flaps 40
last=$(agent_get 1.1.7.0)
it_check 'more than the log keeps' [ "$last" -gt $((known + 70)) ]
it_wait_for 10 'who is there hears of it' has_last community "$last"
again
rm "$it_tmp/six.trap" "$it_tmp/downs.trap"
listen six udp6:162
listen downs udp:1165
it_wait_for 15 'who was away is told that events were dropped' trapd_has six 14 ''
oldest=$(trapd_events six | head -n 1 | cut -d' ' -f1)
it_check 'the oldest ones' [ "$oldest" -gt $((known + 1)) ]
it_equal 'how many, once' "$(grep -o '[0-9]* events never reached six' "$it_tmp/six.trap")" \
	"$((oldest - known - 1)) events never reached six"
it_check 'the rest is in order' trapd_in_order six
downs=$(trapd_events six | grep -c '^[0-9]* 3 ')
it_wait_for 15 'so is it for the one that wants some only' trapd_has downs 3 lan0 "$downs"
it_check 'in order' trapd_in_order downs
it_equal 'nobody else missed anything, not even who wanted nothing of it' \
	"$(grep -o 'never reached [a-z]*' "$it_tmp/agent.log" | grep -v -e six -e downs)" ''

it_note 'a receiver that a reload brings, when the log has run over since the start'
flaps 35
listen late udp:1167
listen near 'udp6:[::]:1168'
ip -n noc -6 addr add fe80::1/64 dev to-site nodad
cat >>"$it_tmp/agent.conf" <<-END
	receiver "late" { address = "192.0.2.0:1167" user = "site" standard = no }
	receiver "near" { address = "[fe80::1%wan0]:1168" user = "site" standard = no }
END
kill -HUP "${it_pids[agent]}"
it_wait_for 10 'it hears of what the log has' has_last late "$(agent_get 1.1.7.0)"
it_wait_for 10 'and so does one by a link-local address' has_last near "$(agent_get 1.1.7.0)"
it_stop agent
it_equal 'exit status' "$it_status" 0
it_equal 'and is not told of what was before it was there' "$(grep -o '[0-9]* events never reached late' "$it_tmp/agent.log")" ''
it_done
