#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# pantauctl against a running collector, without one, and straight at Debian's snmpd.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
it_need snmpd snmpinform curl jq sqlite3
. "$it_root/tests/integration/collector_lib.sh"
export MIBS='' SNMP_PERSISTENT_DIR=$it_tmp/snmp

collector_files
cat >>"$it_tmp/credentials.conf" <<-E
	credential "rights" {
		user = "tanpa" auth = "sha1" auth-passphrase = "kata-sandi-3"
		priv = "aes128" priv-passphrase = "kata-sandi-4"
	}
	credential "privacy" {
		user = "pantau" auth = "sha1" auth-passphrase = "kata-sandi-3"
		priv = "aes128" priv-passphrase = "kata-sandi-5"
	}
	credential "traps" { version = "v2c" community = "rahasia-lain" poll = no }
E
cat >>"$it_tmp/inventory.csv" <<-E
	opd-3,opd,Dinas Tiga,127.0.0.23,16111,rights,,,if-mib
	opd-4,opd,Dinas Empat,127.0.0.24,16111,privacy,,,if-mib
E
sed -i '1s/$/,link_capacity_kbps/; 2,$s/$/,/; /^sw-2/s|$|wan0=20000/5000|; /^opd-2/s/$/ether9=1000/' "$it_tmp/inventory.csv"
it_file "$it_tmp/snmpd.conf" 600 <<-E
	agentaddress udp:127.0.0.12:16111,udp:127.0.0.21:16111,udp:127.0.0.22:16111,udp:127.0.0.23:16111,udp:127.0.0.24:16111
	rocommunity rahasia-sw 127.0.0.0/8
	sysName saklar-dua
	createUser pantau SHA kata-sandi-3 AES kata-sandi-4
	rouser pantau priv
	createUser tanpa SHA kata-sandi-3 AES kata-sandi-4
	E
ip link add wan0 type veth peer name wan1 && ip link set wan0 up && ip link set wan1 up || it_skip 'no veth here'
ip link add mati0 type veth peer name mati1
it_start snmpd -- snmpd -f -Lo -C -c "$it_tmp/snmpd.conf" -p "$it_tmp/snmpd.pid"
run() {
	LC_ALL=C "$it_build/collector/pantauctl" -c "$it_tmp/collector.conf" "$@"
}
indonesian() {
	run -s "unix:$sock" --lang id "$@"
}

# ---- no collector ----

run -s run/collector.sock status >"$it_tmp/out" 2>&1
it_equal 'a path is no server: exit status' $? 64
it_match 'it says what is' "$(cat "$it_tmp/out")" '"run/collector.sock" is no server; write unix:/run'
ctl status >"$it_tmp/out" 2>&1
it_equal 'without a collector: exit status' $? 3
it_match 'and what is the matter' "$(cat "$it_tmp/out")" 'cannot be reached; is it running'
it_match 'in Bahasa Indonesia too' "$(indonesian status 2>&1)" 'tidak terjangkau'
run frobnicate >/dev/null 2>&1
it_equal 'an unknown command' $? 64
it_match 'is told in the language asked for' "$(run --lang id frobnicate 2>&1)" 'tidak ada perintah "frobnicate"'
it_match 'and so is the help' "$(run -h --lang id)" 'semua perangkat, atau yang itu saja'
run events --colour red >/dev/null 2>&1
it_equal 'an unknown option' $? 64
it_match 'and which' "$(run events --colour red 2>&1)" '"--colour" is no option here'
it_match 'one for all commands behind one' "$(run status -s "unix:$sock" --lang id 2>&1)" 'tidak terjangkau'

# ---- straight at a device ----

