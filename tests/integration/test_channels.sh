#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Messages to Telegram and gateways on their bad days, and by commands. What is sent is right, and
# what comes back is understood; nobody delays another; the process that sends may die.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/channel_lib.sh"

section_gateways() {
	local day
	prepare
	gateway 8001
	for day in ok false 429 500 redirect half cut huge head; do
		channel "$day" "type = webhook url = \"http://localhost:8001/$day\" timeout = 5s"
		channel "field-$day" "type = webhook url = \"http://localhost:8001/$day\" timeout = 5s ok-field = status"
	done
	channel hang 'type = webhook url = "http://localhost:8001/hang" timeout = 1s'
	channel closed 'type = webhook url = "http://localhost:8009/" timeout = 5s'
	channel nowhere 'type = webhook url = "http://nowhere.invalid/" timeout = 5s'
	send {,field-}{ok,false,429,500,redirect,half,cut,huge,head}' begin 1 0 - -' {hang,closed,nowhere}' begin 1 0 - -'
	it_equal 'all had an answer' "$(figure requests_total) $(figure in_flight)" '21 0'
	it_equal 'plain, good' "$(result ok 3 4)" 'arrived 200'
	it_equal 'plain, 200 with false: only its status was asked for' "$(result false 3)" arrived
	it_equal '429 and how long' "$(result 429 3 4 5)" 'later 429 7000'
	it_equal '500' "$(result 500 3 4) $(result 500)" 'later 500 <h1>oops</h1>'
	it_equal 'a redirect is not followed' "$(result redirect 3 4)" 'refused 302'
	it_equal 'half an answer, but its status' "$(result half 3 4)" 'arrived 200'
	it_equal 'not even a status' "$(result cut 3 4)" 'later 0'
	it_equal 'an answer without end' "$(result huge 3 4)" 'arrived 200'
	it_equal 'a head without end' "$(result head 3 4)" 'arrived 200'
	it_equal 'by field, good' "$(result field-ok 3 4)" 'arrived 200'
	it_equal 'by field, false' "$(result field-false 3 4) $(result field-false)" 'later 200 device disconnected'
	for day in half huge head; do
		it_equal "by field, $day: nobody knows" "$(result field-$day 3 4)" 'unknown 200'
	done
	it_equal 'nobody answers' "$(result hang 3 4)" 'later 0'
	it_between 'in its time' "$(result hang 8)" 1000 2000
	it_match 'nobody listens' "$(result closed 3) $(result closed)" '^later .*connect'
	it_match 'no such name' "$(result nowhere 3) $(result nowhere)" '^later .*resolve'
	it_between 'the good was not delayed' "$(result ok 8)" 0 800
}

section_telegram() {
	local day
	prepare
	gateway 8001
	for day in ok 429 moved gone false; do
		channel "$day" "type = telegram token = \"1:abc\" chat = \"-100\" url = \"http://localhost:8001/tg/$day\""
	done
	send 'ok begin 42 0 - -'
	it_equal 'sent, and its number is known' "$(result ok 3 6)" 'arrived 4711'
	it_equal 'to the bot' "$(asked .path)" /tg/ok/bot1:abc/sendMessage
	it_match 'as HTML' "$(asked '.body | fromjson | .text')" '<b>RSUD &quot;Wahidin&quot; &amp; &lt;Kota&gt;'
	send 'ok recovery 43 42 4711 -100999'
	it_equal 'a recovery replies, where the group is now' \
		"$(asked '.body | fromjson | [.chat_id, .reply_to_message_id] | @text')" '["-100999",4711]'
	send {429,moved,gone,false}' begin 44 0 - -'
	it_equal '429' "$(result 429 3 5)" 'later 35000'
	it_equal 'the group became another' "$(result moved 3 7)" 'later -1001234567890'
	it_equal 'thrown out' "$(result gone 3) $(result gone)" 'refused Forbidden: bot was kicked'
	it_equal 'not ok' "$(result false 3)" later
}

