#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The HTTP side over real sockets: every route, every limit, the stream, and graphs whose
# workers are killed and stopped under them.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
. "$(dirname "$0")/fixture_lib.sh"
it_need curl jq python3

# status [CURL-OPTION...] PATH: the status of a request
status() {
	curl -sS -m 10 -o /dev/null -w '%{http_code}' --path-as-is "${@:1:$#-1}" "$url${!#}"
}

# headers [CURL-OPTION...] PATH
headers() {
	curl -sS -m 10 -o /dev/null -D - "${@:1:$#-1}" "$url${!#}" | tr -d '\r'
}

api() {
	curl -sS -m 10 "$url/api/v1/$1"
}

probe() {
	python3 "$it_root/tests/integration/http_probe.py" "$fixture_port" "$@"
}

fixture_files
fixture_start

# ---- routes ----
for path in / /style.css /js/app.js /i18n/id.json /i18n/en.json /vendor/uplot/uPlot.esm.js /metrics /api/v1/status \
	/api/v1/devices /api/v1/devices/opd-01 /api/v1/events; do
	it_equal "GET $path" "$(status "$path")" 200
	it_equal "HEAD $path" "$(status -I "$path")" 200
done
for path in /none /index.html/ /api/v1/ /api/v1/none /api/v1/devices/none /api/v1/graphs/none/wan0 /js/ \
	/vendor/uplot/LICENSE; do
	it_equal "no $path" "$(status "$path")" 404
done
it_equal 'nothing stored yet' "$(status /api/v1/series/opd-01/none)" 204
it_equal 'nothing drawn yet' "$(status /api/v1/graphs/opd-01/none)" 204
for path in /../etc/passwd /%2e%2e/%2e%2e/etc/passwd /js/..%2f..%2f..%2fetc/passwd //etc/passwd /js/./app.js; do
	it_equal "refused $path" "$(status "$path")" 400
done
for path in '/api/v1/devices?q=%ff' '/api/v1/events?limit=0' '/api/v1/events?limit=x' '/api/v1/events?before=-1' \
	'/api/v1/graphs/opd-01/wan0?range=decade' '/api/v1/graphs/opd-01/wan0?format=pdf' \
	'/api/v1/graphs/opd-01/wan0?width=9' '/api/v1/graphs/opd-01/wan0?lang=xx'; do
	it_equal "refused $path" "$(status "$path")" 400
done
it_equal 'POST where only GET is' "$(status -X POST /api/v1/devices)" 405
it_equal 'DELETE of a file' "$(status -X DELETE /style.css)" 405
it_match 'what is allowed' "$(headers -X PUT /api/v1/reload)" 'Allow: POST'
it_equal 'too large a body' "$(head -c 70000 /dev/zero | status -X POST --data-binary @- /api/v1/reload)" 413
it_equal 'too long a path' "$(status "/$(printf '%01500d' 0)")" 414
it_equal 'too large a head' "$(status -H "X: $(printf '%09000d' 0)" /)" 431
it_match 'a chunked request' "$(probe raw 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')" ' 501 '
it_match 'garbage' "$(probe raw '\x16\x03\x01\x02\r\n\r\n')" ' 400 '
it_equal 'two requests at once' "$(probe pipeline)" '1 1'

# ---- strangers ----
# A page from elsewhere whose name was made to point here; one whose script asks us.
it_equal 'a name that is not ours' "$(status -H 'Host: evil.example' /api/v1/status)" 421
it_match 'what to write is said' "$(curl -sS -m 5 -H 'Host: evil.example' "$url/")" 'http-hosts = '
it_equal 'one that is configured' "$(status -H 'Host: pantau.example:8080' /api/v1/status)" 200
it_equal 'an address' "$(status -H 'Host: 192.0.2.7:8080' /api/v1/status)" 200
it_equal "this machine's name" "$(status -H "Host: $(hostname)" /api/v1/status)" 200
it_equal 'a page from elsewhere' "$(status -H 'Origin: http://evil.example' /api/v1/status)" 403
it_equal 'our own page' "$(status -H "Origin: $url" /api/v1/status)" 200
it_equal 'they are counted' "$(metric pantau_http_strangers_total)" 3

