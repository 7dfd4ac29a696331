#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# net-snmp's tools send traps and informs of every version, right and wrong, to a running
# collector: stored once, acknowledged once stored, all else refused, answered and counted.
# test_traps.sh [SECTION...]
. "$(dirname "$0")/lib.sh"
it_need snmptrap snmpinform curl jq sqlite3 python3
. "$it_root/tests/integration/collector_lib.sh"
export MIBS='' SNMPCONFPATH=/nonexistent SNMP_PERSISTENT_DIR=$it_tmp/snmp

noc=127.0.0.1:$port
down=1.3.6.1.6.3.1.1.5.3 up=1.3.6.1.6.3.1.1.5.4
v3=(-v 3 -l authPriv -u pantau -a SHA-256 -A kata-sandi-1 -x AES -X kata-sandi-2)
v3_2=(-v 3 -l authPriv -u pantau -a SHA -A kata-sandi-3 -x AES -X kata-sandi-4)
quick=(-t 1 -r 0)
pantau=1.3.6.1.4.1.8072.9999.9999.51

# link IFINDEX IFNAME: the bindings of a linkDown or linkUp
link() {
	echo "1.3.6.1.2.1.2.2.1.1.$1 i $1 1.3.6.1.2.1.31.1.1.1.1.$1 s $2"
}

verdict() {
	metric "pantau_trap_verdicts_total{verdict=\"$1\"}"
}

notifications() {
	db "SELECT count(*) FROM notifications WHERE $1"
}

# all_senders: page by page
all_senders() {
	local before='' page
	while page=$(api "senders?limit=200$before") && jq -c '.senders' <<<"$page"; do
		before=$(jq -r '.before // empty' <<<"$page")
		[ -n "$before" ] || break
		before="&before=$before"
	done | jq -s add
}

# sender ADDRESS FILTER: of what the API tells of a sender
sender() {
	all_senders | jq -r ".[] | select(.source == \"$1\") | $2"
}

# status PATH: with which HTTP status it is answered
status() {
	curl -sS -o "$it_tmp/answer" -w '%{http_code}' --unix-socket "$sock" "http://localhost/api/v1/$1"
}

events() {
	db "SELECT count(*) FROM events WHERE $1"
}

walk() {
	local before='' page
	while page=$(api "notifications?limit=2$before") && jq -r '.notifications[].id' <<<"$page"; do
		before=$(jq -r '.before // empty' <<<"$page")
		[ -n "$before" ] || break
		before="&before=$before"
	done
}

refused() {
	! "$@" >/dev/null 2>&1
}

reason_after() {
	local from=$1
	shift
	inform_from "$from" "${quick[@]}" "$@" "$noc" '' $down >/dev/null 2>&1
	sender "$from" .reason
}

last_sender_is() {
	[ "$(api senders?limit=1 | jq -r '.senders[].source')" = "$1" ]
}

# event NUMBER EPOCH MONOTONIC-US: Pantau's linkDown of opd-1's wan0
event() {
	inform_from 127.0.0.21 "${quick[@]}" "${v3[@]}" "$noc" '' $pantau.0.3 $pantau.1.1.2.0 s opd-1 \
		$pantau.1.7.1.2."$1" c $((1700000000 + $3)) $pantau.1.7.1.5."$1" i 3 $pantau.1.7.1.7."$1" s wan0 \
		$pantau.1.7.1.12."$1" u "$2" $pantau.1.7.1.3."$1" c "$3"
}

# standard NUMBER MS: the same by IF-MIB's, as the agent sends it
standard() {
	inform_from 127.0.0.21 "${quick[@]}" "${v3[@]}" "$noc" '' $down $(link 2 wan0) $pantau.1.1.2.0 s opd-1 \
		$pantau.1.7.1.2."$1" c "$2"
}

of_number() {
	notifications "device = 'opd-1' AND number = $1"
}

