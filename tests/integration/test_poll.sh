#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The collector's poller against a real pantau-agent and a real snmpd, with traffic of
# known rate: right to 0.5 %, however late single answers arrive.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent_lib.sh"
it_isolate "$@"
it_need ip ss snmpd snmpget snmpwalk python3

payload=958 # with UDP, IP and Ethernet 1000 octets
per_s=1000
agent_net
agent_conf <<'END'
link "wan0" { role = uplink medium = fiber capacity = 100000 }
link "lan0" { role = lan }
END
agent_start

# Datagrams at an even pace from the NOC to the site's discard port.
it_file "$it_tmp/pace.py" <<'END'
import socket, sys, time
address, payload, per_s = sys.argv[1], b"x" * int(sys.argv[2]), int(sys.argv[3])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
begun, sent = time.monotonic(), 0
while True:
    due = int((time.monotonic() - begun) * per_s)
    for _ in range(min(due - sent, 50)):
        try:
            s.sendto(payload, (address, 9))
        except ConnectionRefusedError:
            pass
    sent = due
    time.sleep(0.001)
END
# Answers that nobody listens would count as traffic of the other direction.
it_file "$it_tmp/sink.py" <<'END'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", 9))
while True:
    s.recv(2048)
END
it_start sink --ns site -- python3 "$it_tmp/sink.py"
it_start pace --ns noc -- python3 "$it_tmp/pace.py" 192.0.2.1 "$payload" "$per_s"

# The first second is python's own start.
octets_in() {
	ip -n site -s -j link show wan0 | sed 's/.*"rx":{"bytes":\([0-9]*\).*/\1/'
}
flows() {
	[ "$(octets_in)" -gt $((per_s * 2000)) ]
}
it_wait_for 10 'the traffic flows' flows

# poll NAME ARGUMENTS...: output of the tool in $it_tmp/NAME.txt
poll() {
	local name=$1
	shift
	it_check "$name is polled" it_in noc "$(it_program tests/tools/poll_tool)" \
		-p "$it_build/conf/profiles" -a 192.0.2.1 -c tested "$@"
	cp "$it_tmp/check.out" "$it_tmp/$name.txt"
}

# rates NAME LINK: the traffic group's "in" of each sample, in whole octets per second
rates() {
	sed -n "s/^sample object=$2 group=traffic .* in=\([0-9]*\)\..*/\1/p" "$it_tmp/$1.txt"
}

# assert_rates NAME LINK LEAST-SAMPLES PERMILLE: each within so much of the paced traffic and its share of polls
assert_rates() {
	local rate n=0 wanted=$((per_s * 1000)) most=$((per_s * 1000 * $4 / 1000))
	it_note "$1: $(rates "$1" "$2" | tr '\n' ' ')"
	for rate in $(rates "$1" "$2"); do
		n=$((n + 1))
		it_between "$1: rate $n of $2" "$rate" $((wanted - most)) $((wanted + most + 1500))
	done
	it_between "$1: samples of $2" "$n" "$3" 1000
}

it_note 'the agent, by PANTAU-MIB'
poll agent -i 3000 -n 6
it_match 'the profile' "$(grep '^device' "$it_tmp/agent.txt")" 'profile=opd-agent'
it_match 'role and capacity' "$(grep '^link name=wan0' "$it_tmp/agent.txt")" 'role=2 capacity=100000000'
assert_rates agent wan0 4 5

it_note 'answers that come up to 1.5 s late, one in ten not at all'
it_file "$it_tmp/relay.py" <<'END'
import heapq, random, select, socket, sys, time
random.seed(7)
near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
near.bind(("127.0.0.1", 1161))
far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
far.connect((sys.argv[1], 161))
peer, late = None, []
while True:
    wait = max(0, late[0][0] - time.monotonic()) if late else 1
    for s in select.select([near, far], [], [], wait)[0]:
        if s is near:
            data, peer = near.recvfrom(2048)
            far.send(data)
        elif random.random() > 0.1:
            delay = random.choice([0, 0, 0.2, 0.9, 1.5])
            heapq.heappush(late, (time.monotonic() + delay, far.recv(2048)))
        else:
            far.recv(2048)
    while late and late[0][0] <= time.monotonic():
        near.sendto(heapq.heappop(late)[1], peer)