it_wait_for 10 'snmpd answers' run device probe 127.0.0.12 --port 16111 --credential sw
out=$(run device probe 127.0.0.12 --port 16111)
it_match 'the first credential that it accepts' "$out" 'sw +answer'
it_match 'what the device is' "$out" 'profile +[a-z-]+'
it_match 'its link with rates' "$out" 'wan0 .* up .*bit/s'
it_match 'one that is switched off, which is no fault' "$out" 'mati0 +other +off '
it_match "times in the collector's zone" "$out" "last answer +$(TZ=Asia/Jakarta date +%H):"
it_equal 'as JSON' "$(run --json device probe 127.0.0.12 --port 16111 --credential opd-2 | jq -r .sys_name)" saklar-dua
run device probe 127.0.0.12 --port 16111 --credential opd >"$it_tmp/out" 2>&1
it_equal 'a wrong key: exit status' $? 1
it_match 'is told from silence' "$(cat "$it_tmp/out")" 'opd +wrong-key'
run device probe 127.0.0.12 --port 16111 --credential privacy >"$it_tmp/out" 2>&1
it_match 'and from another privacy key' "$(cat "$it_tmp/out")" 'privacy +decrypt-error'
run device probe 127.0.0.12 --port 16111 --credential rights --credential opd-2 >"$it_tmp/out" 2>&1
it_equal 'several may be tried: exit status' $? 0
it_match 'a user without rights' "$(cat "$it_tmp/out")" 'rights +no-access'
it_match 'and the next one' "$(cat "$it_tmp/out")" 'opd-2 +answer'
it_equal 'and no other' "$(grep -c '^ *sw ' "$it_tmp/out")" 0
run device probe 127.0.0.12 --port 16111 --credential traps >"$it_tmp/out" 2>&1
it_match 'one that is not for polling' "$(cat "$it_tmp/out")" 'no credential "traps" to poll with'
run device probe 127.0.0.13 --port 16111 --credential sw >"$it_tmp/out" 2>&1
it_match 'and so is no agent' "$(cat "$it_tmp/out")" 'sw +refused'
sed 's/^profile "*if-mib"*/profile "mine"/' "$it_build/conf/profiles/if-mib.conf" >"$it_tmp/mine.conf"
out=$(run profile test "$it_tmp/mine.conf" 127.0.0.12 --port 16111 --credential sw)
it_match 'a profile of my own' "$out" 'profile +mine'
it_match 'its link with rates' "$out" 'wan0 .* up .*bit/s'
echo 'bogus = 1' >>"$it_tmp/mine.conf"
run profile test "$it_tmp/mine.conf" 127.0.0.12 --port 16111 >"$it_tmp/out" 2>&1
it_equal 'a broken profile: exit status' $? 2
it_match 'and where' "$(cat "$it_tmp/out")" 'mine.conf:[0-9]+: bogus'

# ---- a recorded device, without configuration and network ----