flood() {
	local i
	for i in $(seq 1 100); do
		inform_from 127.0.0.12 -t 0.3 -r 0 -v 2c -c rahasia-sw "$noc" '' 1.3.6.1.4.1.99999.0.1 \
			1.3.6.1.4.1.99999.1.0 s "butir-$i" >/dev/null 2>&1 && echo "butir-$i" >>"$it_tmp/acked"
	done
}

some_acked() {
	[ "$(wc -l <"$it_tmp/acked")" -ge 20 ]
}

# A collector that knows two switches by community and two offices by SNMPv3.
begin() {
	collector_files
	collector_start
}

# One notification of each version; the last comes from an address that nobody has.
send_some() {
	snmptrap --clientaddr=127.0.0.11 -v 1 -c rahasia-sw "$noc" '' 127.0.0.11 2 0 '' $(link 5 ether5)
	it_wait_for 5 'a v1 trap is stored' db_is "SELECT count(*) FROM notifications WHERE version = 'v1'" 1
	it_check 'a v2c inform' inform_from 127.0.0.11 "${quick[@]}" -v 2c -c rahasia-sw "$noc" '' $up $(link 5 ether5)
	it_check 'another' inform_from 127.0.0.12 "${quick[@]}" -v 2c -c rahasia-sw "$noc" '' $down $(link 1 sfp1)
	it_check 'a v3 inform' inform_from 127.0.0.22 "${quick[@]}" "${v3_2[@]}" "$noc" '' $down $(link 3 wan0)
	it_check 'an unknown sender' snmpinform "${quick[@]}" "${v3[@]}" "udp6:[::1]:$port" '' $down $(link 2 wan9)
}

# Each version.
section_versions() {
	begin
	it_check 'a v1 trap is sent' snmptrap --clientaddr=127.0.0.11 -v 1 -c rahasia-sw "$noc" '' 127.0.0.11 2 0 '' \
		$(link 5 ether5)
	it_wait_for 5 'it is stored' db_is "SELECT device, version, kind, inform FROM notifications" \
		'sw-1|v1|link-down|0'
	it_equal 'its event' "$(db "SELECT kind, device, link, source FROM events WHERE kind LIKE 'link%'")" \
		'link-down|sw-1|ether5|trap'
	it_check 'a v2c trap is sent' snmptrap --clientaddr=127.0.0.11 -v 2c -c rahasia-sw "$noc" '' $up $(link 5 ether5)
	it_wait_for 5 'it is stored' db_is "SELECT count(*) FROM notifications WHERE version = 'v2c'" 1
	it_equal 'one recovery, of that event' \
		"$(db "SELECT a.link, b.kind FROM events a JOIN events b ON b.begins = a.id WHERE a.device = 'sw-1'")" \
		'ether5|link-up'
	it_check 'a v2c inform is acknowledged' inform_from 127.0.0.12 "${quick[@]}" -v 2c -c rahasia-sw "$noc" '' $down \
		$(link 1 sfp1)
	it_equal 'and was stored before' "$(notifications "device = 'sw-2' AND inform = 1")" 1
	it_check 'a v3 authPriv inform is acknowledged' inform_from 127.0.0.21 "${quick[@]}" "${v3[@]}" "$noc" '' $down \
		$(link 2 wan0)
	it_equal 'and was stored before' "$(notifications "device = 'opd-1' AND version = 'v3'")" 1
	it_match 'engine discovery was answered' "$(verdict discovery)" '^[1-9]'
	it_check 'another key for the same user name, known by the source' inform_from 127.0.0.22 "${quick[@]}" \
		"${v3_2[@]}" "$noc" '' $down $(link 3 wan0)
	it_equal 'its device' "$(notifications "device = 'opd-2'")" 1
	it_check 'a v3 trap is sent' snmptrap --clientaddr=127.0.0.21 -e 0x8000000001020304 "${v3[@]}" "$noc" '' $up \
		$(link 2 wan0)
	it_wait_for 5 'the sender as authoritative engine is accepted' db_is \
		"SELECT count(*) FROM notifications WHERE device = 'opd-1' AND kind = 'link-up'" 1
	it_check 'over IPv6' snmpinform "${quick[@]}" "${v3[@]}" "udp6:[::1]:$port" '' $down $(link 2 wan9)
	it_equal 'an unknown source is stored without a device' "$(notifications "device = '' AND source = '::1'")" 1
	it_equal 'and counted' "$(metric pantau_trap_unknown_source_total)" 1
}

