#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# bench_ping in a namespace of its own: ten thousand addresses on loopback, nobody else's pings.
#
#	tests/bench/bench_ping.sh [BUILD [SECONDS]]
set -eu
build=${1-$(dirname "$0")/../../build}
bench=$build/tests/bench/bench_ping
[ -x "$bench" ] || { echo "$bench is not built"; exit 1; }
exec unshare --net --map-root-user --user sh -c 'ip link set lo up && exec "$@"' sh "$bench" ${2-}
