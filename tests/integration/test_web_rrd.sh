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

# last_is VALUE: of "out" in the file of wan0
last_is() {
	rrdtool lastupdate "$wan" | grep -q " $1\$"
}

# more_than NUMBER NAME
more_than() {
	[ "$(metric "$2")" -gt "$1" ]
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
it_equal 'nothing else came to be' "$(find "$it_tmp/rrd" -name .journal -prune -o -type f -print | wc -l)" 3

# A restart goes on in the same file; the time without a collector is unknown.
fixture_stop
fixture_start
tell sample opd-01 wan0 $(((base + 1020) * 1000 + 250)) 60000 3000 30
tell flush
it_match 'minute 16 is unknown' "$(value "$wan" 1 16)" nan
close_to 'minute 17 is known' "$(value "$wan" 1 17)" 3000
close_to 'minute 11 is still known' "$(value "$wan" 1 11)" 5000

# A file that is broken is set aside and begun anew; the others go on.
echo garbage >"$it_tmp/rrd/opd-01/traffic-lan0.rrd"
tell sample opd-01 lan0 $(((base + 60) * 1000)) 60000 1 1
tell sample opd-01 wan0 $(((base + 1080) * 1000 + 250)) 60000 3000 30
tell flush
it_equal 'the broken one is counted' "$(metric pantau_rrd_set_aside_total)" 1
it_equal 'and kept' "$(cat "$it_tmp/rrd/opd-01/traffic-lan0.rrd.damaged")" garbage
it_match 'its series goes on' "$(rrdtool lastupdate "$it_tmp/rrd/opd-01/traffic-lan0.rrd")" "$((base + 60)): 1 1"
it_check 'the operator is told' grep -q 'damaged' <(curl -sS "$url/api/v1/status" | jq -r '.remarks[]' | sed 's/series-set-aside/damaged/')
close_to 'the others go on' "$(value "$wan" 1 18)" 3000

# A FIFO in place of a file holds nobody up.
mkfifo "$it_tmp/rrd/opd-01/traffic-fifo.rrd"
tell sample opd-01 fifo $(((base + 60) * 1000)) 60000 1 1
tell sample opd-01 wan0 $(((base + 1140) * 1000 + 250)) 60000 3000 30
tell flush
close_to 'the others go on beside a FIFO' "$(value "$wan" 1 19)" 3000
rm "$it_tmp/rrd/opd-01/traffic-fifo.rrd"

# What waits is in the journal a second later, whatever becomes of the process, and in its file after the next start: new
# files too.
tell sample opd-01 wan0 $(((base + 1200) * 1000 + 250)) 60000 4000 40
tell sample opd-01 new0 $(((base + 1200) * 1000 + 250)) 60000 5000 50
it_check 'they wait' test "$(metric pantau_rrd_waiting)" -ge 2
before=$(metric pantau_rrd_journal_bytes_total)
it_wait_for 5 'the journal has them' more_than "$before" pantau_rrd_journal_bytes_total
kill -KILL "$(pgrep -f "^$(it_program tests/integration/web_fixture)")"
it_wait_for 5 'the fixture was killed' it_gone "${it_pids[fixture]}"
exec 7>&-
printf 'PANTAU' >>"$(find "$it_tmp/rrd/.journal" -type f | sort | tail -1)" # as torn as a power cut leaves it
fixture_start
tell flush
it_check 'they are read' test "$(metric pantau_rrd_replayed_total)" -ge 2
it_equal 'the torn end was found' "$(metric pantau_rrd_journal_damaged_total)" 1
close_to 'what waited is in its file' "$(value "$wan" 1 20)" "$(awk 'BEGIN { printf "%.9g", (250 * 3000 + 59750 * 4000) / 60000 }')"
it_match 'and in a new one' "$(rrdtool lastupdate "$it_tmp/rrd/opd-01/traffic-new0.rrd")" "$((base + 1200)): 5000 50"
fixture_stop
it_equal 'an end in good order leaves no journal' "$(find "$it_tmp/rrd/.journal" -type f | wc -l)" 0

# A disk that takes no journal: samples go to their files at once, which have their room, and the operator is told.
fixture_start
tell sample opd-01 wan0 $(((base + 1240) * 1000)) 20000 6000 60
tell full yes
tell sample opd-01 wan0 $(((base + 1250) * 1000)) 10000 7000 70
it_wait_for 10 'the journal fails' metric_is pantau_rrd_journal_failing 1
it_wait_for 10 'nothing waits without it' metric_is pantau_rrd_waiting 0
it_match 'all is in the file' "$(rrdtool lastupdate "$wan")" "$((base + 1250)): 7000 70"
it_match 'the operator is told of it' "$(curl -sS "$url/api/v1/status" | jq -c .remarks)" journal-failing
tell sample opd-01 wan0 $(((base + 1255) * 1000)) 5000 7000 71
it_wait_for 5 'the next one is written at once' last_is 71
tell full no
it_wait_for 20 'it works again where there is room' metric_is pantau_rrd_journal_failing 0
it_equal 'nothing failed' "$(metric pantau_rrd_failed_total)" 0
fixture_stop

# Who reads all the time costs no sample.
fixture_start
(while :; do echo "fetch $wan AVERAGE -s $base -e $((base + 1800))"; done) | rrdtool - >/dev/null 2>&1 &
reader=$!
for ((k = 0; k < 300; k++)); do
	tell sample opd-01 wan0 $(((base + 1260 + k) * 1000)) 1000 3000 30
	tell flush
done
kill "$reader"
tell flush
it_equal 'none is lost to a reader' "$(metric pantau_rrd_written_total)" 300
it_equal 'nor failed' "$(metric pantau_rrd_failed_total)" 0
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
it_wait_for 10 'two wait' metric_is pantau_rrd_waiting 2
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
