#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The line is cut beyond the router, where it sees no link go: informs are repeated ever more
# rarely. When the path is up again they are sent at once, not after the rest of the pause.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent_lib.sh"
it_isolate "$@"
it_need ip ss snmptrapd snmpget

agent_net
ip -n site route add default via 192.0.2.0
ip -n noc addr add 203.0.113.1/32 dev lo # the NOC, behind the next router
trapd_start trapd noc
agent_conf <<'END'
inform-timeout = 200ms
inform-backoff-max = 5m
path-interval = 500ms
path-timeout = 500ms
path "noc" { address = "203.0.113.1" }
receiver "noc" { address = "203.0.113.1:162" user = "site" standard = no }
END
agent_start
it_wait_for 10 'the path is up' eval '[ "$(agent_get 1.4.1.4.1)" = 2 ]'

ip -n noc addr del 203.0.113.1/32 dev lo
it_wait_for 10 'the agent sees that the path is down' grep -q 'type=pathDown' "$it_tmp/agent.log"
ip -n lan link set pc0 down
sleep 13 # pauses of 0.5, 1, 2, 4 s: now of 8 s
ip -n noc addr add 203.0.113.1/32 dev lo
it_wait_for 10 'it sees that the path is back' grep -q 'type=pathUp' "$it_tmp/agent.log"
it_wait_for 2 'and tells what happened at once' trapd_has trapd 12 ''
it_check 'all of it' trapd_has trapd 3 lan0
it_check 'in order' trapd_in_order trapd
it_stop agent
it_done
