#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Samples into RRD files: right to the millisecond, gaps unknown, nothing lost over a
# restart of the collector or of rrdcached. Read back by rrdtool.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
. "$(dirname "$0")/fixture_lib.sh"
it_need rrdtool rrdcached curl

# fetch FILE DS-NUMBER: the values of the last hour's minutes, "time value"
fetch() {
	rrdtool fetch "$1" AVERAGE -r 60 -s "$base" -e "$((base + 1800))" |
		awk -v column="$(($2 + 1))" '/^[0-9]+:/ { sub(":", "", $1); print $1, $column }'
}

# value FILE DS-NUMBER MINUTE: of the row that ends at that minute after $base
value() {
	fetch "$1" "$2" | awk -v t="$((base + 60 * $3))" '$1 == t { print $2 }'
}

# close_to WHAT GOT WANTED: to one in a million
close_to() {
	it_check "$1: $2 is $3" awk -v a="$2" -v b="$3" 'BEGIN { exit !(a - b < b * 1e-6 && b - a < b * 1e-6) }'
}

base=$(($(date +%s) / 60 * 60 - 3600))
wan=$it_tmp/rrd/opd-01/traffic-wan0.rrd

fixture_files
fixture_start
# Four intervals of a minute that end 250 ms after the full minute.
for k in 1 2 3 4; do
	tell sample opd-01 wan0 $(((base + 60 * k) * 1000 + 250)) 60000 $((1000 * k)) $((10 * k))
done
tell flush
it_equal 'mode of a directory' "$(stat -c %a "$it_tmp/rrd/opd-01")" 750
it_equal 'step' "$(rrdtool info "$wan" | sed -n 's/^step = //p')" 60
it_equal 'heartbeat' "$(rrdtool info "$wan" | sed -n 's/^ds\[in\].minimal_heartbeat = //p')" 180
it_equal 'type' "$(rrdtool info "$wan" | sed -n 's/^ds\[in\].type = //p')" '"GAUGE"'
it_equal 'archives' "$(rrdtool info "$wan" | grep -c '^rra\[[0-9]*\].cf')" 7
it_equal 'rows of 5 minutes for 100 days' "$(rrdtool info "$wan" | sed -n 's/^rra\[1\].rows = //p')" 28800
# A minute holds 250 ms of one interval and 59750 ms of the next.
close_to 'minute 3, in' "$(value "$wan" 1 3)" "$(awk 'BEGIN { printf "%.9g", (250 * 2000 + 59750 * 3000) / 60000 }')"
close_to 'minute 4, in' "$(value "$wan" 1 4)" "$(awk 'BEGIN { printf "%.9g", (250 * 3000 + 59750 * 4000) / 60000 }')"
close_to 'minute 4, out' "$(value "$wan" 2 4)" "$(awk 'BEGIN { printf "%.9g", (250 * 30 + 59750 * 40) / 60000 }')"

# A sample that covers one minute after four without any: they stay unknown, all of them.
tell sample opd-01 wan0 $(((base + 540) * 1000 + 250)) 60000 9000 90
tell flush
close_to 'minute 4 is not thinned out' "$(value "$wan" 1 4)" "$(awk 'BEGIN { printf "%.9g", (250 * 3000 + 59750 * 4000) / 60000 }')"
for k in 5 6 7 8; do
	it_match "minute $k is unknown" "$(value "$wan" 1 $k)" nan
done
close_to 'minute 9 is known' "$(value "$wan" 1 9)" 9000
it_equal 'the gap was counted' "$(metric pantau_rrd_gaps_total)" 1

# One sample over two intervals (a lost answer): its rate holds for both.
tell sample opd-01 wan0 $(((base + 660) * 1000 + 250)) 120000 5000 50
tell flush
close_to 'minute 10' "$(value "$wan" 1 10)" "$(awk 'BEGIN { printf "%.9g", (250 * 9000 + 59750 * 5000) / 60000 }')"
close_to 'minute 11' "$(value "$wan" 1 11)" 5000

# Unknown values stay unknown, one by one.
tell sample opd-01 wan0 $(((base + 720) * 1000 + 250)) 60000 nan 77
tell sample opd-01 wan0 $(((base + 780) * 1000 + 250)) 60000 4000 77
tell flush
it_match 'in is unknown' "$(value "$wan" 1 12)" nan
close_to 'out is known' "$(value "$wan" 2 13)" 77
close_to 'in is known again, not thinned out' "$(value "$wan" 1 13)" 4000