# ---- headers ----
page=$(headers /)
it_match 'policy of the page' "$page" "Content-Security-Policy: default-src 'none'; script-src 'self';"
it_match 'no sniffing' "$page" 'X-Content-Type-Options: nosniff'
it_match 'no framing' "$page" 'X-Frame-Options: DENY'
etag=$(sed -n 's/^ETag: //p' <<<"$page")
it_equal 'unchanged file' "$(status -H "If-None-Match: $etag" /)" 304
it_equal 'changed file' "$(status -H 'If-None-Match: "x"' /)" 200
it_match 'API is not kept' "$(headers /api/v1/status)" 'Cache-Control: no-store'

# ---- JSON ----
it_equal 'devices' "$(api devices | jq length)" 272
it_equal 'of a kind' "$(api 'devices?kind=opd' | jq length)" 51
it_equal 'found by name' "$(api 'devices?kind=opd&q=puskesmas' | jq length)" 6
it_equal 'in a state' "$(api 'devices?status=down' | jq length)" 0
it_equal 'unknown is null' "$(api devices/opd-01 | jq -c '[.in_bps, .rtt_ms, .links[0].in_bps]')" '[null,null,null]'
it_equal 'counted by state' "$(api status | jq -c '.kinds.opd | [.total, .up, .down]')" '[51,51,0]'
tell status opd-07 down link-down
tell status opd-07 up
it_equal 'events, newest first' "$(api events | jq -c 'map([.kind, .device])')" \
	'[["device-up","opd-07"],["device-down","opd-07"],["collector-start",""]]'
newest=$(api 'events?limit=1' | jq '.[0].id')
it_equal 'older than the newest' "$(api "events?before=$newest" | jq -c 'map(.kind)')" '["device-down","collector-start"]'
it_equal 'the newest alone' "$(api 'events?limit=1' | jq -c 'map(.kind)')" '["device-up"]'
it_equal 'of another device' "$(api 'events?device=opd-08' | jq length)" 0
it_equal 'a device with its events' "$(api devices/opd-07 | jq '.events | length')" 2
it_between 'families of well-formed metrics' "$(probe metrics)" 30 500

# ---- reload ----
it_equal 'reload without token' "$(status -X POST /api/v1/reload)" 401
it_equal 'with a wrong one' "$(status -X POST -H "Authorization: Bearer ${fixture_token}x" /api/v1/reload)" 401
cp "$it_tmp/inventory.csv" "$it_tmp/inventory.good"
sed -i '3s/192\.0\.2\.3/opd-01.example/' "$it_tmp/inventory.csv"
it_equal 'with the token' "$(status -X POST -H "Authorization: Bearer $fixture_token" /api/v1/reload)" 422
it_match 'over the unix socket, with the reasons' \
	"$(curl -sS --unix-socket "$fixture_sock" -X POST http://x/api/v1/reload | jq -r '.errors[0]')" 'inventory.csv:3: address'
it_equal 'mode of the socket' "$(stat -c %a "$fixture_sock")" 660
# Whoever asks a proxy asks through its socket: that is nobody's identity.
it_equal 'not over another unix socket' \
	"$(curl -sS -o /dev/null -w '%{http_code}' --unix-socket "$fixture_page" -X POST http://localhost/api/v1/reload)" 401

# ---- a device is read anew ----
it_equal 'rescan without token' "$(status -X POST /api/v1/devices/opd-01/rescan)" 401
it_equal 'what else there is to POST' "$(status -X POST -H "Authorization: Bearer $fixture_token" /api/v1/devices/opd-01)" 404
it_equal 'of no device' "$(status -X POST -H "Authorization: Bearer $fixture_token" /api/v1/devices/opd-99999/rescan)" 404
it_equal 'a long name' "$(status -X POST -H "Authorization: Bearer $fixture_token" "/api/v1/devices/$(printf 'a%.0s' {1..200})/rescan")" 404
it_equal 'with the token' "$(status -X POST -H "Authorization: Bearer $fixture_token" /api/v1/devices/opd-01/rescan)" 200
it_equal 'devices are still read' "$(status /api/v1/devices/opd-01)" 200
it_equal 'and PUT is nothing' "$(status -X PUT /api/v1/devices/opd-01/rescan)" 405