# Asked for.
section_questions() {
	begin
	send_some
	it_equal 'the API has them, newest first' \
		"$(api notifications | jq -r '.notifications | map(.id) == (map(.id) | sort | reverse)')" true
	it_equal 'all of them' "$(api notifications | jq '.notifications | length')" "$(notifications 1)"
	it_equal "a device's" "$(api 'notifications?device=opd-2' |
		jq -r '.notifications[] | [.source, .version, .inform, .security_name, .name, .kind] | join(" ")')" \
		'127.0.0.22 v3 true pantau linkDown link-down'
	it_equal 'a community is told as the name of its credential' \
		"$(api 'notifications?device=sw-2' | jq -r '.notifications[0].security_name')" sw
	it_equal 'its bindings as they were stored' \
		"$(api 'notifications?device=sw-2' | jq -r '.notifications[0].varbinds[] | .oid + " = " + .value')" \
		"$(db "SELECT text FROM notifications WHERE device = 'sw-2'")"
	it_equal 'a source, however it is written' \
		"$(api 'notifications?source=::ffff:127.0.0.11' | jq -r '[.notifications[].version] | join(" ")')" 'v2c v1'
	it_equal "nobody's" \
		"$(api 'notifications?unknown=yes' | jq -r '.notifications[] | [.source, .device] | join(" ")')" '::1 '
	it_equal 'page by page, each once' "$(walk | xargs)" "$(db 'SELECT id FROM notifications ORDER BY id DESC' | xargs)"
	for query in limit=501 limit=x before=0 colour=red 'limit=1&limit=2' 'device=a&unknown=yes' source=opd-1 unknown=no; do
		it_equal "?$query is wrong" "$(status "notifications?$query")" 400
	done
	it_match 'and it says why' "$(cat "$it_tmp/answer")" '"unknown is yes'
	it_equal '?device=x of senders is wrong' "$(status 'senders?device=x')" 400
	it_equal 'only who is no device is among the senders' "$(api senders | jq -r '[.senders[].source] | join(" ")')" ::1
	it_equal 'and why' "$(sender ::1 '[.reason, .count, .refused, .device] | join(" ")')" 'unknown-address 1 0 '
}

