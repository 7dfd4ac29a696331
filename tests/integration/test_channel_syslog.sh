#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Syslog to rsyslog by UDP, TCP and TLS.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/channel_lib.sh"

section_syslog() {
	prepare
	it_need rsyslogd
	ls /usr/lib/*/rsyslog/lmnsd_ossl.so >/dev/null 2>&1 || it_skip 'needs rsyslog-openssl'
	it_file "$it_tmp/rsyslog.conf" <<-E
		global(workDirectory="$it_tmp" DefaultNetstreamDriver="ossl" DefaultNetstreamDriverCAFile="$certs/ca.pem"
			DefaultNetstreamDriverCertFile="$certs/server.pem" DefaultNetstreamDriverKeyFile="$certs/server.key")
		module(load="imudp")
		module(load="imptcp")
		module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
		input(type="imudp" port="5140" address="127.0.0.1" ruleset="r")
		input(type="imptcp" port="5141" address="127.0.0.1" ruleset="r")
		input(type="imtcp" port="5142" address="127.0.0.1" ruleset="r")
		template(name="t" type="string" string="%protocol-version%|%pri%|%timestamp:::date-rfc3339%|%hostname%|%app-name%|%msgid%|%structured-data%|%msg%\n")
		ruleset(name="r") { action(type="omfile" file="$it_tmp/syslog" template="t") }
		E
	it_start rsyslog -- rsyslogd -n -f "$it_tmp/rsyslog.conf" -i "$it_tmp/rsyslog.pid"
	it_wait_for 10 'rsyslog listens' bash -c 'ss -Hltn "sport = :5142" | grep -q . && ss -Hlun "sport = :5140" | grep -q .'
	channel udp 'type = syslog host = localhost port = 5140'
	channel tcp 'type = syslog host = localhost port = 5141 transport = tcp'
	channel tls "type = syslog host = localhost port = 5142 transport = tls ca-file = \"$certs/ca.pem\""
	channel other "type = syslog host = localhost port = 5142 transport = tls ca-file = \"$certs/other.pem\""
	channel no-udp 'type = syslog host = localhost port = 5149'
	channel no-tcp 'type = syslog host = localhost port = 5149 transport = tcp'
	logged() {
		grep -q "delivery=\"$1\"" "$it_tmp/syslog"
	}
	send {udp,tcp,tls,other,no-udp,no-tcp}' begin 42 0 - -' 'tls recovery 43 42 - -'
	it_equal 'by UDP, TCP and TLS' "$(result udp 3) $(result tcp 3) $(result tls 3 | sort -u)" 'arrived arrived arrived'
	it_match 'another authority' "$(result other 3) $(result other)" '^later .*certificate'
	it_match 'nobody there, UDP' "$(result no-udp 3) $(result no-udp)" '^later Connection refused'
	it_match 'nobody there, TCP' "$(result no-tcp 3)" later
	it_wait_for 5 'the last is written' logged 43
	it_wait_for 5 'all are' bash -c "[ \$(wc -l <$it_tmp/syslog) = 4 ]"
	it_equal 'three are alike' "$(grep -c -E '^1\|26\|20.*\|noc\|pantau-collector\|begin\|\[pantau@8072 what="begin" delivery="42" alert="17" kind="device-down" severity="critical" device="opd-07"\]\|.*RSUD "Wahidin" & <Kota> tidak terjangkau \| Sejak: 14.05 WIB' "$it_tmp/syslog")" 3
	it_equal 'the recovery is a notice' "$(grep -c '^1|29|.*|recovery|.* thread="42"' "$it_tmp/syslog")" 1
}

it_sections "$@"
