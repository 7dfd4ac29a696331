#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The only uplink of a site is cut, and two devices lie behind it: one alert, told once on the
# stream, with an outage of each. The collector is killed meanwhile: what was open is open, and
# not told again. The line comes back: one recovery.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent_lib.sh"
it_isolate "$@"
it_need ip snmpget sqlite3 curl python3
. "$it_root/tests/integration/collector_lib.sh"

agent_net
agent_conf <<'END'
link "wan0" { role = uplink medium = fiber capacity = 100000 }
receiver "noc" { address = "192.0.2.0:162" user = "site" }
END
collector_files
sed -i 's/^trap-listen.*/trap-listen = {"192.0.2.0:162"}/; s/^poll-interval.*/poll-interval = 3s/
	$ a backoff-max = 5s' "$it_tmp/collector.conf"
it_file "$it_tmp/credentials.conf" 600 <<-E
	credential "opd" {
		user = "site" auth = "sha256" auth-passphrase = "auth-pass-of-site"
		priv = "aes128" priv-passphrase = "priv-pass-of-site"
	}
E
it_file "$it_tmp/inventory.csv" <<-E
	id,kind,name,address,port,credential,parent,parent_port,profile
	opd-test,opd,Dinas Uji,192.0.2.1,161,opd,,,opd-agent
	hs-1,hotspot,Taman Satu,198.51.100.2,161,opd,opd-test,,if-mib
	hs-2,hotspot,Taman Dua,198.51.100.3,161,opd,opd-test,,if-mib
E

alerts() { # QUERY EXPRESSION: of the API's answer, as Python sees it in a
	api "alerts$1" | python3 -c 'import json, sys; a = json.load(sys.stdin)["alerts"]; print('"$2"')'
}
alert_is() { # QUERY EXPRESSION VALUE: for it_wait_for
	[ "$(alerts "$1" "$2")" = "$3" ]
}
watch() { # NAME
	it_start "$1" --ns noc -- python3 "$it_root/tests/integration/stream_watch.py" 127.0.0.1:8080
}
told() { # NAME CHANGE: how often
	grep -c " alert .*\"change\":\"$2\"" "$it_tmp/$1.log" || :
}
told_is() { # NAME CHANGE N
	[ "$(told "$1" "$2")" = "$3" ]
}
site_is() { # STATUS
	api devices/opd-test | grep -q "\"status\":\"$1\""
}

collector_start collector noc
agent_start
it_wait_for 20 'the site is up' site_is up
it_wait_for 40 'those that never answered have their own alerts' alert_is '' 'sorted(x["device"] for x in a)' "['hs-1', 'hs-2']"
watch before
sleep 1

it_note 'the cut'
ip -n noc link set to-site down
it_wait_for 30 'one more alert' alert_is '?device=opd-test' '[(x["kind"], x["behind"]) for x in a]' "[('device-down', 2)]"
sleep 3
it_equal 'no other' "$(alerts '' 'len(a)')" 3
it_equal 'told once' "$(told before raised)" 1
id=$(alerts '?device=opd-test' 'a[0]["id"]')
it_equal 'an outage of the site' "$(db "SELECT behind, end_ms IS NULL FROM device_outages WHERE device = 'opd-test' AND alert = $id")" '0|1'

it_equal 'pantauctl names the site' "$(ctl alerts --lang id | grep -c 'penting.* opd-test .*perangkat mati +2')" 1
it_equal 'and what is wrong use' "$(ctl alerts --severity high 2>&1 | grep -c 'severity is info')" 1

it_note 'somebody answers'
it_check 'acknowledged, with a ticket' ctl ack "$id" 'tiket 4711'
it_check 'silenced' ctl silence "$id" 2h
it_check 'the cause is set right' ctl cause "$id" power
it_equal 'nobody else can' "$(ctl ack "$id" 2>&1 | grep -c 'as asked for already')" 1
it_equal 'nor of what there is not' "$(ctl ack 4711 --lang en 2>&1 | grep -c 'no such alert')" 1
it_equal 'nor by another way than the socket' \
	"$(it_in noc curl -s -o /dev/null -w '%{http_code}' -X POST "http://127.0.0.1:8080/api/v1/alerts/$id/unack")" 401
it_equal 'who, what and when is in the log' \
	"$(db "SELECT group_concat(who || ' ' || what || ' ' || target, ', ') FROM audit WHERE at_ms > 0")" \
	"$(id -un) ack alert $id, $(id -un) silence alert $id, $(id -un) cause alert $id"
it_equal 'and stays there' "$(db "DELETE FROM audit" 2>&1 | grep -c 'only added to')" 1

it_note 'a kill while it lasts'
it_stop collector KILL
sleep 1
collector_start again noc
watch after
sleep 6
it_equal 'open as before' "$(alerts '?device=opd-test' '[x["id"] for x in a]')" "[$id]"
it_equal 'with its answers' "$(alerts '?device=opd-test' '[(x["acknowledged_by"], x["note"], x["cause"], x["silenced"]) for x in a]')" \
	"[('$(id -un)', 'tiket 4711', 'power', True)]"
it_equal 'and nobody is told again' "$(told after raised)" 0

it_note 'the return'
ip -n noc link set to-site up
it_wait_for 30 'the recovery' told_is after ended 1
sleep 3
it_equal 'once' "$(told after ended)" 1
it_equal 'in the store too' "$(db "SELECT count(*), min(end_ms > begin_ms) FROM alerts WHERE device = 'opd-test'")" '1|1'
it_equal 'with its outage, and when nobody watched' \
	"$(api 'outages?device=opd-test' | python3 -c 'import json, sys; o = json.load(sys.stdin)["outages"]; print(len(o), o[0]["alert"], o[0]["blind_ms"] > 500)')" "1 $id True"
it_note 'planned work'
it_check 'a window' ctl maintenance add device opd-test now 1h 'ganti FO'
it_equal 'none of what there is not' "$(ctl maintenance add device opd-tets now 1h salah 2>&1 | grep -c 'none of that name')" 1
it_equal 'it is listed' "$(ctl maintenance --lang id | grep -c 'perangkat opd-test .*ganti FO')" 1
ip -n noc link set to-site down
it_wait_for 30 'an alert that is planned' alert_is '?device=opd-test' '[(x["planned"], x["cause"]) for x in a]' "[(True, 'planned')]"
it_check 'the work is over' ctl maintenance end 1
it_wait_for 10 'the trouble is not' alert_is '?device=opd-test' '[(x["planned"], x["cause"]) for x in a]' "[(False, 'unknown')]"
ip -n noc link set to-site up
it_wait_for 30 'up again' alert_is '?device=opd-test' 'len(a)' 0
it_equal 'its outage was planned' "$(db "SELECT planned FROM device_outages WHERE device = 'opd-test' ORDER BY begin_ms DESC LIMIT 1")" 1

it_equal 'it is among those that are over' "$(alerts '?state=ended&device=opd-test' 'a[-1]["id"]')" "$id"
it_stop agent
it_done
