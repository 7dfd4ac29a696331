#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Icinga 2 of Debian, what `pantauctl export icinga2` writes for the whole city, and check_pantau: no
# warning, a state for each host, a cut with what lies behind it, its end. Read by its API.
. "$(dirname "$0")/../integration/lib.sh"
it_isolate "$@"
. "$(dirname "$0")/../integration/fixture_lib.sh"
. "$(dirname "$0")/servers_lib.sh"
it_need icinga2 openssl curl jq

dir=$it_tmp/icinga api=https://localhost:5665/v1
servers_user "$dir"
servers_run mkdir -p "$dir/lib/certs" "$dir/log" "$dir/cache" "$dir/spool" "$dir/run"

fixture_files
fixture_start
tell rates

# The listener wants a certificate of its node's name and the authority of it.
servers_run sh -c '
	cd "$1" || exit 1
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=Test CA" -keyout ca.key -out ca.crt &&
	openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout localhost.key -out localhost.csr &&
	echo "subjectAltName=DNS:localhost" >ext &&
	openssl x509 -req -in localhost.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile ext \
		-out localhost.crt' sh "$dir/lib/certs" >"$it_tmp/openssl.log" 2>&1 || it_fail 'certificates'
servers_export icinga2 >"$it_tmp/pantau.conf" || it_fail 'no export'
cat >"$it_tmp/icinga2.conf" <<E2
const NodeName = "localhost"
const ZoneName = NodeName
const TicketSalt = ""
const PluginDir = "/usr/lib/nagios/plugins"
include <itl>
include <plugins>
object Endpoint NodeName { }
object Zone ZoneName { endpoints = [ NodeName ] }
object CheckerComponent "checker" { }
object ApiListener "api" { bind_host = "127.0.0.1" }
object ApiUser "test" {
	password = "test"
	permissions = [ "*" ]
}
include "$it_tmp/pantau.conf"
E2
# five seconds instead of a minute
sed -i 's/_interval = 1m/_interval = 5s/' "$it_tmp/pantau.conf"
chmod 644 "$it_tmp"/*.conf
chmod 600 "$it_tmp/credentials.conf"
user=$(servers_run id -un) group=$(servers_run id -gn)
defines=()
for at in ConfigDir="$dir" DataDir="$dir/lib" LogDir="$dir/log" CacheDir="$dir/cache" SpoolDir="$dir/spool" \
	InitRunDir="$dir/run" PidPath="$dir/run/icinga2.pid" RunAsUser="$user" RunAsGroup="$group"; do
	defines+=(-D "Configuration.$at")
done
export ICINGA2_USER=$user ICINGA2_GROUP=$group
verdict=$(servers_run icinga2 daemon -C -c "$it_tmp/icinga2.conf" "${defines[@]}" 2>&1)
it_check 'it is right' grep -q 'Finished validating the configuration file' <<<"$verdict"
it_equal 'and has no warning' "$(grep -c 'warning/' <<<"$verdict")" 0
it_match 'hosts: all devices and the collector' "$verdict" 'Instantiated 273 Hosts'

ask() {
	curl -s --cacert "$dir/lib/certs/ca.crt" -u test:test "$api/$1"
}

# host NAME ATTRIBUTE
host() {
	ask "objects/hosts/$1" | jq -r ".results[0].attrs.$2"
}

is() {
	[ "$(host "$2" "$3")" = "$1" ]
}

all_up() {
	[ "$(ask 'objects/hosts?attrs=state&attrs=last_check_result' |
		jq '[.results[].attrs | select(.state == 0 and .last_check_result != null)] | length')" = 273 ]
}

servers_start icinga icinga2 daemon -c "$it_tmp/icinga2.conf" "${defines[@]}"
it_wait_for 90 'each host and the collector are up' all_up
link_is_ok() {
	ask 'objects/services/opd-01!link%20wan0' |
		jq -e '.results[0].attrs | .last_check_result != null and .state == 0' >/dev/null
}

it_wait_for 30 'a link has its state' link_is_ok

tell status opd-45 down no-answer
tell status hs-001 unreachable parent-down
it_wait_for 30 'the office is down' is 1 opd-45 state
it_wait_for 30 'what is behind it is not reachable' is false hs-001 last_reachable
it_equal 'another one is' "$(host hs-003 last_reachable)" true
tell status opd-45 up ''
tell status hs-001 up ''
it_wait_for 30 'it is up again' is 0 opd-45 state
it_wait_for 30 'so is what is behind it' is 0 hs-001 state
it_stop icinga
fixture_stop
it_done