# ---- graphs ----
tell history opd-01 wan0 1
tell flush
for range in hour 6h day week month year; do
	for lang in id en; do
		curl -sS -m 10 -o "$it_tmp/graph" "$url/api/v1/graphs/opd-01/wan0?range=$range&lang=$lang&theme=light"
		it_equal "PNG, $range, $lang" "$(head -c 8 "$it_tmp/graph" | od -An -tx1 | tr -d ' ')" 89504e470d0a1a0a
	done
	it_match "SVG, $range" "$(api "graphs/opd-01?object=wan0&range=$range&format=svg" | tr -d '\n')" '^<\?xml.*<svg .*</svg>$'
	it_equal "series, $range" "$(api "series/opd-01/wan0?range=$range" |
		jq -c '[.names, (.time | length) == (.data[0] | length), .unit]')" '[["in","out"],true,"bit/s"]'
done
it_equal 'the series is in bits' "$(api 'series/opd-01/wan0?range=6h' |
	jq '[.data[0][] | select(. != null)] | max | . > 1000000 and . < 250000000')" true
starter() {
	pgrep -P "${it_pids[fixture]}" -f pantau-graph-worker
}
workers() {
	pgrep -P "$(starter)" -f pantau-graph-worker
}
two_workers() {
	[ "$(workers | wc -l)" = 2 ]
}
it_wait_for 5 'two workers' two_workers
it_equal 'no worker has crashed' "$(metric pantau_graph_crashes_total)" 0
# A graph that was never asked for: no other picture can be given instead.
anew() {
	echo "/api/v1/graphs/opd-01/wan0?width=$((200 + RANDOM % 1800))&height=$((80 + RANDOM % 900))"
}
# What a worker is not there for, it cannot do.
worker=$(workers | head -1)
worker_status() {
	awk -v k="$1:" '$1 == k { print $2 }' "/proc/$worker/status"
}
if [ "$(worker_status Seccomp)" = 2 ]; then
	it_equal 'no new privileges' "$(worker_status NoNewPrivs)" 1
	call_in() {
		"$(it_program tests/tools/call_in)" "$worker" "$1"
	}
	if [ "$(call_in getuid)" = ok ]; then
		it_equal 'a worker makes no directory' "$(call_in mkdir)" EPERM
		it_equal 'nor a socket' "$(call_in socket-inet)" EPERM
		it_equal 'nor memory to run code in' "$(call_in exec-memory)" EPERM
		it_equal 'and draws on' "$(status "$(anew)")" 200
		it_equal 'one that executes a program' "$(call_in execve)" 'killed by SIGSYS'
		it_wait_for 5 'is replaced' two_workers
	else
		it_note 'no calls from outside on this architecture'
	fi
else
	it_note 'no seccomp here (sanitizers)'