# Refused.
section_refused() {
	begin
	before=$(notifications 1)
	it_check 'a wrong key is not acknowledged' refused inform_from 127.0.0.21 "${quick[@]}" -v 3 -l authPriv -u pantau \
		-a SHA-256 -A kata-sandi-x -x AES -X kata-sandi-2 "$noc" '' $down
	it_match 'it is counted' "$(verdict wrong-key)" '^[1-9]'
	it_check 'a wrong privacy key is not acknowledged' refused inform_from 127.0.0.21 "${quick[@]}" -v 3 -l authPriv \
		-u pantau -a SHA-256 -A kata-sandi-1 -x AES -X kata-sandi-x "$noc" '' $down
	it_match 'it is counted' "$(verdict decrypt-error)" '^[1-9]'
	it_match 'the tool is told of an unknown user' \
		"$(inform_from 127.0.0.21 "${quick[@]}" -v 3 -l authNoPriv -u siapa -a SHA -A kata-sandi-1 "$noc" '' $down 2>&1)" \
		'Unknown user name'
	it_match 'it is counted' "$(verdict unknown-user)" '^[1-9]'
	it_match 'the tool is told of too low a level' \
		"$(inform_from 127.0.0.21 "${quick[@]}" -v 3 -l authNoPriv -u pantau -a SHA-256 -A kata-sandi-1 "$noc" '' $down 2>&1)" \
		'[Uu]nsupported security level'
	it_match 'it is counted' "$(verdict weak-level)" '^[1-9]'
	it_check 'a wrong community is not acknowledged' refused inform_from 127.0.0.11 "${quick[@]}" -v 2c -c public "$noc" '' \
		$down
	it_match 'it is counted' "$(verdict bad-community)" '^[1-9]'
	it_check 'the key of one office does not speak for another, by its site id' refused inform_from 127.0.0.21 \
		"${quick[@]}" "${v3[@]}" "$noc" '' $pantau.0.3 $pantau.1.1.2.0 s opd-2 $pantau.1.7.1.2.7 c 1700000000 \
		$pantau.1.7.1.5.7 i 3 $pantau.1.7.1.7.7 s wan0
	it_check 'nor from its address' refused inform_from 127.0.0.22 "${quick[@]}" "${v3[@]}" "$noc" '' $down \
		$(link 3 wan0)
	it_equal 'they are counted' "$(metric pantau_trap_foreign_total)" 2
	it_equal 'and told of' "$(sender 127.0.0.22 .reason)" foreign-key
	it_check 'a community does not speak for a device with a key' refused inform_from 127.0.0.21 "${quick[@]}" -v 2c \
		-c rahasia-sw "$noc" '' $down $(link 2 wan0)
	it_equal 'it is counted' "$(metric pantau_trap_downgraded_total)" 1
	it_check 'a GET is not answered here' refused snmpget -v 2c -c rahasia-sw "${quick[@]}" "$noc" 1.3.6.1.2.1.1.1.0
	it_match 'it is counted' "$(verdict wrong-pdu)" '^[1-9]'
	it_equal 'nothing of this was stored' "$(notifications 1)" "$before"
	it_equal 'the last reason of a sender' "$(sender 127.0.0.11 '[.reason, .count, .refused, .device] | join(" ")')" \
		'bad-community 1 1 sw-1'
	it_equal 'a device that was refused in many ways' "$(sender 127.0.0.21 '[.reason, .device] | join(" ")')" \
		'downgraded opd-1'
	it_match 'each counts' "$(sender 127.0.0.21 .refused)" '^[6-9]$'
	it_equal 'of an unknown address: a wrong community' "$(reason_after 127.0.0.77 -v 2c -c public)" bad-community
	it_equal 'a wrong key' "$(reason_after 127.0.0.77 -v 3 -l authPriv -u pantau -a SHA-256 -A kata-sandi-x -x AES \
		-X kata-sandi-2)" wrong-key
	it_equal 'an unknown user' "$(reason_after 127.0.0.77 -v 3 -l authNoPriv -u siapa -a SHA -A kata-sandi-1)" unknown-user
	it_equal 'the right key, but no device: taken' "$(reason_after 127.0.0.77 "${v3[@]}")" unknown-address
	it_equal 'its count and how many were refused' "$(sender 127.0.0.77 '[.count, .refused] | join(" ")')" '4 3'
	it_equal 'who was heard of last comes first' "$(api senders?limit=1 | jq -r '.senders[].source')" 127.0.0.77
	before=$((before + 1))
	page=$(api "senders?limit=1&before=$(api senders?limit=1 | jq .before)")
	it_equal 'and the page after it goes on' "$(jq -r '.senders[].source' <<<"$page")" 127.0.0.1
	it_check 'the right community again' inform_from 127.0.0.11 "${quick[@]}" -v 2c -c rahasia-sw "$noc" '' $up \
		$(link 5 ether5)
	before=$((before + 1))
	it_match 'since when it is taken is told' "$(sender 127.0.0.11 .accepted_ms)" '^[0-9]+$'
	it_equal 'and nothing else of this was stored' "$(notifications 1)" "$before"
	it_equal 'no secret is in what the API tells' "$(api notifications?limit=500 | grep -cE 'rahasia|kata-sandi')" 0
	it_check 'no secret is in the log' bash -c "! grep -qE 'rahasia|kata-sandi' '$it_tmp/collector.log'"
}

