#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Debian's Prometheus: both forms of /metrics and /metrics/network pass promtool and a real scrape, devices are found by
# http_sd, a cut is there at the next scrape, and each expression of the dashboards gives something.
. "$(dirname "$0")/../integration/lib.sh"
it_isolate "$@"
. "$(dirname "$0")/../integration/fixture_lib.sh"
. "$(dirname "$0")/servers_lib.sh"
it_need prometheus promtool curl jq

dir=$it_tmp/prometheus
servers_user "$dir"
fixture_files
fixture_start
tell rates

# form PATH ACCEPT
form() {
	curl -sS -m 10 -H "Accept: $2" "$url$1"
}

for path in /metrics /metrics/network; do
	form "$path" text/plain >"$it_tmp/page"
	promtool check metrics <"$it_tmp/page" >"$it_tmp/promtool.out" 2>&1
	it_equal "promtool has nothing to say of $path" "$? $(head -3 "$it_tmp/promtool.out")" '0 '
	it_equal "no sample of $path stands twice" "$(grep -v '^#' "$it_tmp/page" | sed 's/ [^ ]*$//' | sort | uniq -d | head -3)" ''
done
it_equal 'OpenMetrics ends as it must' "$(form /metrics/network 'application/openmetrics-text; version=1.0.0' | tail -1)" '# EOF'
it_equal 'each device has its info' "$(form /metrics/network text/plain | grep -c '^pantau_device_info{')" 272
it_equal 'and is a target' "$(form /api/v1/sd application/json | jq 'length')" 272
it_equal 'with what the inventory says' "$(form /api/v1/sd application/json | jq -r '.[] | select(.labels.__meta_pantau_device == "opd-07").labels.__meta_pantau_kind')" opd
it_equal 'HEAD has no body' "$(curl -sS -m 5 -I "$url/metrics/network" | grep -ci '^transfer-encoding: chunked')" 1
it_equal 'HTTP/1.0 too' "$(curl -sS -m 5 -0 "$url/metrics/network" | grep -c '^pantau_device_info{')" 272

cp "$it_root"/conf/prometheus/*.yml "$it_tmp/"
verdict=$(cd "$it_tmp" && promtool check config prometheus.yml 2>&1)
it_match 'the shipped configuration and rules are right' "$verdict" '5 rules found'
# Each expression of the guide and of the rules is asked for below.
expressions=$(grep -hE '^    (pantau_|topk|avg|sum)' "$it_root/conf/prometheus/README.md"
	sed -n 's/^    expr: //p' "$it_root/conf/prometheus/pantau-rules.yml")
it_equal 'both guides have the same ones' "$(grep -hE '^    (pantau_|topk|avg|sum)' "$it_root/conf/prometheus/README.id.md")" \
	"$(grep -hE '^    (pantau_|topk|avg|sum)' "$it_root/conf/prometheus/README.md")"

cat >"$it_tmp/prometheus.yml" <<E2
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
- job_name: pantau
  metrics_path: /metrics
  static_configs: [{targets: ["127.0.0.1:$fixture_port"]}]
- job_name: network
  metrics_path: /metrics/network
  static_configs: [{targets: ["127.0.0.1:$fixture_port"]}]
- job_name: found
  metrics_path: /metrics
  http_sd_configs: [{url: "$url/api/v1/sd", refresh_interval: 5s}]
  relabel_configs:
  - {source_labels: [__meta_pantau_device], regex: opd-07, action: keep}
  - {source_labels: [__meta_pantau_device], target_label: device}
  - {replacement: "127.0.0.1:$fixture_port", target_label: __address__}
E2
chmod 644 "$it_tmp/prometheus.yml"
it_check 'promtool takes the configuration' promtool check config "$it_tmp/prometheus.yml"

# value EXPRESSION: of the first sample
value() {
	curl -sS -m 5 --data-urlencode "query=$1" http://127.0.0.1:9090/api/v1/query | jq -r '.data.result[0].value[1] // "none"'
}

is() {
	[ "$(value "$2")" = "$1" ]
}

gives() {
	[ "$(value "$1")" != none ]
}

servers_start prometheus prometheus --config.file="$it_tmp/prometheus.yml" --storage.tsdb.path="$dir/data" \
	--web.listen-address=127.0.0.1:9090
it_wait_for 30 'the network is scraped' is 1 'up{job="network"}'
it_wait_for 10 'and the collector' is 1 'up{job="pantau"}'
it_wait_for 15 'a device is found by http_sd' is 1 'up{job="found",device="opd-07"}'
it_wait_for 10 'all devices are up' is 272 'sum(pantau_device_up)'
it_check 'traffic is there' test "$(value 'sum(pantau_link_receive_bytes_per_second)')" != none
tell status opd-45 down no-answer
it_wait_for 10 'a cut is there' is 0 'pantau_device_up{device="opd-45"}'
it_wait_for 10 'with its alert' is 1 'sum(pantau_alert{device="opd-45",kind="device-down"})'
it_equal 'joined with its name' "$(value 'count(pantau_device_state{status="down"} * on (device) group_left (name) pantau_device_info)')" 1
# Of every panel of the dashboards, for a site and a provider that there are.
while IFS= read -r expression; do
	it_wait_for 10 "a panel gives something: $expression" gives "$expression"
done < <(jq -r '.. | .expr? // empty' "$it_root"/conf/grafana/*.json | sed 's/\$device/opd-01/g; s/\$provider/Jaringan Pemkot/g')
it_equal 'each dashboard has a name of its own' "$(jq -r '.uid' "$it_root"/conf/grafana/*.json | sort -u | wc -l)" 4
while IFS= read -r expression; do
	case $expression in
	up* | pantau_store* | *wifi_clients*) want='none|[0-9.]+' ;; # nothing is wrong; the fixture has no radios
	*) want='^[0-9.e+-]+$' ;;
	esac
	it_match "$expression" "$(value "$expression")" "$want"
done <<<"$expressions"
tell status opd-45 up ''
it_wait_for 10 'it is up again' is 272 'sum(pantau_device_up)'
it_wait_for 10 'and the alert is over' is none 'pantau_alert'
it_stop prometheus
fixture_stop
it_done
