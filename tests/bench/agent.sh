#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The agent against Debian's snmpd on the same 64 interfaces, in turn: CPU per request (v2c,
# v3 authPriv), CPU and wake-ups while nobody asks, memory, size. Prints medians of the
# rounds, and the ratio, which is what counts: the machine's own speed cancels out. The
# CPU while nobody asks stands also beside its physical limit, a bare wake-up with a bare
# dump of the counters (sample_floor).
#
#	tests/bench/agent.sh [ROUNDS]
#
# IDLE_S: seconds of each look at a program that nobody asks (15).
# PANTAU_BUILD: the build directory (an optimised one: -Dbuildtype=release).
. "$(dirname "$0")/../integration/lib.sh"
rounds=${1-5}
it_isolate "$@"
it_need snmpd python3
export MIBS='' SNMP_PERSISTENT_DIR=/run/snmp-pers SNMPCONFPATH=/nonexistent
agent=$(it_program agent/pantau-agent) && ask=$(it_program tests/bench/agent_ask) || exit 1
floor=$(it_program tests/bench/sample_floor) || exit 1
idle_s=${IDLE_S:-15}
for ((i = 0; i < 32; i++)); do
	ip link add "a$i" type veth peer name "b$i" && ip link set "a$i" up && ip link set "b$i" up ||
		it_skip 'cannot make interfaces'
done
mkdir -p /run/state /run/agent
it_file /run/agent.conf <<'CONF'
site-id = "opd-bench"
listen = {"127.0.0.1:16101"}
users-file = "/run/users.conf"
state-dir = "/run/state"
run-dir = "/run/agent"
max-links = 80
log-level = error
CONF
it_file /run/users.conf 600 <<'CONF'
user "bench" { auth = sha1 auth-passphrase = "auth-secret" priv-passphrase = "priv-secret" }
community "lan" { community = "rahasia" poll = yes }
CONF
it_file /run/snmpd.conf <<'CONF'
agentAddress udp:127.0.0.1:16102
rocommunity rahasia
createUser bench SHA auth-secret AES priv-secret
rouser bench authpriv
CONF
sync # pages of a fresh build that wait to be written count as private and dirty
it_start pantau -- "$agent" -f -c /run/agent.conf
it_start snmpd -- snmpd -f -Lo -C -c /run/snmpd.conf
it_start floor -- "$floor"
it_wait_for 10 'the agent answers' "$ask" 127.0.0.1:16101 "${it_pids[pantau]}" v2c rahasia
it_wait_for 10 'snmpd answers' "$ask" 127.0.0.1:16102 "${it_pids[snmpd]}" v2c rahasia

port() { [ "$1" = pantau ] && echo 16101 || echo 16102; }
idle() { # NAME: microseconds of CPU and wake-ups a second, alone: one look warms the other's
	local pid=${it_pids[$1]} before after switches
	kill -STOP "${it_pids[@]}" && kill -CONT "$pid" && sleep 1.5
	read -r before _ <"/proc/$pid/schedstat"
	switches=$(awk '/^voluntary/ { print $2 }' "/proc/$pid/status")
	sleep "$idle_s"
	read -r after _ <"/proc/$pid/schedstat"
	kill -CONT "${it_pids[@]}"
	echo "idle $(((after - before) / idle_s / 1000)) wakeups $((($(awk '/^voluntary/ { print $2 }' \
		"/proc/$pid/status") - switches) / idle_s))"
}
memory() { # NAME: KiB
	awk '/^Rss:/ { r = $2 } /^Private_Dirty:/ { d = $2 } END { print "rss", r, "dirty", d }' \
		"/proc/${it_pids[$1]}/smaps_rollup"
}
for ((round = 0; round < rounds; round++)); do
	for who in pantau snmpd; do
		for how in 'v2c rahasia' 'v3 bench auth-secret priv-secret'; do
			# shellcheck disable=SC2086
			echo "$who ${how%% *} $("$ask" "127.0.0.1:$(port $who)" "${it_pids[$who]}" $how)" || it_fail "$who $how"
		done
	done
done >/run/asked.txt
for ((round = 0; round < rounds; round++)); do
	for who in snmpd floor pantau; do
		echo "$who idle $(idle $who)"
	done
done >>/run/asked.txt
for who in snmpd pantau; do
	echo "$who memory $(memory $who)"
done >>/run/asked.txt
python3 - /run/asked.txt <<'PY'
import statistics
import sys

found = {}
for line in open(sys.argv[1], encoding="ascii"):
    who, how, *rest = line.split()
    for name, value in zip(rest[::2], rest[1::2]):
        found.setdefault((how, name), {}).setdefault(who, []).append(float(value))
rows = [
    ("v2c", "get12", "GET of 12, v2c, us CPU", 33 / 77), ("v3", "get12", "GET of 12, v3, us CPU", 55 / 105),
    ("v2c", "bulk96", "GETBULK of 96, v2c, us CPU", 180 / 264), ("v3", "bulk96", "GETBULK of 96, v3, us CPU", 205 / 364),
    ("v2c", "roundtrip", "GET of 12, v2c, us round trip", None),
    ("idle", "idle", "nobody asks, us CPU per s", 120 / 2205), ("idle", "wakeups", "nobody asks, wake-ups per s", None),
    ("memory", "rss", "RSS, KiB", 9500 / 13192), ("memory", "dirty", "private dirty, KiB", 1500 / 3308)]
print(f"{'':34}{'pantau':>9}{'snmpd':>9}{'ratio':>8}{'at most':>9}")
for how, name, text, goal in rows:
    ours, theirs = (statistics.median(found[how, name][who]) for who in ("pantau", "snmpd"))
    ratio = ours / theirs if theirs else float("nan")
    mark = "" if goal is None else f"{goal:9.3f}" + ("" if ratio <= goal else "  MISSED")
    print(f"{text:34}{ours:9.1f}{theirs:9.1f}{ratio:8.3f}{mark}")
ours, bare = (statistics.median(found["idle", "idle"][who]) for who in ("pantau", "floor"))
print(f"nobody asks: {ours:.0f} us per s is {ours / bare:.2f} x the {bare:.0f} us of a bare wake-up and dump")
PY
size -B "$agent" 2>/dev/null | tail -1 | awk '{ printf "%-34s%9.1f\n", "binary, text and data, KiB", ($1 + $2) / 1024 }'
cp "$agent" /run/stripped && strip /run/stripped && printf '%-34s%9.1f\n' 'binary, stripped, KiB' \
	"$(stat -c %s /run/stripped | awk '{ print $1 / 1024 }')"
it_done
