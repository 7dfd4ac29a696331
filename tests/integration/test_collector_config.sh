#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Broken files are refused whole, each mistake by file, line and key; a reload with them
# leaves the running configuration alone; a right one lets devices come and go; a full disk
# costs acknowledgements, not data.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
it_need curl sqlite3 snmpinform jq
. "$it_root/tests/integration/collector_lib.sh"
export MIBS='' SNMPCONFPATH=/nonexistent SNMP_PERSISTENT_DIR=$it_tmp/snmp
exe=$(it_program collector/pantau-collector)
conf=$it_tmp/collector.conf inventory=$it_tmp/inventory.csv credentials=$it_tmp/credentials.conf

# broken FILE SED-SCRIPT WANTED...: each WANTED is part of a line that all three ways of reading print
broken() {
	local file=$1 script=$2 way wanted
	shift 2
	collector_files
	sed -i "$script" "$file"
	for way in "$exe --check-config -c $conf" "$exe -c $conf" "ctl check-config $conf"; do
		$way >"$it_tmp/out" 2>&1
		it_equal "${way##*/}: exit status" $? 2
		for wanted in "$@"; do
			grep -qF -- "$wanted" "$it_tmp/out" ||
				it_fail "${way##*/}: no line with '$wanted' in: $(cat "$it_tmp/out")"
		done
		! grep -qE 'kata-sandi|rahasia' "$it_tmp/out" || it_fail "a secret in: $(cat "$it_tmp/out")"
	done
	it_pass "refused: $1"
}

collector_files
it_equal 'a right configuration' "$($exe --check-config -c "$conf"; echo $?)" \
	"$conf: right; 4 devices, 3 credentials, $(ls "$it_build"/conf/profiles/*.conf | wc -l) profiles
0"
broken "$conf" 's/^poll-interval.*/poll-interval = 10/' "$conf:11: poll-interval: "
broken "$conf" 's/^poll-interval/poll-intervall/' "$conf:11: poll-intervall: unknown key; did you mean poll-interval?"
broken "$conf" '/^web-dir/s/= .*/= "relative"/' "$conf:4: web-dir: "
broken "$conf" '$s/60s/{/' "$conf:"
broken "$conf" "/^inventory/s/inventory.csv/none.csv/" "$it_tmp/none.csv: No such file or directory; write the inventory there, or correct the key inventory ($conf:1)"
broken "$conf" "s|^profiles-dir.*|profiles-dir = \"$it_tmp/none\"|" "$it_tmp/none"
broken "$conf" '$s/$/\ntimezone = "Asia\/Mojokerto"/' "$conf:12: timezone: \"Asia/Mojokerto\" is not in /usr/share/zoneinfo"
broken "$conf" '$s/$/\ntimezone = "Asia"/' "$conf:12: timezone: \"Asia\" is not in /usr/share/zoneinfo"
broken "$conf" '$s/$/\ntimezone = "zone1970"/' "$conf:12: timezone: "
broken "$conf" 's/^user.*/user = "tidak-ada"/' "$conf:8: user: \"tidak-ada\" does not exist on this machine"
broken "$conf" 's/^user.*/user = "root"\ngroup = "tidak-ada"/' "$conf:9: group: \"tidak-ada\" does not exist"
broken "$conf" "\$s|\$|\nreload-token-file = \"$it_tmp/token\"|" "$it_tmp/token: cannot be read: No such file"
echo pendek >"$it_tmp/token"
chmod 600 "$it_tmp/token"
broken "$conf" "\$s|\$|\nreload-token-file = \"$it_tmp/token\"|" "$it_tmp/token: the token is too short"
chmod 644 "$it_tmp/token"
broken "$conf" "\$s|\$|\nreload-token-file = \"$it_tmp/token\"|" "$it_tmp/token: holds secrets but has mode 0644"
broken "$conf" '$s/$/\nrrdcached = "relative\/x"/' \
	"$conf:12: rrdcached: \"relative/x\" is not right; unix:/run/rrdcached.sock"