# Not later than the last one: skipped and counted.
tell sample opd-01 wan0 $(((base + 780) * 1000 + 250)) 60000 1 1
tell sample opd-01 wan0 $(((base + 60) * 1000)) 60000 1 1
tell flush
it_equal 'stale ones are counted' "$(metric pantau_rrd_stale_total)" 2
it_equal 'none failed' "$(metric pantau_rrd_failed_total)" 0

# Names from devices.
tell sample opd-01 ge-0/0/1 $(((base + 60) * 1000)) 60000 1 1
tell sample opd-01 .. $(((base + 60) * 1000)) 60000 1 1
tell flush
it_check 'a slash is a name' test -f "$it_tmp/rrd/opd-01/traffic-ge-0%2F0%2F1.rrd"
it_check 'dots are a name' test -f "$it_tmp/rrd/opd-01/traffic-%2E..rrd"
it_equal 'nothing else came to be' "$(find "$it_tmp/rrd" -type f | wc -l)" 3

# A restart goes on in the same file; the time without a collector is unknown.
fixture_stop
fixture_start
tell sample opd-01 wan0 $(((base + 1020) * 1000 + 250)) 60000 3000 30
tell flush
it_match 'minute 16 is unknown' "$(value "$wan" 1 16)" nan
close_to 'minute 17 is known' "$(value "$wan" 1 17)" 3000
close_to 'minute 11 is still known' "$(value "$wan" 1 11)" 5000

# A file that is broken fails alone.
echo garbage >"$it_tmp/rrd/opd-01/traffic-lan0.rrd"
tell sample opd-01 lan0 $(((base + 60) * 1000)) 60000 1 1
tell sample opd-01 wan0 $(((base + 1080) * 1000 + 250)) 60000 3000 30
tell flush
it_equal 'the broken one is counted' "$(metric pantau_rrd_failed_total)" 1
close_to 'the others go on' "$(value "$wan" 1 18)" 3000
fixture_stop

# The same through rrdcached, which goes away and comes back.
daemon() {
	it_start rrdcached -- rrdcached -g -l "unix:$it_tmp/rrdcached.sock" -b "$it_tmp/rrd" -B -j "$it_tmp/journal" \
		-p "$it_tmp/rrdcached.pid" -F
	it_wait_for 10 'rrdcached listens' test -S "$it_tmp/rrdcached.sock"
}
mkdir -p "$it_tmp/journal"
rm -rf "$it_tmp/rrd"
mkdir -p "$it_tmp/rrd"
daemon
fixture_files "rrdcached = \"unix:$it_tmp/rrdcached.sock\""
fixture_start
for k in 1 2 3; do
	tell sample opd-01 wan0 $(((base + 60 * k) * 1000 + 250)) 60000 $((1000 * k)) $((10 * k))
done
it_wait_for 10 'three are written' metric_is pantau_rrd_written_total 3
# By SIGTERM: what a SIGKILL leaves in its journal is its own affair (it buffers 4 KiB, rrd_daemon.c journal_write).
it_stop rrdcached
rm -f "$it_tmp/rrdcached.sock" "$it_tmp/rrdcached.pid"
for k in 4 5; do
	tell sample opd-01 wan0 $(((base + 60 * k) * 1000 + 250)) 60000 $((1000 * k)) $((10 * k))
done
it_wait_for 10 'two wait' metric_is pantau_rrd_queue 2
daemon
it_wait_for 10 'all five are written' metric_is pantau_rrd_written_total 5
it_equal 'none failed' "$(metric pantau_rrd_failed_total)" 0
it_equal 'none was dropped' "$(metric pantau_rrd_dropped_total)" 0
# The worker has it flushed before it reads.
it_match 'a series through rrdcached' \
	"$(curl -sS -m 5 "$url/api/v1/series/opd-01/wan0?range=6h" | jq -c '[.data[0][] | select(. != null)] | length')" '^[45]$'
close_to 'minute 4, flushed' "$(value "$wan" 1 4)" "$(awk 'BEGIN { printf "%.9g", (250 * 3000 + 59750 * 4000) / 60000 }')"
close_to 'minute 5, flushed' "$(value "$wan" 1 5)" "$(awk 'BEGIN { printf "%.9g", (250 * 4000 + 59750 * 5000) / 60000 }')"
fixture_stop
it_done
