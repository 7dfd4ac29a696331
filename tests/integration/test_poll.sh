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

# Datagrams at an even pace from the NOC to the site's discard port, and what was sent by when.
it_file "$it_tmp/pace.py" <<'END'
import socket, sys, time
address, payload, per_s = sys.argv[1], b"x" * int(sys.argv[2]), int(sys.argv[3])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
begun, sent = time.time(), 0
with open(sys.argv[4], "w") as log:
    while True:
        due = int((time.time() - begun) * per_s)
        for _ in range(due - sent):
            try:
                s.sendto(payload, (address, 9))
            except ConnectionRefusedError:
                pass
        sent = due
        print(int(time.time() * 1000), sent, file=log, flush=True)
        time.sleep(0.001)
END
# A busy machine does not send evenly: each rate is held against what was sent in its interval, whose ends
# are known to so many ms.
it_file "$it_tmp/judge.py" <<'END'
import bisect, re, sys
log, polled, link, permille, slack_ms = *sys.argv[1:4], *map(float, sys.argv[4:6])
times, sent = zip(*(map(int, line.split()) for line in open(log) if line.endswith("\n") and line.count(" ") == 1))
def at(ms):
    i = bisect.bisect_left(times, ms)
    if i == 0 or i == len(times):
        return None
    part = (ms - times[i - 1]) / (times[i] - times[i - 1])
    return 1000 * (sent[i - 1] + part * (sent[i] - sent[i - 1]))
for line in open(polled):
    m = re.match(r"sample object=%s group=traffic time_ms=(\d+) duration_ms=(\d+) in=([\d.]+|nan) " % link, line)
    if not m:
        continue
    end, length, rate = int(m[1]), int(m[2]), float(m[3])
    ends = [at(end + d) for d in (-slack_ms, 0, slack_ms)]
    begins = [at(end - length + d) for d in (-slack_ms, 0, slack_ms)]
    if None in ends + begins:
        continue
    # shifted as a whole, and at each end by the few ms that times are rounded and dated by
    sums = [e - b for e, b in zip(ends, begins)]
    few = [at(end + d) - at(end - length - d) for d in (-5, 5)]
    least, most = min(sums + few) / length * 1000, max(sums + few) / length * 1000
    bad = not least * (1 - permille / 1000) <= rate <= most * (1 + permille / 1000) + 1500
    print("%s rate=%.0f sent=%.0f..%.0f" % ("wrong" if bad else "right", rate, least, most))
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
it_start pace --ns noc -- python3 "$it_tmp/pace.py" 192.0.2.1 "$payload" "$per_s" "$it_tmp/pace.txt"

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

# assert_rates NAME LINK LEAST-SAMPLES PERMILLE SLACK-MS: each right to so much
assert_rates() {
	python3 "$it_tmp/judge.py" "$it_tmp/pace.txt" "$it_tmp/$1.txt" "$2" "$4" "$5" >"$it_tmp/$1.judged"
	it_note "$1: $(tr '\n' ';' <"$it_tmp/$1.judged")"
	it_equal "$1: wrong rates of $2" "$(grep -c wrong "$it_tmp/$1.judged")" 0
	it_between "$1: rates of $2" "$(grep -c right "$it_tmp/$1.judged")" "$3" 1000
}

it_note 'the agent, by PANTAU-MIB'
poll agent -i 3000 -n 6
it_match 'the profile' "$(grep '^device' "$it_tmp/agent.txt")" 'profile=opd-agent'
it_match 'role and capacity' "$(grep '^link name=wan0' "$it_tmp/agent.txt")" 'role=2 capacity=100000000'
assert_rates agent wan0 4 5 20

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
assert_rates late wan0 5 5 1500 # late answers date the first samples
it_note "round trips in ms: $(sed -n 's/^result .*rtt_ms=\([0-9.]*\).*/\1/p' "$it_tmp/late.txt" | tr '\n' ' ')"
it_check 'by IF-MIB too' it_in noc "$(it_program tests/tools/poll_tool)" \
	-p "$it_build/conf/profiles" -a 127.0.0.1:1161 -c tested -i 5000 -n 7 -P if-mib
cp "$it_tmp/check.out" "$it_tmp/late-ifmib.txt"
it_note "late by IF-MIB: $(rates late-ifmib wan0 | tr '\n' ' ')"

it_note 'the same device by IF-MIB'
poll ifmib -i 3000 -n 6 -P if-mib
# The agent reads the kernel once a second: a poll is up to one of its three seconds off.
assert_rates ifmib wan0 4 50 1100

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
assert_rates v3 wan0 1 5 20

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

it_note 'snmpd alone is restarted: the machine was up, its counters went on'
it_start polled --ns noc -- "$(it_program tests/tools/poll_tool)" \
	-p "$it_build/conf/profiles" -a 192.0.2.1 -c tested -i 6000 -n 5
polls() {
	[ "$(grep -c ^result "$it_tmp/polled.log")" -ge "$1" ]
}
it_wait_for 30 'two polls' polls 2
it_stop snmpd
it_start snmpd --ns site -- env SNMP_PERSISTENT_DIR="$it_tmp/snmpd" MIBS= snmpd -f -Lo -C -c "$it_tmp/snmpd.conf"
it_wait_for 40 'three more' polls 5
cp "$it_tmp/polled.log" "$it_tmp/restarted.txt"
it_equal 'the agent was, once' "$(grep -c '^agent-restarted' "$it_tmp/restarted.txt")" 1
it_equal 'the device was not' "$(grep -c '^restarted' "$it_tmp/restarted.txt")" 0
it_equal 'each interval is known' "$(rates restarted wan0 | wc -l)" 4
it_done