END
it_start relay --ns noc -- python3 "$it_tmp/relay.py" 192.0.2.1
it_check 'the agent is polled late' it_in noc "$(it_program tests/tools/poll_tool)" \
	-p "$it_build/conf/profiles" -a 127.0.0.1:1161 -c tested -i 5000 -n 9
cp "$it_tmp/check.out" "$it_tmp/late.txt"
assert_rates late wan0 5 5
it_note "round trips in ms: $(sed -n 's/^result .*rtt_ms=\([0-9.]*\).*/\1/p' "$it_tmp/late.txt" | tr '\n' ' ')"
it_check 'by IF-MIB too' it_in noc "$(it_program tests/tools/poll_tool)" \
	-p "$it_build/conf/profiles" -a 127.0.0.1:1161 -c tested -i 5000 -n 7 -P if-mib
cp "$it_tmp/check.out" "$it_tmp/late-ifmib.txt"
it_note "late by IF-MIB: $(rates late-ifmib wan0 | tr '\n' ' ')"

it_note 'the same device by IF-MIB'
poll ifmib -i 3000 -n 6 -P if-mib
# The agent reads the kernel once a second: a poll is up to one of its three seconds off.
assert_rates ifmib wan0 4 340

it_note 'a wrong community is silence, a closed port is refused'
it_check 'wrong community' it_in noc "$(it_program tests/tools/poll_tool)" \
	-p "$it_build/conf/profiles" -a 192.0.2.1 -c wrong -n 1
it_match 'it says so' "$(cat "$it_tmp/check.out")" 'outcome=timeout'
it_check 'closed port' it_in noc "$(it_program tests/tools/poll_tool)" \
	-p "$it_build/conf/profiles" -a 192.0.2.1:163 -n 1
it_match 'it says so' "$(cat "$it_tmp/check.out")" 'outcome=refused'
it_check 'wrong key' it_in noc "$(it_program tests/tools/poll_tool)" \
	-p "$it_build/conf/profiles" -a 192.0.2.1 -V 3 -u site -A auth-pass-of-sitE -X priv-pass-of-site -n 1
it_match 'it says so' "$(cat "$it_tmp/check.out")" 'outcome=wrong-key'
poll v3 -i 2000 -n 3 -V 3 -u site -A auth-pass-of-site -X priv-pass-of-site
assert_rates v3 wan0 1 10

it_note 'Debian'"'"'s snmpd'
it_stop agent
it_file "$it_tmp/snmpd.conf" 600 <<-END
	agentaddress udp:192.0.2.1:161
	rocommunity tested
END
mkdir -p "$it_tmp/snmpd"
it_start snmpd --ns site -- env SNMP_PERSISTENT_DIR="$it_tmp/snmpd" MIBS= snmpd -f -Lo -C -c "$it_tmp/snmpd.conf"
it_wait_for 5 'snmpd answers' it_in noc snmpget -v2c -c tested -m '' -t 1 -r 0 192.0.2.1 1.3.6.1.2.1.1.3.0
poll snmpd -i 3000 -n 6 # it reads its counters every 3 s
it_match 'the profile' "$(grep '^device' "$it_tmp/snmpd.txt")" 'profile=net-snmp'
it_between 'samples' "$(rates snmpd wan0 | wc -l)" 4 6
poll snmpd1 -i 2000 -n 4 -V 1 # a veth says 10 Gbit/s: 32 bits would be too few for 3 s
it_between 'samples by v1' "$(rates snmpd1 wan0 | wc -l)" 1 3
it_done