recorded=$it_root/tests/data/hotspot.snmprec
test_recording() {
	run -c "$it_tmp/none.conf" --lang "${lang-en}" profile test "$@" --profiles "$it_build/conf/profiles"
}
out=$(test_recording --recording "$recorded")
it_equal 'a recording: exit status' $? 0
it_match 'who came into question' "$out" 'net-snmp +1.3.6.1.4.1.8072.3.2 +- +0'
it_match 'who was chosen and why' "$out" 'unifi +any +1/1 +20 +chosen'
it_match 'its link, without rates' "$out" 'eth0 +other +up +- +- +1.0 Gbit/s +-'
it_match 'its clients on both bands' "$out" 'clients +wifi-publik +clients +18 '
it_match 'what is missing' "$out" 'links +discontinuity +1.3.6.1.2.1.31.1.1.1.19'
it_match 'and that there are no rates' "$out" 'stand still'
it_match 'in Bahasa Indonesia' "$(lang=id && test_recording --recording "$recorded")" 'Profil yang cocok'
out=$(test_recording if-mib --recording "$recorded" --json)
it_equal 'by a profile of that name, as JSON' "$(jq -r '.profile + " " + (.metrics | length | tostring)' <<<"$out")" 'if-mib 0'
it_equal 'what it lacks' "$(jq -r '[.lacking[] | select(.name == "discontinuity").group] | join(" ")' <<<"$out")" links
it_equal 'a profile of my own' "$(test_recording "$it_build/conf/profiles/unifi.conf" --recording "$recorded" --json | jq -r .profile)" unifi
test_recording none --recording "$recorded" >"$it_tmp/out" 2>&1
it_equal 'no such profile: exit status' $? 2
sed '4s/360000/soon/' "$recorded" >"$it_tmp/bad.snmprec"
test_recording --recording "$it_tmp/bad.snmprec" >"$it_tmp/out" 2>&1
it_equal 'a recording with a broken line: exit status' $? 0
it_match 'and where' "$(cat "$it_tmp/out")" 'bad.snmprec:4: no number'
it_match 'how many' "$(cat "$it_tmp/out")" 'bad.snmprec: 1 lines left out'
it_match 'the rest is read' "$(cat "$it_tmp/out")" 'clients +wifi-publik +clients +18 '
sed 's/|.*//' "$recorded" >"$it_tmp/bad.snmprec"
test_recording --recording "$it_tmp/bad.snmprec" >"$it_tmp/out" 2>&1
it_equal 'a recording of nothing: exit status' $? 2
it_match 'and why' "$(cat "$it_tmp/out")" 'no objects in it'
it_match 'a directory for a profile' "$(test_recording "$it_tmp/" --recording "$recorded" 2>&1)" 'cannot be read'

# ---- with a collector ----

sed -i 's/^poll-interval.*/poll-interval = 2s\nbackoff-max = 4s\nping-interval = 0/' "$it_tmp/collector.conf"
collector_start
judged() {
	[ "$(api devices/sw-2 | jq -r .status)" = up ] && [ "$(api devices/opd-2 | jq -r .status)" = up ] &&
		[ "$(api devices/opd-1 | jq -r .status)" = auth-failed ] && [ "$(api devices/sw-1 | jq -r .status)" = down ] &&
		[ "$(api devices/opd-3 | jq -r .status)" = auth-failed ] && [ "$(api devices/opd-4 | jq -r .status)" = auth-failed ]
}
it_wait_for 20 'two devices are up, another is down' judged
out=$(ctl status)
it_match 'status: counts' "$out" 'total +6 +2 '
it_match 'status: who is in trouble' "$out" 'sw-1 +DOWN +no SNMP agent'
it_equal 'a device with another key than ours' "$(api devices/opd-1 | jq -r '.status + " " + .cause')" 'auth-failed wrong-key'
it_match 'is no silent one to people either' "$out" 'opd-1 +AUTH FAILED +wrong SNMPv3 key'
it_equal 'one event says so' "$(db "SELECT count(*) FROM events WHERE device = 'opd-1' AND kind = 'auth-failed'")" 1
it_match 'status in Bahasa Indonesia' "$(indonesian status)" 'sw-1 +MATI +agen SNMP tidak ada'
it_equal 'a device with another privacy key' "$(api devices/opd-4 | jq -r .cause)" wrong-privacy-key
it_equal 'one that gives our user no rights' "$(api devices/opd-3 | jq -r .cause)" no-access
it_match 'is told by the event too' "$(ctl events --device opd-3)" 'authentication failed +no access rights'
it_match 'in the language of who asks' "$(indonesian events --device opd-3)" 'autentikasi SNMP gagal +tanpa hak akses'
it_equal 'and for programs as parameters' "$(api 'events?device=opd-3' | jq -r '.[0] | .params.cause + " " + .text')" 'no-access Dinas Tiga: SNMP authentication failed · no access rights'
it_match "without a choice it is the collector's language" \
	"$(env -u LC_ALL -u LC_MESSAGES LANG=C.UTF-8 "$it_build/collector/pantauctl" -s "unix:$sock" status)" 'sw-1 +MATI'
