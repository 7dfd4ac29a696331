#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Links of a site go down and come back while the collector is killed again and again and its
# receivers are busy, slow, or break off: whoever was told of a begin is told of its end, once. And
# what an operator does by hand: a trial, a wrong token, limits, a reload.
#
# IT_NOTIFY_KILLS: how often it is killed (6).
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent_lib.sh"
it_isolate "$@"
it_need ip snmpget sqlite3 curl python3
. "$it_root/tests/integration/collector_lib.sh"
kills=${IT_NOTIFY_KILLS-6}
links='bk0 bk1 bk2 bk3 bk4'

agent_net
for link in $links; do
	ip -n site link add "$link" type veth peer name "far-$link" netns lan
	ip -n lan link set "far-$link" up
	ip -n site link set "$link" up
done
{
	echo 'link "wan0" { role = uplink medium = fiber capacity = 100000 }'
	for link in $links; do echo "link \"$link\" { role = backup }"; done
	echo 'receiver "noc" { address = "192.0.2.0:162" user = "site" }'
} | agent_conf
collector_files
sed -i 's/^trap-listen.*/trap-listen = {"192.0.2.0:162"}/; s/^poll-interval.*/poll-interval = 2s/
	$ a backoff-max = 2s' "$it_tmp/collector.conf"
echo "notify = \"$it_tmp/notify.conf\"" >> "$it_tmp/collector.conf"
it_file "$it_tmp/credentials.conf" 600 <<-E
	credential "opd" {
		user = "site" auth = "sha256" auth-passphrase = "auth-pass-of-site"
		priv = "aes128" priv-passphrase = "priv-pass-of-site"
	}
E
it_file "$it_tmp/inventory.csv" <<-E
	id,kind,name,address,port,credential,parent,parent_port,profile
	opd-test,opd,Dinas Uji,192.0.2.1,161,opd,,,opd-agent
E
notify_conf() { # extra lines on standard input
	{
		cat <<-E
			join = 1s
			channel "moody" { type = webhook url = "http://127.0.0.1:9901/" timeout = 2s token = "rahasia-saluran" }
			channel "slow" { type = webhook url = "http://127.0.0.1:9902/" timeout = 5s }
			channel "refused" { type = webhook url = "http://127.0.0.1:9903/" }
		E
		cat
	} | it_file "$it_tmp/notify.conf" 600
}
notify_conf <<< 'rule "all" { severity = info channels = {"moody", "slow"} }'

receiver() { # NAME PORT MOOD [DELAY]
	echo "$3" > "$it_tmp/$1.mood"
	: > "$it_tmp/$1.told"
	it_start "$1" --ns noc -- python3 "$it_root/tests/integration/receiver.py" "$2" "$it_tmp/$1.told" "$it_tmp/$1.mood" ${4-}
	it_wait_for 10 "$1 listens" listens "$2"
}
listens() { # PORT
	it_in noc ss -ltnH "sport = :$1" | grep -q .
}
told() { # NAME EXPRESSION: of all messages m
	python3 -c 'import json, sys; m = [json.loads(line) for line in open(sys.argv[1])]; print('"$2"')' "$it_tmp/$1.told"
}
told_is() { # NAME EXPRESSION VALUE: for it_wait_for
	[ "$(told "$1" "$2")" = "$3" ]
}
site_is() { # STATUS
	api devices/opd-test | grep -q "\"status\":\"$1\""
}
open_alerts() {
	api "alerts?state=open" | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["alerts"]))'
}
nothing_open() {
	[ "$(open_alerts)" = 0 ]
}

receiver moody 9901 good
receiver slow 9902 good 0.3
collector_start collector noc
agent_start
it_wait_for 20 'the site is up' site_is up

it_note 'by hand'
it_equal 'a trial arrives' "$(ctl test-notify moody | cut -d: -f2)" ' arrived'
it_equal 'what cannot be reached says why' "$(ctl test-notify refused 2>&1 | grep -c "refused: waiting: .*onnect")" 1
it_equal 'there is no such channel' "$(ctl test-notify nobody 2>&1 | grep -c 'no channel "nobody"')" 1
it_equal 'the trial in Bahasa Indonesia' "$(told moody 'm[0]["title"]')" 'pesan uji: Kota Mojokerto'
channel_failed() {
	api 'alerts?state=open' | grep -q '"kind":"channel-failed"'
}
it_wait_for 15 'the channel that fails is an alert' channel_failed