# Hostile datagrams.
section_hostile() {
	begin
	sent=$(python3 - "$port" <<'P'
import random, socket, sys
random.seed(4711)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.99", 0))
to, n = ("127.0.0.1", int(sys.argv[1])), 0
trap = bytes.fromhex("302b020100040a7261686173696120" "73") + bytes(30)
for i in range(400):
    kind = i % 4
    if kind == 0:
        data = random.randbytes(random.randrange(0, 300))
    elif kind == 1:  # starts like a message
        data = b"\x30\x82\x01\x00\x02\x01\x03" + random.randbytes(random.randrange(0, 200))
    elif kind == 2:  # lengths that lie
        data = b"\x30\x84\xff\xff\xff\xff\x02\x01\x01\x04\x84\x7f\xff\xff\xff" + random.randbytes(20)
    else:
        data = trap[:random.randrange(0, len(trap))]
    s.sendto(data, to)
    n += 1
print(n)
P
	)
	it_wait_for 5 'malformed datagrams are counted' bash -c "[ \"\$(curl -sS --unix-socket '$sock' http://localhost/metrics |
		awk '/^pantau_trap_datagrams_total/ { print \$2 }')\" -ge $sent ]"
	it_between 'as malformed' "$(verdict malformed)" $((sent - 20)) "$sent"
	it_check 'the collector lives' it_alive collector
	it_check 'and takes notifications' inform_from 127.0.0.21 "${quick[@]}" "${v3[@]}" "$noc" '' $up $(link 2 wan0)
	it_between 'a storm costs few lines' "$(grep -c malformed "$it_tmp/collector.log")" 1 2
}

# From more addresses than are remembered.
section_many_senders() {
	begin
	python3 - "$port" <<'P'
import socket, sys
trap = bytes.fromhex("3024020101" "04067075626c6963" "a717" "020101020100020100" "300c300a06062b0601020101" "0500")
for i in range(700):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.1.%d.%d" % (i // 250, 1 + i % 250), 0))
    s.sendto(trap, ("127.0.0.1", int(sys.argv[1])))
    s.close()
P
	it_wait_for 5 'the last of them is remembered' last_sender_is 127.1.2.200
	it_equal 'no more than there is room for' \
		"$(api senders | jq -r '[.remembered, .most] | join(" ")')" '512 512'
	it_equal 'each can be asked for' "$(all_senders | jq '[.[].source] | unique | length')" 512
	it_between 'those that made room are counted' "$(metric pantau_trap_senders_dropped_total)" 188 200
	it_equal 'by the API too' "$(api senders | jq .dropped)" "$(metric pantau_trap_senders_dropped_total)"
	it_equal 'and as a gauge' "$(metric pantau_trap_senders)" 512
	it_check 'it costs the devices nothing' inform_from 127.0.0.22 "${quick[@]}" "${v3_2[@]}" "$noc" '' $down
}

# Repetitions.
section_repetitions() {
	begin
	before=$(notifications "device = 'sw-2'")
	kill -STOP "${it_pids[collector]}"
	inform_from 127.0.0.12 -t 1 -r 4 -v 2c -c rahasia-sw "$noc" '' $up $(link 1 sfp1) >"$it_tmp/repeat.out" 2>&1 &
	repeat=$!
	sleep 2.5
	kill -CONT "${it_pids[collector]}"
	wait "$repeat"
	it_equal 'an inform sent thrice is acknowledged' $? 0
	it_match 'the repetitions are counted' "$(metric pantau_trap_repeats_total)" '^[12]$'
	it_equal 'and it is stored once' "$(notifications "device = 'sw-2'")" $((before + 1))
}

# forwarded ADDRESS COMMUNITY: sw-1's linkDown as ADDRESS passes it on, with what RFC 3584 adds
forwarded() {
	inform_from "$1" "${quick[@]}" -v 2c -c rahasia-sw "$noc" '' $down $(link 5 ether5) \
		1.3.6.1.6.3.18.1.3.0 a 127.0.0.11 1.3.6.1.6.3.18.1.4.0 s "$2"
}