section_presets() {
	prepare
	gateway 8001
	channel ntfy 'type = webhook preset = ntfy url = "http://localhost:8001/ok" target = "noc" token = "tk_1"'
	channel gotify 'type = webhook preset = gotify url = "http://localhost:8001/ok" token = "A1"'
	channel fonnte 'type = webhook preset = fonnte url = "http://localhost:8001/ok" target = "6281" token = "T"'
	channel refused 'type = webhook preset = fonnte url = "http://localhost:8001/false" target = "6281" token = "T"'
	channel mattermost 'type = webhook preset = mattermost url = "http://localhost:8001/ok"'
	channel own 'type = webhook url = "http://localhost:8001/ok" method = PUT user = "u" password = "p" body-type = form body = "t={{title}}&k={{key}}"'
	send 'ntfy begin 1 0 - -'
	it_equal ntfy "$(result ntfy 3) $(asked '.headers.authorization + " " + (.body | fromjson | .topic)')" 'arrived Bearer tk_1 noc'
	send 'gotify begin 1 0 - -'
	it_equal Gotify "$(result gotify 3) $(asked '.path + " " + .headers["x-gotify-key"]')" 'arrived /ok/message A1'
	send 'fonnte begin 1 0 - -'
	it_equal Fonnte "$(result fonnte 3 6) $(asked '.headers.authorization + " " + .headers["content-type"]')" \
		'arrived 80 T application/x-www-form-urlencoded'
	it_match 'its form' "$(asked .body)" '^target=6281&message=RSUD%20%22'
	send 'refused begin 1 0 - -'
	it_equal 'Fonnte, which answers 200' "$(result refused 3) $(result refused)" 'later device disconnected'
	send 'mattermost begin 1 0 - -'
	it_match Mattermost "$(asked '.body | fromjson | .text')" '^\*\*RSUD "Wahidin" & .<Kota'
	send 'own begin 7 0 - -'
	it_equal 'one of our own' "$(asked '[.method, .body, .headers.authorization, .headers["idempotency-key"]] | join(" ")')" \
		"PUT t=RSUD%20%22Wahidin%22%20%26%20%3CKota%3E%20tidak%20terjangkau&k=pantau.m1.7 Basic $(printf u:p | base64) pantau.m1.7"
}

section_tls() {
	prepare
	gateway 8002 "$certs/server.pem" "$certs/server.key"
	channel right "type = webhook url = \"https://localhost:8002/ok\" ca-file = \"$certs/ca.pem\""
	channel other "type = webhook url = \"https://localhost:8002/ok\" ca-file = \"$certs/other.pem\""
	channel system 'type = webhook url = "https://localhost:8002/ok"'
	channel name "type = webhook url = \"https://127.0.0.1:8002/ok\" ca-file = \"$certs/ca.pem\""
	channel none "type = webhook url = \"https://localhost:8002/ok\" ca-file = \"$certs/none.pem\""
	send {right,other,system,name,none}' begin 1 0 - -'
	it_equal 'the right authority' "$(result right 3)" arrived
	it_match 'another' "$(result other 3) $(result other)" '^later .*certificate'
	it_match "not the system's" "$(result system 3) $(result system)" '^later .*certificate'
	it_match 'another name' "$(result name 3) $(result name)" '^later .*(certificate|subject)'
	it_equal 'no such file' "$(result none 3)" later
	it_equal 'nothing was said to those that are not trusted' "$(wc -l <"$it_tmp/gateway.json")" 1
}

section_shares() {
	local i lines=()
	prepare
	gateway 8001
	for i in {1..9}; do
		channel "hang$i" 'type = webhook url = "http://localhost:8001/hang" timeout = 2s'
		lines+=("hang$i begin 1 0 - -" "hang$i begin 2 0 - -" "hang$i begin 3 0 - -")
	done
	channel good 'type = webhook url = "http://localhost:8001/ok"'
	send "${lines[@]}" 'good begin 1 0 - -'
	it_equal 'two of a channel at once' "$(figure busy_total) $(figure postponed_total)" '9 18'
	it_equal 'the good one' "$(result good 3)" arrived
	it_between 'was not delayed' "$(result good 8)" 0 1000
}

# The one that has the network: the other, which runs commands, is known.
courier() {
	pgrep -P "$starter" | grep -vx "$commander"
}

arrived() {
	grep -q "^$1 $2 $3" "$out"
}

