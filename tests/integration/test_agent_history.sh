#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Minutes that the NOC could not hear: the uplink is cut over a minute's end, a link is down for
# some seconds, the agent is killed; afterwards the rows are there and right.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent_lib.sh"
it_isolate "$@"
it_need ip snmpget snmpwalk ping

hist=$PANTAU_ROOT.1.5.1
agent_net
agent_conf <<'END'
link "wan0" { role = uplink }
link "lan0" { role = lan }
END

# seconds until SECOND of a minute comes
until_second() {
	sleep "$(date +%S.%N | awk -v at="$1" '{ d = at - $1; if (d < 0) d += 60; print d }')"
}

agent_start
lan=$(ip -n site -o link show lan0 | cut -d: -f1)
[ "$(date +%-S)" -lt 40 ] || until_second 2 # a whole stretch before the next minute's end
it_in lan ping -q -c 200 -i 0.002 -s 1000 198.51.100.1 >/dev/null
until_second 44
it_note 'lan0 is down for five seconds, the uplink is cut over the end of the minute'
ip -n lan link set pc0 down
sleep 5
ip -n lan link set pc0 up
ip -n noc link set to-site down
it_in lan ping -q -c 100 -i 0.002 -s 1000 198.51.100.1 >/dev/null
minute=$(($(date +%s) / 60 + 1))
until_second 2
octets=$(it_in site cat /sys/class/net/lan0/statistics/rx_bytes)
it_note 'the agent is killed and starts again, the uplink comes back'
it_stop agent KILL
it_start agent --ns site -- "$(it_program agent/pantau-agent)" -c "$it_tmp/agent.conf" -f
sleep 1
ip -n noc link set to-site up
it_wait_for 5 'the agent answers' agent_answers
it_check 'the minute has a row' [ -n "$(agent_get "1.5.1.3.$lan.$minute")" ]
it_between 'octets at the end of the minute' "$(agent_get "1.5.1.3.$lan.$minute")" $((octets - 3000)) "$octets"
up_ms=$(agent_get "1.5.1.7.$lan.$minute")
it_between 'time up, of what was seen of the minute' "$up_ms" 30000 58500
it_equal 'flaps' "$(agent_get "1.5.1.14.$lan.$minute")" 1
it_equal 'its name' "$(agent_get "1.5.1.15.$lan.$minute")" lan0
# The mean is 42 kbit/s; 200 packets of 1,042 octets may fall into several seconds.
it_check 'a peak' [ "$(agent_get "1.5.1.5.$lan.$minute")" -gt 300000 ]
it_equal 'same epoch as now' "$(agent_get "1.5.1.12.$lan.$minute")" "$(agent_get 1.1.12.0)"
it_check 'a walk finds it' eval "agent_walk $hist.3 | grep -q '^$lan\.$minute '"
it_stop agent
it_equal 'exit status' "$it_status" 0

it_note 'a history of another configuration'
sed -i 's/^site-name.*/&\nhistory = 2h/' "$it_tmp/agent.conf"
agent_start
it_check 'begins anew, with a word about it' grep -q 'begun anew' "$it_tmp/agent.log"
it_equal 'and is empty' "$(agent_walk "$hist.3" | wc -l)" 0
it_stop agent KILL
it_note 'a damaged one'
dd if=/dev/urandom of="$it_tmp/run/history" bs=100 count=1 conv=notrunc status=none
agent_start
it_check 'the agent is alive' it_alive agent
it_stop agent
it_equal 'exit status' "$it_status" 0
it_done
