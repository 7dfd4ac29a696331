# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced behind lib.sh by the tests of channels: messages by a notification file, to receivers
# that the test starts.

conf=$it_tmp/notify.conf out=$it_tmp/out certs=$it_tmp/certs

prepare() {
	it_need python3 jq openssl
	tool=$(it_program tests/tools/channel_tool) && program=$(it_program collector/pantau-notify) || exit 1
	mkdir -p "$certs"
	(cd "$certs" && for ca in ca other; do
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=Test $ca" \
			-keyout "$ca.key" -out "$ca.pem" -addext basicConstraints=critical,CA:TRUE
	done && openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \
		-keyout server.key -out server.csr &&
		openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -days 2 -out server.pem \
			-extfile <(echo 'subjectAltName=DNS:localhost')) >"$it_tmp/openssl.out" 2>&1 ||
		it_fail "certificates: $(cat "$it_tmp/openssl.out")"
	echo '127.0.0.1 localhost' >"$it_tmp/hosts" && mount --bind "$it_tmp/hosts" /etc/hosts || it_skip 'cannot set /etc/hosts'
}

# channel NAME TEXT
channel() {
	echo "channel \"$1\" { $2 }" >>"$conf"
}

# send LINE...: messages, all at once, results in $out and the figures behind them
send() {
	grep -q '^rule' "$conf" || echo 'rule "all" { channels = {"'"$(sed -n '1s/channel "\([^"]*\)".*/\1/p' "$conf")"'"} }' >>"$conf"
	printf '%s\n' "$@" | "$tool" "$conf" "$program" sandbox >"$out" 2>"$it_tmp/tool.log" || it_fail "channel_tool: $?"
}

# result CHANNEL [FIELD...]: of its line, by number; all from the ninth on is the answer
result() {
	awk -v name="$1" -v fields="${*:2}" '$1 == name {
		n = split(fields, f, " "); text = ""
		for (i = 1; i <= n; i++) text = text (i > 1 ? " " : "") $f[i]
		if (n == 0) { text = $9; for (i = 10; i <= NF; i++) text = text " " $i }
		print text
	}' "$out"
}

figure() {
	awk -v name="pantau_notifier_$1" '$1 == name { print $2 }' "$out"
}

listening() {
	ss -Hltun "sport = :$1" | grep -q .
}

gateway() { # PORT [CERT KEY]
	it_start "gateway$1" -- python3 "$it_root/tests/integration/receivers.py" http "$1" "$it_tmp/gateway.json" "${@:2}"
	it_wait_for 10 "the gateway listens" listening "$1"
}

# asked JQ-FILTER: of the gateway's last request
asked() {
	tail -n 1 "$it_tmp/gateway.json" | jq -r "$1"
}
