#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Exactness: 200 simulated devices whose counters are known, 5 % of answers lost, others up
# to 2 s late, 10 % of the devices dead, reboots, renumbering and 32-bit wraps while they are
# polled. Every rate is right to 0.1 % or unknown, and unknown only where there is cause.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
it_need ip

ip route add local 10.64.0.0/16 dev lo
sim=$(it_program tests/sim/fleet_sim)
rate=125000 # octets per second
# Most answer at once, some lose one in twenty, some are late; eth0 of the 32-bit ones wraps within the minute.
it_file "$it_tmp/fleet.conf" <<END
10.64.0.0-10.64.0.199 community=public profile=if-mib interfaces=4 shape=flat rate=$rate loss=5
10.64.0.40-10.64.0.79 jitter=2000
10.64.0.80-10.64.0.119 profile=if-mib-32 counter=$(((1 << 32) - rate * 40))
10.64.0.160-10.64.0.179 state=dead
END
it_start sim -- "$sim" --control "$it_tmp/sim.sock" --config "$it_tmp/fleet.conf"
it_wait_for 5 'the simulator is ready' grep -q 'ready: 200 devices' "$it_tmp/sim.log"
it_start bench -- "$(it_program tests/bench/bench_poll)" -p "$it_build/conf/profiles" -n 200 -a 10.64.0.0 \
	-i 16000 -w 24 -s 100 -r "$rate" -b 20000

it_note 'reboots and renumbering while it is polled'
for i in 0 1 2 3 4; do
	sleep 18
	"$sim" --send "$it_tmp/sim.sock" set "10.64.0.$((120 + i * 4))-10.64.0.$((123 + i * 4))" reboot=now >/dev/null
	"$sim" --send "$it_tmp/sim.sock" set "10.64.0.$((140 + i * 4))-10.64.0.$((143 + i * 4))" renumber=$((i + 1)) >/dev/null
done
ended() {
	! it_alive bench
}
it_wait_for 60 'the run ends' ended
it_note "$(grep -E '^values|^devices|^late' "$it_tmp/bench.log" | tr '\n' ' ')"
it_note "$(grep '^stat' "$it_tmp/bench.log" | sed 's/stat pantau_poll_//' | tr '\n' ' ')"
field() {
	sed -n "s/.*\<$1=\([0-9]*\).*/\1/p" "$it_tmp/bench.log" | tail -n 1
}
it_equal 'wrong rates' "$(field wrong)" 0
it_between 'rates that were judged' "$(field judged)" 7000 100000
# Causes: 20 reboots and 20 renumberings, 8 values each; the 32-bit wrap and losses cause none.
it_between 'unknown values' "$(field unknown)" 0 320
it_between 'reboots seen' "$(sed -n 's/^stat pantau_poll_restarts_total=//p' "$it_tmp/bench.log")" 20 20
it_between 'renumberings seen' "$(sed -n 's/^stat pantau_poll_renumbered_total=//p' "$it_tmp/bench.log")" 1 1000
it_done
