#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The only uplink of a site is cut while another link flaps three times; the agent is killed, and so
# is the collector. After the return the collector has every event once, in order, with the time
# when it happened, and the history of those minutes is readable.
# IT_CUT_S: for how many seconds the uplink is cut, default 3; the claim is of 600.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent_lib.sh"
it_isolate "$@"
it_need ip ss snmpget snmpwalk snmpbulkwalk sqlite3 curl
. "$it_root/tests/integration/collector_lib.sh"

agent_net
agent_conf <<'END'
link "wan0" { role = uplink medium = fiber capacity = 100000 }
link "lan0" { role = lan }
inform-backoff-max = 5s
receiver "noc" { address = "192.0.2.0:162" user = "site" }
END
collector_files
sed -i 's/^trap-listen.*/trap-listen = {"192.0.2.0:162"}/; s/^poll-interval.*/poll-interval = 10s/' "$it_tmp/collector.conf"
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
start_agent() {
	it_start agent --ns site -- "$(it_program agent/pantau-agent)" -c "$it_tmp/agent.conf" -f
}
# stored: Pantau's own notifications in the order of their arrival, "number kind link event_ms"
stored() {
	db "SELECT number, kind, CASE WHEN text LIKE '%= \"wan0\"%' THEN 'wan0' WHEN text LIKE '%= \"lan0\"%' THEN 'lan0'
		ELSE '-' END, event_ms FROM notifications WHERE device = 'opd-test' AND epoch != 0 ORDER BY rowid" | tr '|' ' '
}
kinds_after() {
	stored | awk -v n="$1" '$1 > n { printf "%s%s ", $2, $3 == "-" ? "" : ":" $3 }'
}
last_stored() {
	[ "$(stored | wc -l)" = "$(agent_get 1.1.7.0)" ] # in whatever order they came
}

collector_start collector noc
start_agent
it_wait_for 5 'the agent runs' agent_answers
it_wait_for 10 'its start is stored' last_stored
before=$(agent_get 1.1.7.0)

it_note 'the uplink is cut'
cut_ms=$(it_now_ms)
ip -n noc link set to-site down
it_wait_for 3 'the agent sees it' grep -q 'type=linkDown link=wan0' "$it_tmp/agent.log"
first_minute=$(($(date +%s) / 60 + 1))
flap_ms=()
for i in 1 2 3; do
	flap_ms+=("$(it_now_ms)")
	ip -n lan link set pc0 down
	sleep 0.2
	ip -n lan link set pc0 up
	sleep 0.3
	[ $i != 2 ] || {
		it_stop agent KILL
		start_agent
		sleep 0.5
	}
done
it_stop collector KILL
sleep "${IT_CUT_S-3}"
collector_start again noc
last_minute=$(($(date +%s) / 60))
back_ms=$(it_now_ms)
ip -n noc link set to-site up
it_wait_for 20 'all is stored' last_stored
it_wait_for 10 'wan0 is told up, too' eval 'kinds_after '"$before"' | grep -q link-up:wan0'

it_note 'every event once, in order'
it_equal 'numbers without a gap and none twice' \
	"$(stored | awk '{ print $1 }' | sort -n | tr '\n' ' ')" "$(seq 1 "$(agent_get 1.1.7.0)" | tr '\n' ' ')"
it_equal 'of lan0 and the agent' "$(kinds_after "$before" | tr ' ' '\n' | grep -v -e wan0 -e '^$' | tr '\n' ' ')" \
	'link-down:lan0 link-up:lan0 link-down:lan0 link-up:lan0 agent-start link-down:lan0 link-up:lan0 '
it_equal 'of wan0' "$(kinds_after "$before" | tr ' ' '\n' | grep wan0 | tr '\n' ' ')" 'link-down:wan0 link-up:wan0 '
it_equal "IF-MIB's, once each" \
	"$(db "SELECT count(*), count(DISTINCT number) FROM notifications WHERE device = 'opd-test' AND epoch = 0 AND number > $before")" '8|8'

it_note 'with its own time'
time_of() { # KIND LINK NTH: event_ms
	stored | awk -v n="$before" -v kind="$1" -v link="$2" -v nth="$3" \
		'$1 > n && $2 == kind && $3 == link && ++seen == nth { print $4 }'
}
it_between 'the cut, ms after it was made' $(($(time_of link-down wan0 1) - cut_ms)) -5 1500
for i in 1 2 3; do
	it_between "flap $i, ms after it was made" $(($(time_of link-down lan0 $i) - flap_ms[i - 1])) -5 1200
done
it_between 'the return, ms after it was made' $(($(time_of link-up wan0 1) - back_ms)) -5 1500
it_check 'none has the time of its arrival' [ "$(time_of link-up lan0 3)" -lt $((back_ms - ${IT_CUT_S-3} * 900)) ]

it_note 'the history'
index=$(agent_walk "$PANTAU_ROOT.1.2.1.1" | awk '$2 == "wan0" { print $1 }')
rows=$(agent_walk "$PANTAU_ROOT.1.5.1.7.$index" | awk -v a="$first_minute" -v b="$last_minute" '$1 >= a && $1 <= b' | wc -l)
it_equal 'a row for each minute that ended' "$rows" $((last_minute - first_minute + 1))
it_equal 'the collector shows the link up again' \
	"$(db "SELECT count(*) FROM events WHERE device = 'opd-test' AND kind = 'link-down' AND id NOT IN (SELECT begins FROM events)")" 0
it_stop agent
it_equal 'exit status' "$it_status" 0
it_done
