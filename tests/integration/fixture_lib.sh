# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced after lib.sh by the tests of the collector's outgoing side: web_fixture.c and its
# commands.
#
#	fixture_start		starts it; $url and $fixture_sock are then set
#	tell COMMAND...		gives it a command and waits for its "ok"
#	fixture_stop		ends it in good order

fixture_port=18080
url=http://127.0.0.1:$fixture_port
fixture_sock=$it_tmp/web.sock
fixture_told=0

fixture_start() {
	mkdir -p "$it_tmp"
	rm -f "$it_tmp/in" "$it_tmp/port"
	mkfifo "$it_tmp/in"
	exec 7<>"$it_tmp/in"
	fixture_told=0
	FIXTURE_WORKER=$(it_program collector/pantau-graph-worker) it_start fixture -- \
		bash -c 'exec "$@" <"$0"' "$it_tmp/in" "$(it_program tests/integration/web_fixture)" \
		"$it_root/conf/kota-mojokerto/inventory.csv" "$it_tmp/rrd" "$it_root/collector/web" "$it_tmp/port" \
		"127.0.0.1:$fixture_port" "unix:$fixture_sock"
	it_wait_for 10 'the fixture serves' test -s "$it_tmp/port"
}

fixture_answers() {
	[ "$(grep -cE '^(ok|error)$' "$it_tmp/fixture.log")" -ge "$fixture_told" ]
}

tell() {
	fixture_told=$((fixture_told + 1))
	echo "$*" >&7
	local n
	for ((n = 0; n < 1000; n++)); do
		fixture_answers && break
		sleep 0.02
	done
	fixture_answers || it_fail "no answer to: $*"
	[ "$(grep -E '^(ok|error)$' "$it_tmp/fixture.log" | sed -n "${fixture_told}p")" = ok ] || it_fail "refused: $*"
}

fixture_stop() {
	echo quit >&7
	it_wait_for 10 'the fixture ends' it_gone "${it_pids[fixture]}"
	it_stop fixture
	it_equal 'its exit status (a sanitizer would complain)' "$it_status" 0
	exec 7>&-
}

# metric NAME: a figure of /metrics
metric() {
	curl -sS -m 5 "$url/metrics" | awk -v name="$1" '$1 == name { print $2 }'
}

# metric_is NAME VALUE
metric_is() {
	[ "$(metric "$1")" = "$2" ]
}