it_note 'people and what they may'
post() { # TOKEN PATH: the HTTP status
	it_in noc curl -s -o "$it_tmp/post.out" -w '%{http_code}' -X POST ${1:+-H "Authorization: Bearer $1"} "http://127.0.0.1:8080/api/v1/$2"
}
ctl user add siti operator
ctl user add zabbix viewer
siti=$(ctl token add siti 'layar dinding' --days 30 2> /dev/null)
zabbix=$(ctl token add zabbix feed 2> /dev/null)
it_match 'a token is 256 bits' "$siti" '^pantau_[0-9a-f]{64}$'
it_equal 'an operator may try a channel' "$(post "$siti" 'test-notify?channel=slow')" 200
it_equal 'a viewer may not' "$(post "$zabbix" 'test-notify?channel=slow')" 403
it_equal 'nor may nobody' "$(post '' 'test-notify?channel=slow')" 401
it_equal 'an operator answers' "$(post "$siti" 'alerts/1/ack?note=tiket%201')" 200
it_equal 'and the log says how' "$(ctl --json audit --limit 1 | grep -o '"how": *"token"' | wc -l)" 1
it_equal 'an operator makes no admin' "$(post "$siti" 'users?name=siti&role=admin')" 403
ctl token revoke 1
it_equal 'a revoked token is none' "$(post "$siti" 'test-notify?channel=slow')" 401
it_equal 'what is kept is no token' "$(cat "$state"/pantau.db* | grep -c "${zabbix#pantau_}")" 0
it_equal 'all of it is in the log' "$(ctl --json audit | python3 -c 'import json, sys; print([r["what"] for r in json.load(sys.stdin)["audit"]])')" \
	"['token-revoke', 'ack', 'token', 'token', 'user', 'user']"

it_note 'a link goes down and comes back'
ip -n site link set bk0 down
it_wait_for 10 'it is told' told_is moody 'sum(a["link"] == "bk0" for x in m for a in x["alerts"])' 1
it_equal 'by name and place' "$(told moody '[x["title"] for x in m if any(a["link"] == "bk0" for a in x["alerts"])][0]')" \
	'[peringatan] Dinas Uji: tautan putus bk0'
ip -n site link set bk0 up
it_wait_for 15 'and its end' told_is moody 'sum(a["link"] == "bk0" for x in m for a in x["alerts"])' 2

it_note "$kills kills while links flap and receivers have bad days"
echo mixed > "$it_tmp/moody.mood"
running=collector
for ((i = 0; i < kills; i++)); do
	for link in $links; do
		((RANDOM % 2)) && ip -n site link set "$link" down
		sleep "0.$((RANDOM % 9))"
		((RANDOM % 2)) && ip -n site link set "$link" up
	done
	sleep "$((RANDOM % 3)).$((RANDOM % 9))"
	it_stop "$running" KILL
	running=collector$i
	collector_start "$running" noc
done
for link in $links; do ip -n site link set "$link" up; done
echo good > "$it_tmp/moody.mood"
notify_conf <<< 'rule "all" { severity = info channels = {"moody", "slow"} }'
ctl reload > "$it_tmp/reload"
it_wait_for 90 'all links are up again' site_is up
everything_told() {
	[ "$(db "SELECT count(*) FROM deliveries WHERE state IN ('waiting', 'in-flight') AND channel != 'refused'")" = 0 ]
}
it_wait_for 60 'every message is told' everything_told
sleep 2
db "SELECT json_group_array(json_object('id', id, 'kind', kind, 'link', link, 'end_ms', end_ms)) FROM alerts" |
	sed 's/.*/{"alerts": &}/' > "$it_tmp/alerts.json"
it_check 'whoever was told of a begin was told of its end, once' \
	python3 "$it_root/tests/integration/check_told.py" "$it_tmp/alerts.json" "$it_tmp/moody.told" "$it_tmp/slow.told"
it_equal 'no secret is in the log' "$(cat "$it_tmp"/*.log | grep -c rahasia-saluran)" 0
it_stop agent
it_done