broken "$conf" 's/^poll-interval.*/poll-interval = 10m/' \
	"$conf:11: poll-interval: is above backoff-max, which is 300000ms by default"
broken "$conf" 's/^trap-listen.*/trap-listen = {}/' "$conf:10: trap-listen: {} is an empty list"
broken "$inventory" '3s/127.0.0.12/127.0.0.999/' \
	"$inventory:3: address: \"127.0.0.999\" is not an IP address; write e.g. 192.0.2.17"
broken "$inventory" '2s/if-mib/if-mibb/; 3s/,sw,/,none,/; 4s/opd,Dinas Satu/site,Dinas Satu/; 5s/16111/99999/' \
	"$inventory:4: kind: \"site\" is not a kind; write core, opd or hotspot" \
	"$inventory:5: port: \"99999\" is not a UDP port"
broken "$inventory" '2s/if-mib/if-mibb/; 3s/,sw,/,none,/' \
	"$inventory:2: profile: \"if-mibb\" is not defined" \
	"$inventory:3: credential: \"none\" is not defined; write the title of a section"
broken "$inventory" '5s/^opd-2/opd-1/' "$inventory:5: id: \"opd-1\" is also in line 4"
broken "$inventory" '1s/parent_port/parentport/' "$inventory:1: header: \"parentport\" is not a column; did you mean parent_port?"
broken "$inventory" '2,$d' "$inventory:1: there is no device below the header; write a line for each"
broken "$credentials" 's/priv-passphrase = "kata-sandi-2"//' \
	"$credentials:5: credential \"opd\": priv-passphrase: is missing; write one of at least 8 characters"
broken "$credentials" 's/kata-sandi-2/kata-${HOME}-2/' "$credentials:4: priv-passphrase: \${...} is not replaced"
broken "$credentials" 's/kata-sandi-2/kata\\sandi-2/' "$credentials:4: priv-passphrase: a backslash in double quotes"
broken "$credentials" 's/"kata-sandi-2"/kata-sandi 2/' "$credentials:4: priv-passphrase: more than one word"
broken "$credentials" 's/auth = "sha256"/auth = "sha999"/' "$credentials:3: " 'one of'
broken "$conf" 's/^trap-listen.*/&\nsource-v4 = "224.0.0.1"/' "$conf:11: source-v4: \"224.0.0.1\" is not right"
collector_files
sed -i 's/^trap-listen.*/&\nsource-v4 = "127.0.0.1"/' "$conf"
it_match 'a source of this machine, for this machine' "$($exe --check-config -c "$conf" 2>&1)" ': right; 4 devices'
sed -i '4s/127.0.0.21/192.0.2.21/' "$inventory"
it_match 'and for another' "$($exe --check-config -c "$conf" 2>&1)" \
	":11: source-v4: \"127.0.0.1\" reaches nothing but this machine, and opd-1 \(192.0.2.21\) is another"
collector_files
chmod 640 "$credentials"
it_match 'a readable secret file is refused with what to do' "$($exe -c "$conf" 2>&1)" 'chmod'
collector_files

for option in --no-such /etc/x; do
	$exe $option >/dev/null 2>&1
	it_equal "wrong use, $option" $? 64
done
it_match 'and what would be right' "$($exe /etc/x 2>&1)" '"/etc/x" is no option; .* stands behind -c'

# ---- one at a time ----

collector_start
before=$(cat "$state/engine")
$exe -c "$conf" >"$it_tmp/out" 2>&1
it_equal 'a second collector: exit status' $? 1
it_match 'is told why' "$(cat "$it_tmp/out")" 'another collector uses it'
it_equal 'and left the engine id and boots alone' "$(cat "$state/engine")" "$before"
it_check 'the first one serves' api status

# ---- reload ----

devices() {
	api devices | jq -r '[.[].id] | join(" ")'
}

