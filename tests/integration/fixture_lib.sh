# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced after lib.sh by the tests of the collector's outgoing side: web_fixture.c and its
# commands.
#
#	fixture_files [LINE...]	writes its configuration, with these lines at the end
#	fixture_start		starts it; at $url, $fixture_sock (control) and $fixture_page (for a proxy)
#	tell COMMAND...		gives it a command and waits for its "ok"
#	fixture_stop		ends it in good order

fixture_port=18080
url=http://127.0.0.1:$fixture_port
fixture_sock=$it_tmp/web.sock
fixture_page=$it_tmp/page.sock
fixture_token=kata-kunci-muat-ulang
fixture_told=0

fixture_files() {
	mkdir -p "$it_tmp/state" "$it_tmp/run"
	cp "$it_root/conf/kota-mojokerto/inventory.csv" "$it_tmp/inventory.csv"
	it_file "$it_tmp/collector.conf" <<-E
		inventory = "$it_tmp/inventory.csv"
		credentials = "$it_tmp/credentials.conf"
		profiles-dir = "$it_build/conf/profiles"
		web-dir = "$it_root/collector/web"
		state-dir = "$it_tmp/state"
		rrd-dir = "$it_tmp/rrd"
		run-dir = "$it_tmp/run"
		reload-token-file = "$it_tmp/token"
		place = "Kota Mojokerto"
		user = ""
		http-listen = {"unix:$it_tmp/not-served.sock"}
		trap-listen = {"127.0.0.1:16200"}
		graph-cache = 4M
		http-hosts = {"pantau.example"}
		$(printf '%s\n' "$@")
	E
	it_file "$it_tmp/token" 600 <<<"$fixture_token"
	it_file "$it_tmp/credentials.conf" 600 <<-E
		credential "opd" { version = "v2c" community = "rahasia-opd" }
		credential "hotspot-v2c" { version = "v2c" community = "rahasia-hs" }
		credential "hotspot-v3" { version = "v2c" community = "rahasia-hs3" }
	E
}

fixture_start() {
	rm -f "$it_tmp/in" "$it_tmp/ready"
	mkfifo "$it_tmp/in"
	exec 7<>"$it_tmp/in"
	fixture_told=0
	it_start fixture -- \
		bash -c 'exec "$@" <"$0"' "$it_tmp/in" "$(it_program tests/integration/web_fixture)" \
		"$it_tmp/collector.conf" "$it_tmp/ready" "127.0.0.1:$fixture_port" "control=unix:$fixture_sock" "unix:$fixture_page"
	it_wait_for 10 'the fixture serves' test -s "$it_tmp/ready"
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