fi
# Killed while idle: the next graph is drawn all the same.
workers | xargs kill -KILL
it_wait_for 5 'two workers again' two_workers
it_equal 'a graph after that' "$(status "$(anew)")" 200
# Killed while drawing: that request fails, the next one does not.
workers | xargs kill -STOP
(status "$(anew)" >"$it_tmp/killed") &
drawing=$!
sleep 0.3
workers | xargs kill -KILL
wait "$drawing"
it_equal 'the graph of a killed worker' "$(cat "$it_tmp/killed")" 500
it_wait_for 5 'it is counted' metric_is pantau_graph_crashes_total 1
it_wait_for 5 'two workers again' two_workers
it_equal 'a graph after that' "$(status "$(anew)")" 200
# A worker that hangs (5 s are allowed).
workers | xargs kill -STOP
it_equal 'the graph of a worker that hangs' "$(status "$(anew)")" 504
it_equal 'it is counted' "$(metric pantau_graph_timeouts_total)" 1
workers | xargs -r kill -CONT
it_wait_for 5 'two workers again' two_workers
it_equal 'a graph after that' "$(status "$(anew)")" 200
# The same one again: not drawn again.
misses() {
	metric pantau_graph_cache_misses_total
}
same=$(anew) before=$(misses)
curl -sS -m 10 -D "$it_tmp/head" -o "$it_tmp/first.png" "$url$same"
curl -sS -m 10 -o "$it_tmp/second.png" "$url$same"
it_check 'the same graph again' cmp "$it_tmp/first.png" "$it_tmp/second.png"
it_equal 'is drawn once' "$(misses)" $((before + 1))
etag=$(sed -n 's/^ETag: \(.*\)\r$/\1/p' "$it_tmp/head")
it_match 'it has a mark' "$etag" '^"[0-9a-f]{16}"$'
it_match 'and an age' "$(cat "$it_tmp/head")" 'Cache-Control: private, max-age=15'
it_equal 'who has it gets no body' "$(curl -sS -m 10 -w '%{http_code} %{size_download}' -H "If-None-Match: $etag" "$url$same")" '304 0'
it_equal 'who has another does' "$(status -H 'If-None-Match: "0123456789abcdef"' "$same")" 200
it_equal 'in the other language it is another' "$(status "$same&lang=en")" 200
it_equal 'which is drawn' "$(misses)" $((before + 2))
# Asked for by many while it is drawn: once.
workers | xargs kill -STOP
before=$(misses) same=$(anew) askers=()
for _ in 1 2 3 4 5 6 7 8 9 10; do
	status "$same" >>"$it_tmp/askers" &
	askers+=($!)
done
it_wait_for 5 'ten ask for one graph' metric_is pantau_graph_cache_joined_total 9
workers | xargs kill -CONT
wait "${askers[@]}"
it_equal 'all get it' "$(grep -o 200 "$it_tmp/askers" | wc -l)" 10
it_equal 'and it was drawn once' "$(misses)" $((before + 1))
it_check 'what is kept is bounded' test "$(metric pantau_graph_cache_bytes)" -le $((4 << 20))
# Clients that go away while they wait.
gone=()
for _ in 1 2 3 4 5 6; do
	curl -sS -m 0.02 -o /dev/null "$url$(anew)&range=year" 2>/dev/null &
	gone+=($!)
done
wait "${gone[@]}"
it_equal 'a graph after that' "$(status "$(anew)")" 200
it_wait_for 5 'no worker is left behind as a zombie' bash -c "! ps -o stat= --ppid $(starter) | grep -q Z"
it_equal 'workers running' "$(metric pantau_graph_workers)" 2

# ---- the stream ----
stream() {
	curl -sSN -m "$1" "${@:2}" "$url/api/v1/stream" 2>/dev/null
}
stream 1 >"$it_tmp/first" || true
id=$(sed -n 's/^id: //p' "$it_tmp/first" | tail -1)
it_match 'hello' "$(cat "$it_tmp/first")" 'event: hello'
it_match 'a new client is not resumed' "$(cat "$it_tmp/first")" '"resumed":false'
tell status opd-09 down no-answer
tell status opd-09 up
stream 1 -H "Last-Event-ID: $id" >"$it_tmp/again" || true
it_match 'one that comes back is' "$(cat "$it_tmp/again")" '"resumed":true'
it_equal 'and gets what it missed, once, in order' \
	"$(sed -n 's/^data: .*"kind":"\(device-[a-z]*\)".*/\1/p' "$it_tmp/again" | paste -sd' ')" 'device-down device-up'