it_equal 'four devices' "$(devices)" 'opd-1 opd-2 sw-1 sw-2'
cp "$inventory" "$it_tmp/good.csv"
sed -i '3s/127.0.0.12/nowhere/' "$inventory"
ctl reload >"$it_tmp/out" 2>&1
it_equal 'a bad reload: exit status' $? 2
it_match 'it says where' "$(cat "$it_tmp/out")" "inventory.csv:3: address: \"nowhere\""
it_equal 'the old one runs on' "$(devices)" 'opd-1 opd-2 sw-1 sw-2'
it_equal 'it is counted' "$(metric pantau_reloads_failed_total)" 1
kill -HUP "${it_pids[collector]}"
it_wait_for 5 'SIGHUP with it is refused too' metric_is pantau_reloads_failed_total 2
it_check 'the log says where' grep -q 'inventory.csv:3: address' "$it_tmp/collector.log"
head -n 1 "$it_tmp/good.csv" >"$inventory"
ctl reload >"$it_tmp/out" 2>&1
it_equal 'a reload without any device: exit status' $? 2
it_match 'it says what is missing' "$(cat "$it_tmp/out")" "inventory.csv:1: there is no device below the header"
sed 's/^sw-/switch-/; s/^opd-/dinas-/' "$it_tmp/good.csv" >"$inventory"
ctl reload >"$it_tmp/out" 2>&1
it_equal 'a reload that would drop every device: exit status' $? 2
it_match 'it says what to do' "$(cat "$it_tmp/out")" \
	"inventory.csv: none of the 4 devices watched now is in it; is it another network's\? If it is meant, restart the collector"
it_equal 'nobody was dropped' "$(devices)" 'opd-1 opd-2 sw-1 sw-2'
sed '/^sw-2/d; s/^opd-2,opd,Dinas Dua/opd-2,opd,Dinas Baru/' "$it_tmp/good.csv" >"$inventory"
echo 'hs-1,hotspot,Alun-alun,127.0.0.31,16111,sw,opd-1,,if-mib' >>"$inventory"
polls_of() {
	api "devices/$1" | jq .counts.polls
}
kept=$(polls_of opd-1)
it_equal 'a good reload says who came and went' "$(ctl reload)" 'The new configuration is in use.
1 devices are new, 1 are no longer watched; 4 in all.'
it_check 'and logs it' grep -q 'devices=4 added=1 removed=1 status=done' "$it_tmp/collector.log"
it_equal 'devices came and went' "$(devices)" 'hs-1 opd-1 opd-2 sw-1'
it_equal 'a new name' "$(api devices/opd-2 | jq -r .name)" 'Dinas Baru'
it_between 'who stayed keeps what it had' "$(polls_of opd-1)" "$kept" 99
sed -i "s/^trap-listen.*/trap-listen = {\"[fe80::1%nowhere0]:16201\"}/" "$conf"
ctl reload >/dev/null 2>&1
it_equal 'an interface that is not there is refused' "$?" 2
it_check 'and named' grep -q 'this machine has no interface nowhere0' "$it_tmp/collector.log"
it_equal 'a new notification socket' "$(sed -i "s/^trap-listen.*/trap-listen = {\"127.0.0.1:16201\"}/" "$conf"; ctl reload)" \
	'The new configuration is in use.'
it_check 'it is served' snmpinform --clientaddr=127.0.0.11 -t 1 -r 1 -v 2c -c rahasia-sw 127.0.0.1:16201 '' \
	1.3.6.1.6.3.1.1.5.4
it_check 'the old one is closed' bash -c "! snmpinform --clientaddr=127.0.0.11 -t 1 -r 0 -v 2c -c rahasia-sw 127.0.0.1:$port '' 1.3.6.1.6.3.1.1.5.4"
sed -i 's/rahasia-sw/rahasia-baru/' "$credentials"
it_equal 'new secrets' "$(ctl reload)" 'The new configuration is in use.'
it_check 'they count' snmpinform --clientaddr=127.0.0.11 -t 1 -r 1 -v 2c -c rahasia-baru 127.0.0.1:16201 '' \
	1.3.6.1.6.3.1.1.5.4