it_match "also by LANG" "$(env -u LC_ALL -u LC_MESSAGES LANG=en_GB "$it_build/collector/pantauctl" -s "unix:$sock" status)" 'sw-1 +DOWN'
it_equal 'status as JSON' "$(ctl --json status | jq .devices.total)" 6
it_equal 'options behind the command too' "$(ctl status --json | jq .devices.up)" 2
it_match 'why the last poll failed' "$(ctl device sw-1)" 'problem +last poll failed: no SNMP agent'
it_match 'in Bahasa Indonesia' "$(indonesian device sw-1)" 'masalah +poling terakhir gagal: tidak ada agen SNMP'
it_match 'a wrong key' "$(indonesian device opd-1)" 'masalah +poling terakhir gagal: kunci SNMPv3 salah'
it_equal 'for programs' "$(api devices/sw-1 | jq -r .poll_failure)" refused
it_equal 'an answered poll' "$(api devices/sw-2 | jq .poll_failure)" null
out=$(ctl device sw-2)
it_match 'device' "$out" 'system +Linux'
it_match 'a capacity by hand, both ways, and the load' "$out" 'wan0 .* 20.0 Mbit/s / 5.0 Mbit/s +[0-9]+ % '
it_match 'another link keeps its own' "$out" 'wan1 .*  10.0 Gbit/s +[0-9]+ % '

# ---- a new port, long before the next poll ----

rescan_shows() {
	api devices/sw-2 | jq -e --arg name "$1" '[.links[].name] | index($name)' >/dev/null
}
ip link add baru0 type veth peer name baru1
it_equal 'rescan' "$(ctl device sw-2 rescan)" 'sw-2: is asked now what it is and which interfaces it has; see: pantauctl device ID'
it_equal 'for programs' "$(ctl --json device sw-2 rescan | jq -c .)" '{"ok":true}'
it_match 'in Bahasa Indonesia' "$(indonesian device sw-2 rescan)" 'sw-2: sekarang ditanyai'
ctl device nihil rescan >"$it_tmp/out" 2>&1
it_equal 'of no device: exit status' $? 1
it_match 'and why' "$(cat "$it_tmp/out")" 'nihil: no device has that id'
# snmpd itself looks at the kernel every few seconds only
shows_baru() {
	ctl device sw-2 rescan >/dev/null
	rescan_shows baru0
}
it_wait_for 25 'the new port is there' shows_baru
ip link del baru0

# ---- capacities by hand: a reload takes them over, and what the device has not is told ----

unknown_link='inventory.csv:5: link_capacity_kbps: opd-2 has no link "ether9"; it has .*wan0'
it_match 'a link that the device has not is remarked' "$(ctl device opd-2)" 'remark +the inventory sets .* ether9'
it_check 'and in the log' grep -q "$unknown_link" "$it_tmp/collector.log"
sed -i 's|wan0=20000/5000|wan0=40000|' "$it_tmp/inventory.csv"
out=$(ctl reload 2>"$it_tmp/err")
it_equal 'it hinders no reload' $? 0
it_equal 'which says what it says' "$out" 'The new configuration is in use.'
it_match 'and what is unknown' "$(cat "$it_tmp/err")" "$unknown_link"
it_equal 'no more than that' "$(wc -l <"$it_tmp/err")" 1
it_match 'the new capacity counts at once' "$(ctl device sw-2)" 'wan0 .* [0-9.]+ .?bit/s +40.0 Mbit/s +[0-9]+ % '
sed -i 's/ether9=1000/wan0=1000/' "$it_tmp/inventory.csv"
it_equal 'once it is right' "$(ctl reload 2>&1)" 'The new configuration is in use.'
no_problem() {
	[ "$(api devices/opd-2 | jq .problem)" = null ]
}
it_wait_for 5 'it is no problem any more' no_problem
it_equal 'devices by state' "$(ctl devices --status up --json | jq -r '[.[].id] | join(" ")')" 'opd-2 sw-2'
ctl devices --status broken >"$it_tmp/out" 2>&1
it_equal 'a state that there is not: exit status' $? 1
it_match 'and which there are' "$(cat "$it_tmp/out")" 'status is up, degraded, suspect, down'
ctl devices --kind router >"$it_tmp/out" 2>&1
it_equal 'a kind that there is not' $? 1
it_match 'events' "$(ctl events --device sw-1)" 'sw-1 +down'
it_match 'events in Bahasa Indonesia' "$(indonesian events)" 'kolektor dijalankan'
it_equal 'over TCP' "$(run -s http://127.0.0.1:8080 --json status | jq .devices.total)" 6
chmod 711 "$it_tmp" && chmod 600 "${sock:?}"
if setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$it_build/collector/pantauctl" -s "unix:$sock" status >"$it_tmp/out" 2>&1
	it_equal 'who may not use the socket: exit status' $? 3
	it_match 'is told so, not that nobody listens' "$(cat "$it_tmp/out")" 'be in the group pantau'
