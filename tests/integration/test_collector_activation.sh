#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Socket activation: what a service manager has opened is served without a word in the
# configuration, takes the place of the same address there, and answers who came too early.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
it_need curl python3 ss
. "$it_root/tests/integration/collector_lib.sh"
exe=$(it_program collector/pantau-collector) hand=$it_root/tests/integration/hand_socket.py
conf=$it_tmp/collector.conf

# start_with NAME COMMAND...: COMMAND becomes the collector
start_with() {
	local name=$1
	shift
	mkdir -p "$state"
	it_start "$name" -- "$@" "$exe" -c "$conf"
	it_wait_for 10 "$name serves" api status
}
answers() {
	[ "$(curl -s -m 2 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1/api/v1/status")" = 200 ]
}
silent() {
	! curl -s -m 2 -o /dev/null "http://127.0.0.1:$1/"
}
listeners() {
	ss -Htln | awk '{ print $4 }' | sort | paste -sd' '
}

collector_files
sed -i '/^http-listen/d' "$conf"
start_with default "$hand" tcp 8090
it_check 'a socket that was handed over is served' answers 8090
it_equal 'instead of the default' "$(listeners)" 127.0.0.1:8090
it_check 'it says so' grep -q 'sockets=1 msg="handed over by the service manager"' "$it_tmp/default.log"
it_stop default
it_equal 'and ends well' "$it_status" 0

for text in 127.0.0.1:8090 fd:3; do
	collector_files
	sed -i "s/^http-listen.*/http-listen = {\"$text\"}/" "$conf"
	start_with same "$hand" tcp 8090
	it_check "with http-listen = $text too" answers 8090
	it_equal 'it is one socket' "$(listeners)" 127.0.0.1:8090
	it_stop same
done
collector_files
start_with both "$hand" tcp 8090
it_check 'with another address: the one handed over' answers 8090
it_check 'and the configured one' answers 8080
it_stop both
collector_files
sed -i '/^http-listen/d' "$conf"
start_with other env LISTEN_FDS=1 LISTEN_PID=1
it_check 'what was meant for another process is left alone' answers 8080
it_stop other

# The socket is there before the collector is.
start_with early "$hand" early 8091 "$it_tmp/answer"
it_wait_for 10 'who came before it is answered' grep -q '200 OK' "$it_tmp/answer"
it_stop early

# The control socket, too.
collector_files
rm -f "$sock"
start_with unix "$hand" unix "$sock"
it_equal 'a control socket that was handed over may reload' "$(ctl reload)" 'The new configuration is in use.'
it_stop unix
rm -f "$sock"

# What is no listening stream socket is refused.
for kind in datagram deaf; do
	"$hand" $kind 8092 "$exe" -c "$conf" >"$it_tmp/refused" 2>&1
	it_equal "a $kind socket: exit status" $? 1
	it_match 'with what is right' "$(cat "$it_tmp/refused")" 'fd=3 .*ListenStream= and Accept=no'
done
it_done