section_death() {
	local courier pid
	prepare
	gateway 8001
	channel good 'type = webhook url = "http://localhost:8001/ok"'
	channel hang 'type = webhook url = "http://localhost:8001/hang" timeout = 20s'
	channel brief 'type = webhook url = "http://localhost:8001/hang" timeout = 1s'
	channel siren 'type = command command = {"/bin/sleep", "20"} timeout = 30s'
	echo 'rule "all" { channels = {"good"} }' >>"$conf"
	mkfifo "$it_tmp/fifo"
	it_start tool -- bash -c 'exec "$0" "$1" "$2" sandbox <"$3" >"$4"' "$tool" "$conf" "$program" "$it_tmp/fifo" "$out"
	exec 7>"$it_tmp/fifo"
	echo 'good begin 1 0 - -' >&7
	it_wait_for 10 'one arrives' arrived good 1 arrived
	starter=$(pgrep -P "${it_pids[tool]}" -f pantau-notify)
	commander=$(pgrep -P "$starter" | sort -n | tail -n 1) courier=$(courier)
	for pid in $starter $courier $commander; do
		it_equal "no capability" "$(it_proc CapEff "$pid")$(it_proc CapPrm "$pid")$(it_proc NoNewPrivs "$pid")" \
			000000000000000000000000000000001
		it_equal 'no environment' "$(tr -d '\0' <"/proc/$pid/environ" | wc -c)" 0
	done
	echo 'hang begin 2 0 - -' >&7
	echo 'hang begin 3 0 - -' >&7
	it_wait_for 10 'two hang' bash -c "[ \$(grep -c '\"/hang\"' $it_tmp/gateway.json) = 2 ]"
	kill -KILL "$courier"
	it_wait_for 10 'the first is unknown' arrived hang 2 unknown
	it_wait_for 10 'the second is unknown' arrived hang 3 unknown
	again() {
		echo "good begin $((++n)) 0 - -" >&7
		sleep 0.3
		arrived good "$n" arrived
	}
	n=10
	it_wait_for 10 'another sends on' again
	courier=$(courier)
	kill -STOP "$courier"
	echo 'brief begin 4 0 - -' >&7
	it_wait_for 10 'one that hangs is found out' arrived brief 4 unknown
	it_check 'and killed' it_gone "$courier"
	n=30
	it_wait_for 10 'another sends on' again
	echo 'siren begin 5 0 - -' >&7
	it_wait_for 5 'a command runs' pgrep -f '^/bin/sleep 20'
	kill -KILL "$commander"
	it_wait_for 10 'unknown, too' arrived siren 5 unknown
	it_wait_for 5 'the command ends with it' bash -c '! pgrep -f "^/bin/sleep 20"'
	exec 7>&-
	it_wait_for 10 'the end' it_gone "${it_pids[tool]}"
	it_equal 'each was told once' "$(grep -c -E '^(hang|brief|siren)' "$out")" 4
	it_equal 'counted' "$(figure worker_deaths_total) $(figure worker_hangs_total) $(figure unknown_total)" '2 1 4'
	it_wait_for 5 'nothing stays behind' it_gone "$starter"
}

section_commands() {
	prepare
	it_file "$it_tmp/tell" 755 <<-'E'
		#!/bin/sh
		cat
		env
		pwd
		ls /proc/self/fd
		E
	channel env "type = command command = {\"/bin/sh\", \"-c\", \"$it_tmp/tell >$it_tmp/told\", \"\$(id)\"}"
	channel fails 'type = command command = {"/bin/sh", "-c", "echo tidak bisa >&2; exit 3"}'
	channel slow 'type = command command = {"/bin/sh", "-c", "echo sebentar; sleep 30"} timeout = 1s'
	channel much 'type = command command = {"/bin/sh", "-c", "yes | head -c 3000000; exit 0"}'
	channel deaf 'type = command command = {"/bin/sh", "-c", "exec 0<&-; exit 0"}'
	channel none 'type = command command = {"/nix/tell"}'
	secret=x send {env,fails,slow,much,deaf,none}' begin 1 0 - -'
	it_equal 'one that tells' "$(result env 3 4)" 'arrived 0'
	it_match 'has the message' "$(cat "$it_tmp/told")" 'RSUD "Wahidin" & <Kota> tidak terjangkau'
	it_equal 'and nothing else in its environment' \
		"$(grep -oE '^[A-Za-z_]+=' "$it_tmp/told" | grep -vE '^(PWD|OLDPWD|SHLVL|_)=' | sort | tr -d '\n')" \
		'LANG=PANTAU_ALERT=PANTAU_DELIVERY=PANTAU_DEVICE=PANTAU_KIND=PANTAU_SEVERITY=PANTAU_TITLE=PANTAU_WHAT=PATH='
	it_equal 'one that fails' "$(result fails 3 4) $(result fails)" 'later 3 tidak bisa'
	it_equal 'one that takes too long' "$(result slow 3) $(result slow)" 'later stopped, it took too long'
	it_between 'in its time' "$(result slow 8)" 1000 2500
	it_equal 'one that says much' "$(result much 3)" arrived
	it_equal 'one that does not listen' "$(result deaf 3)" arrived
	it_match 'one that is not there' "$(result none 3 4) $(result none)" '^later 127 .*No such file'
}

it_sections "$@"