fi
ctl device none >"$it_tmp/out" 2>&1
it_equal 'an unknown device' $? 1
ctl device ../status >"$it_tmp/out" 2>&1
it_equal 'a name cannot leave its path' $? 1

# ---- notifications, and whose are refused ----

down=1.3.6.1.6.3.1.1.5.3
link_down_from() { # ADDRESS COMMUNITY
	inform_from "$1" -t 1 -r 0 -v 2c -c "$2" "127.0.0.1:$port" '' $down 1.3.6.1.2.1.2.2.1.1.5 i 5
}
it_equal 'nothing came yet' "$(ctl notifications)" 'No notifications.'
it_match 'nor was anything refused' "$(indonesian senders)" 'Tidak ada notifikasi yang ditolak'
it_check 'an inform of a device' link_down_from 127.0.0.12 rahasia-sw
it_check 'one of an unknown address' link_down_from 127.0.0.77 rahasia-sw
link_down_from 127.0.0.78 rahasia-salah >/dev/null 2>&1
it_match 'the device by its id' "$(ctl notifications)" 'sw-2 +v2c inform +#5 +link down'
it_match 'the unknown one by its address' "$(indonesian notifications)" '127.0.0.77 +v2c inform +#5 +tautan putus'
it_equal "one device's" "$(ctl notifications --device sw-2 --json | jq -r '[.notifications[].source] | join(" ")')" 127.0.0.12
it_equal "one address's" "$(ctl notifications --source 127.0.0.77 --json | jq -r '.notifications[].security_name')" sw
it_equal "nobody's" "$(ctl notifications --json --unknown --limit 5 | jq -r '[.notifications[].source] | join(" ")')" 127.0.0.77
out=$(ctl notifications --limit 1)
it_match 'there are older ones' "$out" 'Older ones: --before [0-9]+'
it_match 'which can be asked for' "$(ctl notifications --before "${out##*before }")" 'sw-2'
ctl notifications --device sw-2 --unknown >"$it_tmp/out" 2>&1
it_equal 'a device and nobody: exit status' $? 1
it_match 'and why' "$(cat "$it_tmp/out")" 'exclude each other'
ctl notifications --device >/dev/null 2>&1
it_equal 'an option without its value' $? 64
ctl senders --device sw-2 >/dev/null 2>&1
it_equal 'an option that senders has not' $? 64
ctl senders --limit 201 >"$it_tmp/out" 2>&1
it_equal 'too many' $? 1
it_match 'and how many may be' "$(cat "$it_tmp/out")" 'limit is 1 to 200'
it_match 'why it is unknown' "$(ctl senders)" '127.0.0.77 +1 .* unknown address'
it_match 'why it was refused' "$(ctl senders)" '127.0.0.78 +1 .* wrong community'
it_match 'in Bahasa Indonesia' "$(indonesian senders)" '127.0.0.78 +1 .* community salah'
it_equal 'as JSON' "$(ctl senders --json --limit 1 | jq -r '.senders[] | .source + " " + .reason')" '127.0.0.78 bad-community'
it_equal 'no line is wider than 80 columns' "$({ ctl notifications; ctl senders; } | awk 'length > 80' | wc -l)" 0
it_equal 'no collector there' "$(run -s unix:/none senders >/dev/null 2>&1; echo $?)" 3

# ---- neither of them is ever taken for silent ----

it_equal 'auth-failed once each, never down' \
	"$(db "SELECT group_concat(n) FROM (SELECT device || '=' || count(*) AS n FROM events WHERE device IN ('opd-3', 'opd-4') GROUP BY device ORDER BY device)")" 'opd-3=1,opd-4=1'

# ---- answers from another address: named, and believed where the inventory says so ----

it_file "$it_tmp/elsewhere.py" <<'END'
import socket
asked, agent, answers = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3))
asked.bind(("127.0.0.31", 16111))
agent.connect(("127.0.0.12", 16111))
answers.bind(("127.0.0.250", 16111))
while True:
    data, peer = asked.recvfrom(4096)
    agent.send(data)
    answers.sendto(agent.recv(65536), peer)