it_match 'an id of another run is not' "$(stream 1 -H 'Last-Event-ID: 1-1')" '"resumed":false'
it_match 'nor a made-up one' "$(stream 1 -H "Last-Event-ID: ${id%-*}-99999")" '"resumed":false'
it_wait_for 5 'no stream is left' metric_is pantau_stream_clients 0

# A client that never reads is dropped; the others go on.
probe deaf &
deaf=$!
it_wait_for 5 'the deaf client listens' metric_is pantau_stream_clients 1
tell auto 0.05
it_wait_for 30 'it is dropped' metric_is pantau_stream_dropped_total 1
it_wait_for 5 'and gone' metric_is pantau_stream_clients 0
kill "$deaf"
it_match 'another goes on' "$(stream 3)" 'event: rates'

# ---- limits ----
# A head that comes octet by octet has 2 s here, whatever it does.
it_equal 'a slow head is cut off' "$(probe slow)" cut
it_between 'it is counted' "$(metric pantau_http_request_timeouts_total)" 1 1
# One that sends requests ahead and never reads: what was replied to them would be kept for it.
memory() {
	awk '/^VmRSS/ { print $2 }' "/proc/${it_pids[fixture]}/status"
}
before=$(memory)
it_equal 'one that asks ahead is left waiting' "$(probe hoard 1 1)" 0
it_check 'and costs no memory' test $(($(memory) - before)) -lt 8000
# 1 MiB may wait for all, a reply has 8 s.
before=$(metric pantau_http_slow_clients_total)
it_between 'of many, the greediest are cut off' "$(probe hoard 40 1)" 10 39
it_check 'they are counted' test "$(metric pantau_http_slow_clients_total)" -gt "$before"
before=$(metric pantau_http_reply_timeouts_total)
it_equal 'a reply has its time, however it is read' "$(probe sip 15)" cut
it_equal 'that is counted' "$(metric pantau_http_reply_timeouts_total)" $((before + 1))
it_wait_for 5 'nothing waits for anybody' metric_is pantau_http_output_bytes 0
# 64 connections are allowed here.
it_equal 'idle connections make room' "$(probe idle 100)" 200
it_between 'they are counted' "$(metric pantau_http_evicted_total)" 36 100
it_equal 'streams are bounded' "$(probe streams 80)" 32
it_wait_for 5 'the rest goes on' metric_is pantau_stream_clients 0
# Places are shared: many who come again and again leave room for one who comes from elsewhere.
siege() {
	it_start "$1" -- python3 "$it_root/tests/integration/http_probe.py" "$fixture_port" "$@"
}
taken() {
	[ "$(metric pantau_http_connections)" -ge "$1" ]
}
siege crowd 200
it_wait_for 10 'all places are taken' taken 64
for _ in 1 2 3 4 5 6 7 8 9 10; do
	it_equal 'a request from elsewhere' "$(status /api/v1/status)" 200
done
it_match 'a stream from elsewhere' "$(stream 3)" 'event: beat|event: hello'
it_equal 'one by the proxy' \
	"$(curl -sS -m 5 -o /dev/null -w '%{http_code}' --unix-socket "$fixture_page" http://localhost/api/v1/status)" 200
siege besiege "$fixture_sock"
for _ in 1 2 3 4 5 6 7 8 9 10; do
	it_equal 'the control socket answers' \
		"$(curl -sS -m 5 -o /dev/null -w '%{http_code}' --unix-socket "$fixture_sock" http://x/api/v1/status)" 200
done
it_stop crowd
it_stop besiege
it_wait_for 5 'no stream is left' metric_is pantau_stream_clients 0
it_check 'the fixture lives' it_alive fixture
fixture_stop
it_check 'the socket is gone' test ! -e "$fixture_sock"

# ---- without a sandbox ----
# Who starts the workers is killed, and they with it. A sandboxed collector can start no process.
fixture_files 'sandbox = no'
fixture_start
it_wait_for 5 'two workers' two_workers
kill -KILL "$(starter)"
it_wait_for 5 'two workers of another one' two_workers
it_equal 'a graph after that' "$(status "$(anew)")" 200
fixture_stop
it_done
