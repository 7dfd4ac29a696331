#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Nagios 4 of Debian with its own templates, what `pantauctl export nagios` writes for the whole city,
# and check_pantau: no warning, a state for each host, a cut with what lies behind it, its end.
. "$(dirname "$0")/../integration/lib.sh"
it_isolate "$@"
. "$(dirname "$0")/../integration/fixture_lib.sh"
. "$(dirname "$0")/servers_lib.sh"
it_need nagios4 curl jq
[ -d /etc/nagios4/objects ] || it_skip 'nagios4-common is not installed: no /etc/nagios4/objects'

dir=$it_tmp/nagios
servers_user "$dir"
servers_run mkdir -p "$dir/spool" "$dir/tmp"

fixture_files
fixture_start
tell rates
servers_export nagios >"$it_tmp/pantau.cfg" || it_fail 'no export'
it_equal 'hosts: all devices and the collector' "$(grep -c '^	host_name .*\(core\|opd\|hs\)-' <(sed -n '/^define host {/,/^}/p' "$it_tmp/pantau.cfg"))" 272

# Debian's nagios.cfg and objects with paths of the test's own.
{
	grep -E '^(illegal|translate|passive|check_|accept|enable_flap|additional|cached|date_format)' /etc/nagios4/nagios.cfg
	cat <<-E2
		log_file=$dir/nagios.out
		cfg_file=/etc/nagios4/objects/commands.cfg
		cfg_file=/etc/nagios4/objects/contacts.cfg
		cfg_file=/etc/nagios4/objects/timeperiods.cfg
		cfg_file=/etc/nagios4/objects/templates.cfg
		cfg_file=$it_tmp/pantau.cfg
		object_cache_file=$dir/objects.cache
		precached_object_file=$dir/objects.precache
		status_file=$dir/status.dat
		status_update_interval=1
		command_file=$dir/nagios.cmd
		lock_file=$dir/nagios.lock
		temp_file=$dir/nagios.tmp
		temp_path=$dir/tmp
		check_result_path=$dir/spool
		state_retention_file=$dir/retention.dat
		query_socket=$dir/nagios.qh
		check_for_updates=0
		use_syslog=0
		enable_notifications=0
		check_external_commands=1
		max_host_check_spread=1
		max_service_check_spread=1
		host_inter_check_delay_method=n
		service_inter_check_delay_method=n
		check_result_reaper_frequency=1
	E2
} | sed '/^check_result_path=\/var/d;/^check_for_updates=1/d' >"$it_tmp/nagios.cfg"
chmod 644 "$it_tmp"/*.cfg
verdict=$(servers_run nagios4 -v "$it_tmp/nagios.cfg" 2>&1)
it_match 'it is right' "$verdict" 'Total Errors: *0'
it_match 'and has no warning' "$verdict" 'Total Warnings: *0'

# state KIND HOST [SERVICE]: its state, once it was checked
state() {
	awk -v kind="$1" -v host="$2" -v service="${3-}" '
		$0 ~ "^" kind " \\{" { inside = 1; h = s = state = ""; checked = 0 }
		!inside { next }
		{ sub(/^[ \t]+/, "") }
		sub(/^host_name=/, "") { h = $0 }
		sub(/^service_description=/, "") { s = $0 }
		sub(/^has_been_checked=/, "") { checked = $0 }
		sub(/^current_state=/, "") { state = $0 }
		/^}/ { inside = 0; if (h == host && s == service && checked) print state }
	' "$dir/status.dat" 2>/dev/null
}

is() {
	[ "$(state "${@:2}")" = "$1" ]
}

count_up() {
	[ "$(sed -n '/^hoststatus {/,/}/p' "$dir/status.dat" 2>/dev/null | grep -c 'plugin_output=OK - ')" -ge "$1" ]
}

# Not to wait for its next minute.
check_now() {
	local host
	for host; do
		echo "[$(date +%s)] SCHEDULE_FORCED_HOST_CHECK;$host;$(date +%s)" >"$dir/nagios.cmd"
	done
}

servers_start nagios nagios4 "$it_tmp/nagios.cfg"
it_wait_for 60 'each host and the collector are OK' count_up 273
it_wait_for 30 'a link has its state' is 0 servicestatus opd-01 'Link wan0'

tell status opd-45 down no-answer
tell status hs-001 unreachable parent-down
check_now opd-45
it_wait_for 30 'the office is down' is 1 hoststatus opd-45
check_now hs-001
it_wait_for 30 'what is behind it is unreachable' is 2 hoststatus hs-001
it_equal 'another one is not' "$(state hoststatus hs-003)" 0
tell status opd-45 up ''
tell status hs-001 up ''
check_now opd-45 hs-001
it_wait_for 30 'it is up again' is 0 hoststatus opd-45
it_wait_for 30 'so is what is behind it' is 0 hoststatus hs-001
it_stop nagios
fixture_stop
it_done
