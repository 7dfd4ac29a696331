#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Alerts to Debian's Alertmanager: begun, sent again, over.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/channel_lib.sh"

section_alertmanager() {
	prepare
	it_need prometheus-alertmanager curl
	it_file "$it_tmp/am.yml" <<<'{"route": {"receiver": "none"}, "receivers": [{"name": "none"}]}'
	it_start am -- prometheus-alertmanager --config.file="$it_tmp/am.yml" --storage.path="$it_tmp/am" \
		--web.listen-address=127.0.0.1:9093 --cluster.listen-address= --log.level=warn
	it_wait_for 20 'Alertmanager is ready' curl -sf http://127.0.0.1:9093/-/ready
	channel am 'type = alertmanager url = "http://localhost:9093"'
	alerts() {
		curl -sf "http://127.0.0.1:9093/api/v2/alerts?active=true" | jq -r "$1"
	}
	send 'am begin 42 0 - -'
	it_equal 'it took it' "$(result am 3 4)" 'arrived 200'
	it_equal 'one is active' "$(alerts 'length')" 1
	it_equal 'by its labels' "$(alerts '.[0].labels | [.alertname, .device, .severity, .alert] | join(" ")')" 'device-down opd-07 critical 17'
	it_equal 'with its words' "$(alerts '.[0].annotations.summary')" 'RSUD "Wahidin" & <Kota> tidak terjangkau'
	it_equal 'for some minutes' "$(($(date -d "$(alerts '.[0].endsAt')" +%s) - $(date +%s) > 200))" 1
	send 'am repeat 43 42 - -'
	it_equal 'again, it is the same' "$(alerts 'length')" 1
	send 'am recovery 44 42 - -'
	it_equal 'over' "$(result am 3) $(alerts 'length')" 'arrived 0'
}

it_sections "$@"