head -c 30 /dev/urandom | base64 >"$it_tmp/token"
chmod 600 "$it_tmp/token"
sed -i 's/^poll-interval.*/poll-interval = 30s/' "$conf"
ctl reload >/dev/null
it_check 'what needs a restart is said' grep -q 'key=poll-interval effect="only after a restart"' "$it_tmp/collector.log"
printf 'POST /api/v1/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n' >"$it_tmp/post"
it_equal 'no reload over TCP without a token' \
	"$(curl -s -o /dev/null -w '%{http_code}' -X POST http://127.0.0.1:8080/api/v1/reload)" 401
it_stop collector
it_equal 'it ends well' "$it_status" 0
sed -i '/^opd-2/d' "$inventory"
db "INSERT OR REPLACE INTO states VALUES ('opd-2', 'down', 'no-answer', 1)"
collector_start fewer
it_check 'a start with fewer devices says whom it forgets' grep -q 'device=opd-2 effect="forgotten: no longer in the inventory"' "$it_tmp/fewer.log"
it_stop fewer

echo "reload-token-file = \"$it_tmp/token\"" >>"$conf"
collector_start with-token
token_reload() {
	curl -s -o /dev/null -w '%{http_code}' -X POST -H "Authorization: Bearer $1" http://127.0.0.1:8080/api/v1/reload
}
it_equal 'with the token' "$(token_reload "$(cat "$it_tmp/token")")" 200
it_equal 'with another' "$(token_reload bukan-yang-itu-sama-sekali)" 401
it_stop with-token

# ---- addresses that come later, as at a boot ----

collector_files
sed -i 's/^http-listen.*/http-listen = {"192.0.2.50:8080"}/; s/^trap-listen.*/trap-listen = {"192.0.2.50:16200"}/' "$conf"
collector_start early
it_equal 'both are told' "$(grep -c 'no such address yet' "$it_tmp/early.log")" 2
ip addr add 192.0.2.50/32 dev lo
it_check 'the page is there with its address' curl -sSf -o /dev/null http://192.0.2.50:8080/
it_check 'and so are notifications' snmpinform --clientaddr=127.0.0.11 -t 1 -r 1 -v 2c -c rahasia-sw 192.0.2.50:16200 \
	'' 1.3.6.1.4.1.99999.0.1 1.3.6.1.4.1.99999.1.0 s tiba
it_stop early

# ---- a port that somebody else has ----

it_start holder -- python3 -c 'import socket, time
sockets = [socket.socket(socket.AF_INET, kind) for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM)]
[s.bind(("127.0.0.1", port)) for s, port in zip(sockets, (16203, 18083))]
sockets[1].listen()
time.sleep(600)'
it_wait_for 5 'somebody has both' bash -c 'ss -Hlun "sport = :16203" | grep -q . && ss -Hltn "sport = :18083" | grep -q .'
collector_files
sed -i 's/^http-listen.*/http-listen = {"127.0.0.1:18083"}/; s/^trap-listen.*/trap-listen = {"127.0.0.1:16203"}/' "$conf"
who="is taken by python3[.0-9]* \(process ${it_pids[holder]}, user [^ ]+\); stop that, or write another port"
for way in "$exe --check-config -c $conf" "ctl check-config $conf"; do
	it_equal "${way##*/}: the files are right" "$($way >"$it_tmp/out" 2>&1; echo $?)" 0
	it_match 'but it warns' "$(cat "$it_tmp/out")" "warning: $conf:[0-9]+: trap-listen: 127.0.0.1:16203 $who"
	it_match 'of the page too' "$(cat "$it_tmp/out")" "warning: $conf:[0-9]+: http-listen: 127.0.0.1:18083 $who"
