#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The demo city from its start to its end, as the NOC would see it, without a browser.
#
#	test_demo_city.sh [OPD HOTSPOTS]	default 6 and 24; the whole city is 51 and 220
. "$(dirname "$0")/lib.sh"

n_opd=${1-6} n_hotspots=${2-24}
poll_s=10
page=127.0.0.1:8080
site=opd-03 # one that hotspots do not depend on

it_isolate "$@"
it_need python3 jq rrdtool unshare
export PANTAU_BUILD=$it_build
# Not below /run, where the city has its own.
state=$(mktemp -d "${TMPDIR:-/tmp}/pantau-city.XXXXXX")
rmdir "$state"
export PANTAU_DEMO_STATE=$state
trap 'city stop >/dev/null; it_ended $?' EXIT

city() {
	"$it_root/tests/demo" "$@"
}

api() {
	python3 -c 'import sys, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
sys.stdout.buffer.write(opener.open(sys.argv[1], timeout=5).read())' "http://$page/api/v1/$1"
}

# Everything that a city could leave behind.
traces() {
	ip -br link
	ip route show table all
	ls -d "$state"* 2>/dev/null
	lsns -n -o TYPE | sort | uniq -c
	ps -eo args= | grep -E 'pantau|city_up|fleet_sim|sim/traffic' | grep -v -e grep -e test_demo_city || true
}

status_is() {
	[ "$(api "devices/$1" | jq -r .status)" = "$2" ]
}

# message_time KIND JQ-CONDITION: when the first such message came in the stream
message_time() {
	local line
	line=$(awk -v kind="$1" '$2 == kind' "$it_tmp/stream.log" |
		jq -R -r --argjson since "$since_ms" 'split(" ") as $w |
			select(($w[0] | tonumber) >= $since) | ($w[2:] | join(" ") | fromjson) |
			select('"$2"') | $w[0]' | head -n 1)
	[ -n "$line" ] && echo "$line"
}

# changed_within STATUS MOST-MS: since told_ms, when the script said that it was done, which is
# some milliseconds after the kernel did it
changed_within() {
	it_wait_for 10 "the stream shows the site $1" message_time device \
		'.id == "'$site'" and .status == "'"$1"'"'
	seen_ms=$(message_time device '.id == "'$site'" and .status == "'"$1"'"')
	it_between "the page shows it $1 after $((seen_ms - told_ms)) ms" $((seen_ms - told_ms)) -150 "$2"
}

time_told() {
	date -d "$(cut -d' ' -f1 "$1")" +%s%3N
}

events_of() {
	api "events?device=$site&limit=100" |
		jq -c "[(.events? // .)[] | select(.time_ms >= $cut_ms - 1000 and (.kind | test(\"$1\")))]"
}

rrd_missing() {
	local id file
	for id in core-1 $(<"$state/sites"); do
		for file in wan0 lan0; do
			[ "$id" = core-1 ] && file=hotspots
			[ -s "$state/rrd/$id/traffic-$file.rrd" ] || echo "$id/$file"
		done
	done
	for id in $(<"$state/living"); do
		ls "$state/rrd/$id"/*.rrd >/dev/null 2>&1 || echo "$id"
	done
}

no_rrd_is_missing() {
	local missing
	missing=$(rrd_missing)
	[ -z "$missing" ] || { echo "missing: $missing" | head -n 3; return 1; }
}

# The series is asked for first: then what waits for the file is in it (a longer range is given from memory for a while).
has_rates() {
	api "series/$site/wan0?range=hour" >/dev/null
	rrdtool fetch "$1" AVERAGE --start -60s | awk '$2 ~ /^[0-9]/ && $2 > 1000 { n++ } END { exit n < 2 }'
}

traces >"$it_tmp/before"

# ---- start ----
begun=$(it_now_ms)
city start --opd "$n_opd" --hotspots "$n_hotspots" --listen "$page" --no-install >"$it_tmp/start.log" 2>&1 ||
	it_fail 'the city does not start'
it_note "started in $(($(it_now_ms) - begun)) ms"
it_equal 'devices known' "$(api devices | jq '(.devices? // .) | length')" $((n_opd + n_hotspots + 1))
it_equal 'the inventory names links that are there' "$(api devices/core-1 |
	jq -c '[.problem, (.links[] | select(.name == "hotspots") | .capacity_in_bps)]')" '[null,2000000000]'
it_match 'started twice: says so' "$(city start)" 'running already'
it_match 'how to ask it by pantauctl' "$(cat "$it_tmp/start.log")" "pantauctl -s http://$page status"
if setpriv --reuid=65534 --regid=65534 --clear-groups "$it_root/tests/demo" --help >/dev/null 2>&1; then
	mkdir -m 700 "$it_tmp/theirs"
	chmod 711 "$it_tmp"
	for command in status stop; do
		it_match "$command of a city that another user started" "$(PANTAU_DEMO_STATE=$it_tmp/theirs \
			setpriv --reuid=65534 --regid=65534 --clear-groups "$it_root/tests/demo" $command 2>&1)" 'belongs to root'
	done
fi
took=$(grep -oE 'are up [0-9]+' "$it_tmp/start.log" | grep -oE '[0-9]+$')
it_between 'seconds until every living device was up' "${took:-999}" 0 $((2 * poll_s))
it_wait_for 40 'an RRD of every link and device is there' no_rrd_is_missing
it_wait_for 60 'the graph has data' has_rates "$state/rrd/$site/traffic-wan0.rrd"
api "graphs/$site/wan0?group=traffic&range=6h&format=png" >"$it_tmp/graph.png"
it_equal 'a graph is a PNG' "$(head -c 4 "$it_tmp/graph.png" | tail -c 3)" PNG
dead=$(comm -13 <(sort "$state/living") <(cut -d, -f1 "$state/inventory.csv" | grep '^hs-' | sort) | head -n 1)
it_wait_for 60 "the dead hotspot $dead is down" status_is "$dead" down

# ---- cut and restore ----
it_start stream -- "$it_root/tests/integration/stream_watch.py" "$page"
it_wait_for 5 'the stream begins' grep -q hello "$it_tmp/stream.log"
city cut "$site" >"$it_tmp/cut.log" || it_fail 'cut failed'
cut_ms=$(time_told "$it_tmp/cut.log")
told_ms=$cut_ms since_ms=$((cut_ms - 150))
changed_within down 1000
it_wait_for 5 'the event is in the log' eval '[ "$(events_of device-down | jq length)" = 1 ]'
it_between 'milliseconds between cut and the time in the event' \
	$(($(events_of device-down | jq '.[0].time_ms') - cut_ms)) -250 250
sleep 3
since_ms=$(it_now_ms)
city restore "$site" >"$it_tmp/restore.log" || it_fail 'restore failed'
told_ms=$(time_told "$it_tmp/restore.log")
changed_within up 2000
# Whatever the site's own, late informs and the next polls say is no news.
sleep $((2 * poll_s + 5))
it_check 'the site is up' status_is "$site" up
it_equal 'one event down, one up' "$(events_of device- | jq -c 'map(.kind) | sort')" \
	'["device-down","device-up"]'
it_equal 'processes ended' "$(grep -c ended "$state/log/city.log")" 0

# ---- stop ----
city stop >"$it_tmp/stop.log" || it_fail 'stop failed'
it_stop stream
traces_are_gone() {
	traces | diff "$it_tmp/before" -
}
it_wait_for 10 'nothing is left' traces_are_gone
it_done