END
it_start elsewhere -- python3 "$it_tmp/elsewhere.py"
sed -i '1s/$/,answers_from/; 2,$s/$/,/' "$it_tmp/inventory.csv"
cp "$it_tmp/inventory.csv" "$it_tmp/inventory.before"
elsewhere_row() { # ANSWERS_FROM
	{ cat "$it_tmp/inventory.before" && echo "opd-5,opd,Dinas Lima,127.0.0.31,16111,sw,,,if-mib,,$1"; } >"$it_tmp/inventory.csv"
	ctl reload >/dev/null
}
elsewhere_row ''
from_elsewhere() {
	[ "$(api devices/opd-5 | jq -r '.status + " " + .cause + " " + .answers_from')" = "$1" ]
}
it_wait_for 60 'down, and why' from_elsewhere 'down other-source 127.0.0.250'
out=$(ctl device opd-5)
it_match 'which address' "$out" 'answers from +127.0.0.250'
it_match 'and what to write' "$out" 'problem +last poll failed: its answers come from another address; .* answers_from'
it_match 'in Bahasa Indonesia' "$(indonesian device opd-5)" 'dijawab dari +127.0.0.250'
it_match 'probe says it too' "$(run device probe 127.0.0.31 --port 16111 --credential sw 2>&1)" 'sw +other-source 127.0.0.250'
elsewhere_row 127.0.0.250
up_from_elsewhere() {
	[ "$(api devices/opd-5 | jq -r '.status + " " + .answers_from')" = 'up 127.0.0.250' ]
}
it_wait_for 30 'allowed, it is up' up_from_elsewhere
it_equal 'and watched' "$(api devices/opd-5 | jq '.links | length > 0')" true
elsewhere_row 127.0.0.249
it_wait_for 60 'of another address that is not allowed' from_elsewhere 'down other-source 127.0.0.250'
cp "$it_tmp/inventory.before" "$it_tmp/inventory.csv"
ctl reload >/dev/null

# ---- what is known of SNMPv3 engines outlives the collector ----

it_match 'an engine was discovered' "$(metric pantau_snmp_discoveries_total)" '^[1-9]'
it_stop collector
collector_start again
answered() {
	[ "$(api devices/opd-2 | jq .counts.answers)" -ge 1 ]
}
it_wait_for 10 'the v3 device answers the next collector' answered
it_equal 'without discovery' "$(metric pantau_snmp_discoveries_total)" 0
it_equal 'and without a wrong time' "$(metric pantau_snmp_resyncs_total)" 0
it_done