# Somebody passes on the notifications of others: only if the operator allows it.
section_forwarded() {
	begin
	it_check 'a sender that may not speak for others is acknowledged' forwarded 127.0.0.77 rahasia-sw
	it_equal 'but its linkDown is of no device' "$(notifications "device = '' AND kind = 'link-down'")" 1
	it_equal 'and that is told' "$(sender 127.0.0.77 .reason)" no-forwarder
	echo 'trap-forwarders = {"127.0.0.77"}' >>"$it_tmp/collector.conf"
	kill -HUP "${it_pids[collector]}"
	it_wait_for 5 'the operator allows it' metric_is pantau_reloads_total 1
	it_check 'now it speaks for the one it names' forwarded 127.0.0.77 rahasia-sw
	it_equal 'it is of sw-1' "$(notifications "device = 'sw-1' AND source = '127.0.0.77'")" 1
	it_check 'but not with another community than its' refused forwarded 127.0.0.77 lain
	it_equal 'that is told' "$(sender 127.0.0.77 .reason)" bad-community
	snmptrap --clientaddr=127.0.0.77 -v 1 -c rahasia-sw "$noc" 1.3.6.1.4.1.4711 127.0.0.12 2 0 '' $(link 1 sfp1)
	it_wait_for 5 "a v1 trap is its agent-addr's" db_is \
		"SELECT count(*) FROM notifications WHERE device = 'sw-2' AND version = 'v1'" 1
	it_match 'which is stored, with its enterprise' \
		"$(db "SELECT replace(text, char(10), ' ') FROM notifications WHERE version = 'v1'")" \
		'1.3.6.1.6.3.18.1.3.0 = 127.0.0.12 1.3.6.1.6.3.1.1.4.3.0 = 1.3.6.1.4.1.4711'
	it_equal 'they are counted' "$(metric pantau_trap_forwarded_total)" 2
	it_equal 'no community is stored' "$(notifications "text LIKE '%rahasia%'")" 0
}

# storm SECONDS RATE SOURCES COMMUNITY: so many linkDowns a second, of 127.1.0.0/16 or of sw-2 (SOURCES 1)
storm() {
	nice python3 - "$port" "$@" <<'P'
import socket, sys, time
port, seconds, rate, n, community = sys.argv[1:6]
down = bytes.fromhex("3017" "060a2b060106030101040100" "06092b0601060301010503")
bindings = b"\x30" + bytes([len(down)]) + down
pdu = bytes.fromhex("020101020100020100") + bindings
body = bytes.fromhex("020101") + b"\x04" + bytes([len(community)]) + community.encode() + b"\xa7" + bytes([len(pdu)]) + pdu
trap = b"\x30" + bytes([len(body)]) + body
sockets = []
for i in range(int(n)):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.12" if n == "1" else "127.1.%d.%d" % (i // 250, 1 + i % 250), 0))
    s.connect(("127.0.0.1", int(port)))
    sockets.append(s)
began, sent = time.monotonic(), 0
while (now := time.monotonic() - began) < float(seconds):
    while sent < now * int(rate):
        sockets[sent % len(sockets)].send(trap)
        sent += 1
    time.sleep(0.005)
print(sent)
P
}

memory() {
	awk '/^VmRSS/ { print $2 }' "/proc/${it_pids[collector]}/status"
}

# genuine: how many ms an office's linkDown takes until it is stored and acknowledged
genuine() {
	local began
	began=$(date +%s%3N)
	inform_from 127.0.0.21 -t 2 -r 3 "${v3[@]}" "$noc" '' $down $(link 2 wan0) || return 1
	echo $(($(date +%s%3N) - began))
}

