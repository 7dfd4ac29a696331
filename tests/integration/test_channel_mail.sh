#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Mail to a real server, with TLS and a login, on its bad days too.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/channel_lib.sh"

mail_server() { # PORT DAY
	it_start "mail-$2" -- "$python" "$it_root/tests/integration/receivers.py" smtp "$1" "$it_tmp/mail-$2.json" \
		"$certs/server.pem" "$certs/server.key" "$2"
	it_wait_for 15 "the mail server listens ($2)" listening "$1"
}

# mailed DAY JQ-FILTER: of the last mail
mailed() {
	tail -n 1 "$it_tmp/mail-$1.json" | jq -r "$2"
}

section_mail() {
	local day python port=2500 account='user = "pantau" password = "kata-sandi"'
	prepare
	# a module of the system's own Python
	for python in python3 /usr/bin/python3; do
		"$python" -c 'import aiosmtpd' 2>/dev/null && break
		python=
	done
	[ -n "$python" ] || it_skip 'needs python3-aiosmtpd'
	for day in starttls tls plain grey none; do
		mail_server $((++port)) "$day"
	done
	to="host = localhost from = \"pantau@example.go.id\" to = {\"noc@example.go.id\", \"xena@example.go.id\"} ca-file = \"$certs/ca.pem\""
	channel starttls "type = mail port = 2501 security = starttls $to $account"
	channel tls "type = mail port = 2502 security = tls $to"
	channel plain "type = mail port = 2503 security = none $to"
	channel grey "type = mail port = 2504 security = none $to"
	channel none "type = mail port = 2505 security = none $to"
	channel password "type = mail port = 2501 security = starttls $to user = \"pantau\" password = \"lain\""
	channel stripped "type = mail port = 2503 security = starttls $to"
	channel other "type = mail port = 2502 security = tls ${to/ca.pem/other.pem}"
	send {starttls,tls,plain,grey,none,password,stripped,other}' begin 42 0 - -'
	it_equal 'STARTTLS and login' "$(result starttls 3 4)" 'arrived 250'
	it_equal 'it is a mail' "$(mailed starttls '[.from, (.to | join(",")), .subject, .id, (.reply // "-"), .tls, (.defects | length)] | @text')" \
		'["pantau@example.go.id","noc@example.go.id,xena@example.go.id","RSUD \"Wahidin\" & <Kota> tidak terjangkau","<pantau.m1.42@example.go.id>","-",true,0]'
	it_match 'its text' "$(mailed starttls '.parts["text/plain"]')" 'Sejak: 14.05 WIB'
	it_match 'its HTML' "$(mailed starttls '.parts["text/html"]')" '<td>14.05 WIB</td>'
	it_between 'no line is too long' "$(mailed starttls .longest)" 60 78
	it_match 'its date is now' "$(date -d "$(mailed starttls .date)" +%s)" "^$(date +%s | cut -c1-7)"
	it_equal 'TLS from the start' "$(result tls 3 4) $(mailed tls .tls)" 'arrived 250 true'
	it_equal 'without' "$(result plain 3)" arrived
	it_equal 'grey list' "$(result grey 3 4) $(result grey)" 'later 450 450 come again later'
	it_equal 'one address is wrong' "$(result none 3) $(mailed none '.to | join(",")')" 'arrived noc@example.go.id'
	it_equal 'and is named' "$(result none)" '550 no such mailbox'
	it_equal 'a wrong password' "$(result password 3 4)" 'refused 535'
	it_match 'no STARTTLS is offered: no mail' "$(result stripped 3) $(wc -l <"$it_tmp/mail-plain.json")" 'later 1'
	it_match 'another authority' "$(result other 3) $(result other)" '^later .*certificate'
	send 'starttls recovery 43 42 - -'
	it_equal 'the recovery answers' "$(mailed starttls '[.id, .reply, .references] | join(" ")')" \
		'<pantau.m1.43@example.go.id> <pantau.m1.42@example.go.id> <pantau.m1.42@example.go.id>'
}

it_sections "$@"
