#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Path probes of a real agent: the gateways of both families from the routing table, an
# address behind them that goes and returns, the events that tell of it, the minute's figures.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
it_need snmpget snmpwalk
export MIBS=''
agent=$(it_program agent/pantau-agent) || exit 1
pantau=1.3.6.1.4.1.8072.9999.9999.51
it_ns core site
it_veth core to-site 192.0.2.1/24 site wan0 192.0.2.9/24
ip -n core addr add 198.51.100.1/32 dev lo
ip -n core -6 addr add 2001:db8::1/64 dev to-site nodad
ip -n site -6 addr add 2001:db8::9/64 dev wan0 nodad
ip -n site route add default via 192.0.2.1
ip -n site -6 route add default via 2001:db8::1
mkdir -p /run/state /run/agent
it_file /run/agent.conf <<'CONF'
site-id = "opd-test"
listen = {"192.0.2.9:161"}
users-file = "/run/users.conf"
state-dir = "/run/state"
run-dir = "/run/agent"
path-interval = 200ms
path-timeout = 200ms
path "gateway" { address = "gateway" }
path "gateway6" { address = "gateway6" }
path "noc" { address = "198.51.100.1" }
path "dead" { address = "192.0.2.77" }
CONF
it_file /run/users.conf 600 <<'CONF'
community "lan" { community = "rahasia" poll = yes }
CONF
it_start agent --ns site -- "$agent" -f -c /run/agent.conf
column() { # TABLE COLUMN: the values, in one line
	it_in core snmpwalk -v2c -c rahasia -t 0.5 -r 1 -Oqv 192.0.2.9 "$pantau.1.$1.1.$2" 2>&1 | tr -d '"' | tr '\n' ' '
}
is() {
	local got
	got=$(column "$1" "$2")
	[ "$got" = "$3 " ] || { echo "$got"; return 1; }
}
it_wait_for 10 'each path in its state' is 4 4 '2 2 2 4'
it_equal 'their addresses' "$(column 4 3)" '192.0.2.1 2001:db8::1 198.51.100.1 192.0.2.77 '
ip -n core addr del 198.51.100.1/32 dev lo
gone_ms=$(date +%s%3N)
it_wait_for 4 'one is down' is 4 4 '2 2 4 4'
since_ms=$(column 4 5 | cut -d' ' -f3)
it_between 'since when, in ms after the cut' $((since_ms - gone_ms)) -250 450
ip -n core addr add 198.51.100.1/32 dev lo
it_wait_for 4 'it is up again' is 4 4 '2 2 2 4'
it_wait_for 3 'told, each once' is 7 5 '1 10 10 12'
it_equal 'which path' "$(column 7 9)" '0 4 3 3 '

# Killed while a path is down, which then returns: it is told, and the dead one not twice.
ip -n core addr del 198.51.100.1/32 dev lo
it_wait_for 4 'down once more' is 4 4 '2 2 4 4'
since=$(column 4 5 | cut -d' ' -f3,4)
it_stop agent KILL
it_start agent --ns site -- "$agent" -f -c /run/agent.conf
it_wait_for 6 'still down for the next agent' is 4 4 '2 2 4 4'
it_equal 'since the time that was told' "$(column 4 5 | cut -d' ' -f3,4)" "$since"
ip -n core addr add 198.51.100.1/32 dev lo
it_wait_for 4 'up for it' is 4 4 '2 2 2 4'
it_wait_for 3 'told as one story' is 7 5 '1 10 10 12 10 1 12'
kill -HUP "${it_pids[agent]}"
it_wait_for 4 'probed anew after a reload' is 4 4 '2 2 2 4'
it_equal 'and down as long as before' "$(column 4 5 | cut -d' ' -f4)" "${since#* }"
sleep 1
it_equal 'which is no news' "$(column 7 5)" '1 10 10 12 10 1 12 '

# The cable: all paths go; back: the three that were up are up.
ip -n core link set to-site down
sleep 1.5
ip -n core link set to-site up
ip -n core -6 addr add 2001:db8::1/64 dev to-site nodad
it_wait_for 8 'all are back' is 4 4 '2 2 2 4'

# Without ping sockets (the default of a new namespace) raw ones are used, and what others send
# to the router does not wake the agent: some 20 wake-ups a second are its own.
switches() {
	awk '/^voluntary/ { print $2 }' "/proc/${it_pids[agent]}/status"
}
it_equal 'raw sockets are used' "$(it_in site cat /proc/net/raw | wc -l)" 2
before=$(switches)
it_in core ping -q -i 0.002 -c 500 192.0.2.9 >/dev/null
it_in core ping -q -6 -i 0.002 -c 500 2001:db8::9 >/dev/null
it_between 'wake-ups while it is pinged 1,000 times' $(($(switches) - before)) 1 300

# Another gateway is found by itself.
ip -n core addr add 192.0.2.3/24 dev to-site
ip -n site route replace default via 192.0.2.3
it_wait_for 15 'the new gateway is probed' is 4 3 '192.0.2.3 2001:db8::1 198.51.100.1 192.0.2.77'