done
"$exe" -c "$conf" >"$it_tmp/out" 2>&1
it_equal 'a start: exit status' $? 1
# it has no right to look into processes any more
it_match 'a start says whose it is' "$(cat "$it_tmp/out")" \
	'address=127.0.0.1:16203 err="is taken by a process of the user [^ ]+; stop that, or write another port; as root, --check-config says which process"'
it_stop holder
collector_start alone
it_equal 'a collector that runs is no stranger' "$("$exe" --check-config -c "$conf" 2>&1 | grep -c warning)" 0
it_stop alone

# ---- a full disk ----

collector_files
mkdir "$it_tmp/small"
mount -t tmpfs -o size=2m tmpfs "$it_tmp/small"
state=$it_tmp/small
sed -i "s|^state-dir.*|state-dir = \"$state\"|; s/^poll-interval.*/poll-interval = 2s\nbackoff-max = 2s/" "$conf"
collector_start full
dd if=/dev/zero of="$state/fill" bs=1k >/dev/null 2>&1
inform() {
	snmpinform --clientaddr=127.0.0.11 -t 1 -r 0 -v 2c -c rahasia-sw "127.0.0.1:$port" '' 1.3.6.1.4.1.99999.0.1 \
		1.3.6.1.4.1.99999.1.0 s "$1"
}
refused=no
for i in $(seq 1 40); do # what is left of the database's pages takes some
	inform "isi-$i-$(printf '%0600d' 0)" >/dev/null 2>&1 || { refused=$i; break; }
done
it_match 'on a full disk an inform is not acknowledged' "$refused" '^[0-9]'
it_equal 'it is told' "$(metric pantau_store_failing)" 1
it_check 'with what to do' grep -q 'right="make room on the disk"' "$it_tmp/full.log"
it_check 'the page is served' api status
rm "$state/fill"
it_wait_for 15 'with room again it is acknowledged' inform sesudah
it_wait_for 15 'what waited is written' metric_is pantau_store_kept 0
it_wait_for 15 'and all is well' metric_is pantau_store_failing 0
it_equal 'no event was lost' "$(db 'SELECT max(id) - min(id) + 1 - count(*) FROM events')" 0
it_equal 'the database is whole' "$(db 'PRAGMA integrity_check')" ok
it_stop full

# ---- a start on a full disk: with a database, and without ----

for begun in with without; do
	[ $begun = with ] || rm -f "$state"/pantau.db* "$state"/engine
	dd if=/dev/zero of="$state/fill" bs=1k >/dev/null 2>&1
	collector_start "$begun"
	it_equal "$begun a database: it runs, and tells" "$(metric pantau_store_failing)" 1
	it_equal 'status tells it' "$(api status | jq -c .remarks)" '["store-failing"]'
	it_match 'in words' "$(ctl status)" 'The disk takes nothing: notifications are not acknowledged'
	it_check 'with what to do' grep -q 'right="make room on the disk"' "$it_tmp/$begun.log"
	it_equal 'what was stored is known' "$(api events | jq 'any(.kind == "collector-stop")')" \
		"$([ $begun = with ] && echo true || echo false)"
	inform "penuh-$(printf '%0600d' 0)" >/dev/null 2>&1
	it_equal 'an inform is not acknowledged' $? 1
	rm "$state/fill"
	it_wait_for 15 'with room it is' inform lega
	it_wait_for 15 'what waited is written' metric_is pantau_store_kept 0
	it_equal 'and all is well' "$(metric pantau_store_failing) $(api status | jq -c .remarks)" '0 []'
	it_stop "$begun"
	it_equal 'neither its start nor its end was lost' \
		"$(db "SELECT group_concat(kind, ' ') FROM (SELECT kind FROM events WHERE kind LIKE 'collector-st%' ORDER BY id DESC LIMIT 2)")" \
		'collector-stop collector-start'
	it_equal 'nor what was between' "$(db 'SELECT max(id) - min(id) + 1 - count(*) FROM events')" 0
done
it_done