# Ten thousand linkDowns a second, for ten seconds: of one device by its community, of a thousand unknown senders, and
# of a thousand that know no community, each with a genuine one by SNMPv3 in the middle.
section_storm() {
	local community sources began
	ulimit -n 4096
	begin
	it_check 'a genuine one before it' genuine
	began=$(memory)
	for community in rahasia-sw salah; do
		for sources in 1 1000; do
			storm 10 10000 "$sources" "$community" >"$it_tmp/sent" &
			storm=$!
			sleep 5
			it_between "$sources sources, $community: the genuine one is stored and acknowledged (ms)" "$(genuine)" 0 1000
			wait "$storm"
			it_between 'it was a storm' "$(cat "$it_tmp/sent")" 50000 100100
		done
	done
	it_equal 'each genuine one is stored' "$(notifications "device = 'opd-1'")" 5
	it_between 'one device that sends too many has its share' "$(notifications "device = 'sw-2'")" 500 1100
	it_between 'all unknown senders have theirs' "$(notifications "device = ''")" 2000 9000
	it_match 'what one sends too many is counted' "$(metric pantau_trap_rate_limited_total)" '^[1-9][0-9]{4}'
	it_match 'and what all of them do' "$(metric pantau_trap_unknown_limited_total)" '^[1-9][0-9]{3}'
	it_between 'memory is bounded (KiB more)' $(($(memory) - began)) -100000 30000
	it_between 'and so are the lines of the log' "$(wc -l <"$it_tmp/collector.log")" 0 300
	it_equal 'and the senders that are remembered' "$(metric pantau_trap_senders)" 512
}

# An agent's event is known by its number, its boot and its moment.
section_numbers() {
	begin
	it_check 'an event' event 41 7 1000
	it_check 'sent again, since its acknowledgement was lost' event 41 7 1000
	it_equal 'it is stored once' "$(of_number 41)" 1
	it_check 'its log was lost, and numbers begin anew in the same boot' event 41 7 2000
	it_equal 'that is another' "$(of_number 41)" 2
	it_check 'its number after another boot' event 41 8 2000
	it_equal 'that is another' "$(of_number 41)" 3
	it_check "IF-MIB's, of the same event" standard 42 5000
	it_check 'again' standard 42 5000
	it_check 'and of one with its number' standard 42 6000
	it_equal 'they are two' "$(of_number 42)" 2
}

# What is acknowledged is on the disk.
section_kill() {
	begin
	send_some
	it_check 'the right key from no device' inform_from 127.0.0.77 "${quick[@]}" "${v3[@]}" "$noc" '' $down
	: >"$it_tmp/acked"
	flood &
	flood=$!
	it_wait_for 20 'twenty informs are acknowledged' some_acked
	kill -9 "${it_pids[collector]}"
	wait "${it_pids[collector]}" 2>/dev/null
	lost=0
	while read -r what; do
		[ "$(notifications "text LIKE '%\"$what\"%'")" = 1 ] || lost=$((lost + 1))
	done <"$it_tmp/acked"
	it_equal "none of $(wc -l <"$it_tmp/acked") acknowledged informs is lost by kill -9" "$lost" 0
	collector_start again
	wait "$flood"
	it_wait_for 5 'acknowledged ones are stored once, before and after' db_is \
		"SELECT count(*) FROM (SELECT text FROM notifications WHERE text LIKE '%butir-%' GROUP BY substr(text, instr(text, 'butir')) HAVING count(*) > 1)" 0
	it_check 'v3 informs go on after the restart (boots counted)' inform_from 127.0.0.21 -t 1 -r 2 "${v3[@]}" "$noc" '' \
		$down $(link 2 wan0)
	it_equal 'unknown senders are known again' "$(sender ::1 .reason),$(sender 127.0.0.77 .reason)" \
		unknown-address,unknown-address
	it_equal 'the engine id stayed, boots are 2' "$(awk '{ print $NF }' "$state/engine")" 2
	it_equal 'the database is whole' "$(db 'PRAGMA integrity_check')" ok
}

it_sections "$@"