it_wait_for 65 'a minute is in the history' bash -c \
	"ip netns exec core snmpwalk -v2c -c rahasia -Oqv 192.0.2.9 $pantau.1.6.1.2 | grep -q '^[0-9]'"
# Its cable was out for 1.5 s, and it is back within a second: 13 probes. Counted, not a share:
# the minute may have begun a few seconds ago.
it_check 'the gateway lost nothing but while its cable was out' test "$(column 4 7 | cut -d' ' -f1)" -le 13
# The row may be of the agent before this one, which has no whole minute of its own yet.
dead_lost() {
	[ "$(column 4 12 | cut -d' ' -f4)" = 1000 ]
}
it_wait_for 65 'the dead one lost all' dead_lost
read -r min <<<"$(column 4 8 | cut -d' ' -f1)"
read -r mean <<<"$(column 4 9 | cut -d' ' -f1)"
read -r max <<<"$(column 4 10 | cut -d' ' -f1)"
it_check 'min <= mean <= max' test "$min" -gt 0 -a "$min" -le "$mean" -a "$mean" -le "$max"

# Another path before them, and the dead one behind the gateway: each has its own history, and
# what was told of it.
rows() { # INDEX: of whole minutes, "MINUTE LOST"
	it_in core snmpwalk -v2c -c rahasia -t 0.5 -r 1 -Oqn 192.0.2.9 "$pantau.1.6.1.3.$1" | sed -n "s/.*\.\([0-9]* [0-9]*\)$/\1/p"
}
gateway=$(rows 1) dead=$(rows 4)
it_check 'there are rows of both' test -n "$gateway" -a -n "$dead"
it_equal 'with their epoch' "$(column 6 9 | tr ' ' '\n' | sort -u | tr -d '\n')" "$(it_in core snmpget -v2c -c rahasia -Oqv 192.0.2.9 $pantau.1.1.12.0)"
it_match 'and the state of the clock' "$(column 6 10)" '^[123] '
it_stop agent KILL
sed -i '/^path "dead"/d; s/^path "gateway" .*/path "new" { address = "192.0.2.78" }\n&\npath "dead" { address = "192.0.2.77" }/' /run/agent.conf
it_start agent --ns site -- "$agent" -f -c /run/agent.conf
it_wait_for 10 'each path in its state' is 4 4 '4 2 4 2 2'
it_equal 'in the new order' "$(column 4 2)" 'new gateway dead gateway6 noc '
it_equal 'the gateway has its rows' "$(rows 2 | head -n "$(wc -l <<<"$gateway")")" "$gateway"
it_equal 'the dead one has its own' "$(rows 3 | head -n "$(wc -l <<<"$dead")")" "$dead"
it_between 'the new one has none of theirs' "$(rows 1 | wc -l)" 0 1
it_equal 'only the new one is told down' "$(column 7 5 | sed 's/.* 1 //')" '10 '

# A link that has no gateway because it needs none (pppd's default route): nothing to probe,
# which is another thing than a gateway that does not answer or is not there.
ip -n site route replace default dev wan0
it_wait_for 15 'no gateway to probe' is 4 4 '4 1 4 2 2'
it_equal 'and no address' "$(column 4 3)" '192.0.2.78  192.0.2.77 2001:db8::1 198.51.100.1 '
ip -n site route del default
it_wait_for 15 'without any default route it is down' is 4 4 '4 4 4 2 4'
ip -n site route add default via 192.0.2.1
it_wait_for 15 'and back' is 4 4 '4 2 4 2 2'
it_stop agent

# Neither ping sockets nor raw ones are to be had: not known is not down.
it_in site sysctl -qw net.ipv4.ping_group_range='1 0'
it_start agent --ns site -- setpriv --bounding-set=-net_raw "$agent" -f -c /run/agent.conf
it_wait_for 5 'without any socket' is 4 4 '1 1 1 1 1'
it_wait_for 3 'it is said in the log' grep -q 'paths cannot be probed' "$it_tmp/agent.log"
sleep 2
it_equal 'none of them is known' "$(column 4 4)" '1 1 1 1 1 '
it_equal 'and none told' "$(column 7 5 | sed 's/.* 1 //')" ''
it_stop agent
it_in site sysctl -qw net.ipv4.ping_group_range='0 0'
it_start agent --ns site -- setpriv --bounding-set=-net_raw "$agent" -f -c /run/agent.conf
it_wait_for 10 'with ping sockets alone' is 4 4 '4 2 4 2 2'
it_stop agent

# A neighbour by its link-local address, on an interface that comes after the agent.
sed -i '/^path /d' /run/agent.conf
echo 'path "neighbour" { address = "fe80::5%late0" }' >>/run/agent.conf
it_start agent --ns site -- "$agent" -f -c /run/agent.conf
it_wait_for 10 'no interface yet: down' is 4 4 4
it_check 'which is said' grep -q 'this machine has no interface late0' "$it_tmp/agent.log"
it_veth core early0 203.0.113.1/24 site late0 203.0.113.2/24
ip -n core -6 addr add fe80::5/64 dev early0 nodad
it_wait_for 20 'up once it comes' is 4 4 2
it_equal 'its address' "$(column 4 3)" 'fe80::5%late0 '
it_done
