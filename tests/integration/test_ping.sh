#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Two kinds of evidence: real SNMP agents and real ICMP, IPv4 and IPv6, behind a router that forwards.
# What answers pings is never called down, what is pinged alone is judged by that, and round trip,
# jitter and loss are what the line was given.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/collector_lib.sh"

# city: noc - core - site, core - hs; snmpd on core and site
city() {
	local at
	it_need ip snmpd snmpget sqlite3 curl jq
	it_ns noc core site hs
	it_veth noc core0 192.0.2.0/31 core noc0 192.0.2.1/31
	it_veth core site0 192.0.2.2/31 site wan0 192.0.2.3/31
	it_veth core hs0 192.0.2.4/31 hs wan0 192.0.2.5/31
	it_in core sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	ip -n noc -6 addr add 2001:db8::/127 dev core0 nodad
	ip -n core -6 addr add 2001:db8::1/127 dev noc0 nodad
	ip -n core -6 addr add 2001:db8::4/127 dev hs0 nodad
	ip -n hs -6 addr add 2001:db8::5/127 dev wan0 nodad
	ip -n noc route add default via 192.0.2.1
	ip -n site route add default via 192.0.2.2
	ip -n hs route add default via 192.0.2.4
	ip -n noc -6 route add default via 2001:db8::1
	ip -n hs -6 route add default via 2001:db8::4
	it_file "$it_tmp/snmpd.conf" <<<'rocommunity rahasia'
	collector_files
	sed -i 's/^poll-interval.*/poll-interval = 2s\nbackoff-max = 2s\nping-interval = 1s/; s/^http-listen.*/http-listen = {}/' \
		"$it_tmp/collector.conf"
	sed -i '/^http-listen/d; /^trap-listen/d' "$it_tmp/collector.conf"
	it_file "$it_tmp/credentials.conf" 600 <<<'credential "sw" { version = "v2c" community = "rahasia" }'
	it_file "$it_tmp/inventory.csv" <<-E
		id,kind,name,address,credential,parent,profile
		core,core,Inti,192.0.2.1,sw,,if-mib
		opd,opd,Dinas,192.0.2.3,sw,core,if-mib
		hs,hotspot,Taman,192.0.2.5,,core,ping
		hs6,hotspot,Taman Enam,2001:db8::5,,core,ping
	E
}

start_snmpd() {
	it_start "snmpd-$1" --ns "$1" -- snmpd -f -C -c "$it_tmp/snmpd.conf" -Lf /dev/null -I -smux "udp:$2:161"
}

status_is() {
	[ "$(api "devices/$1" | jq -r .status)" = "$2" ]
}

all_up() {
	[ "$(api devices | jq -r '[.[].status] | unique | join(" ")')" = up ]
}

# ping_of DEVICE NAME: what the API says of its pings
ping_of() {
	api "devices/$1" | jq -r --arg n "$2" '.metrics[] | select(.group == "ping" and .name == $n) | .value'
}

events_of() {
	db "SELECT kind FROM events WHERE device = '$1' ORDER BY id" | tr '\n' ' '
}

begin() {
	city
	start_snmpd core 192.0.2.1
	start_snmpd site 192.0.2.3
	collector_start collector noc
	it_wait_for 20 'all are up, those that are pinged alone too' all_up
}

section_silent_agent() {
	begin
	it_stop snmpd-site KILL
	it_wait_for 30 'the site is SNMP silent' status_is opd snmp-silent
	it_equal 'which is one event, and no outage of the device' "$(events_of opd)" 'snmp-silent '
	it_match 'where the trouble is' "$(ctl device opd)" 'there: only its SNMP'
	it_equal 'and is found by that word' "$(api 'devices?status=snmp-silent' | jq -r '.[].id')" opd
	start_snmpd site 192.0.2.3
	it_wait_for 20 'it answers again' status_is opd up
	it_equal 'which ends it' "$(events_of opd)" 'snmp-silent agent-restarted snmp-ok '
	it_stop snmpd-site KILL
	it_wait_for 30 'silent once more' status_is opd snmp-silent
	ip -n site link set wan0 down
	it_wait_for 30 'and now it is down' status_is opd down
	it_stop collector
}

section_silent_parent() {
	begin
	it_in core sysctl -qw net.ipv4.icmp_echo_ignore_all=1
	it_stop snmpd-core KILL
	it_wait_for 40 'the core is down by all evidence' status_is core down
	it_stop snmpd-site KILL
	it_wait_for 40 'the site behind it is there, its agent is not' status_is opd snmp-silent
	it_equal 'where the trouble is' "$(api devices/core | jq -r .trouble_at)$(api devices/opd | jq -r .trouble_at)" thereagent
	it_equal 'and what is pinged alone is up' "$(api devices/hs | jq -r .status)" up
	it_equal 'nothing behind it was ever called down' \
		"$(db "SELECT count(*) FROM events WHERE kind = 'device-down' AND device != 'core'")" 0
	it_stop collector
}

section_pinged_alone() {
	local begun
	begin
	it_equal 'no SNMP to it' "$(api devices/hs | jq -c '[.counts.polls, .profile]')" '[0,"ping"]'
	begun=$(it_now_ms)
	ip -n hs link set wan0 down
	it_wait_for 20 'the hotspot is down' status_is hs down
	it_wait_for 10 'by IPv6 as well' status_is hs6 down
	it_between 'within a few seconds (ms)' "$(($(it_now_ms) - begun))" 3000 15000
	it_equal 'all that was lost' "$(ping_of hs loss | cut -d. -f1)" 100
	ip -n hs link set wan0 up
	ip -n hs -6 addr add 2001:db8::5/127 dev wan0 nodad 2>/dev/null
	ip -n hs -6 route add default via 2001:db8::4 2>/dev/null
	ip -n hs route add default via 192.0.2.4 2>/dev/null
	it_wait_for 20 'it is back' status_is hs up
	it_wait_for 20 'by IPv6 as well' status_is hs6 up
	it_equal 'one outage each' "$(events_of hs)$(events_of hs6)" 'device-down device-up device-down device-up '
	it_stop collector
}

ping_is() {
	[ "$(ping_of "$1" "$2")" = "$3" ]
}

lossy() {
	local loss
	loss=$(ping_of hs loss | cut -d. -f1)
	[ "${loss:-0}" -ge 20 ] && [ "$loss" -le 80 ]
}

slow() {
	ping_of hs rtt | awk '{ exit !($1 >= 20 && $1 < 60) }'
}

section_values() {
	begin
	it_need tc rrdtool
	it_wait_for 10 'nothing is lost' ping_is hs loss 0
	# an answer every other second; the kernel that knows no netem can do that much
	it_in hs sysctl -qw net.ipv4.icmp_ratemask=1 net.ipv4.icmp_ratelimit=2000
	it_wait_for 60 'what the line loses is seen' lossy
	it_equal 'and is no outage' "$(events_of hs)" ''
	it_in hs sysctl -qw net.ipv4.icmp_ratemask=0
	if it_in core tc qdisc add dev hs0 root netem delay 20ms 2>/dev/null; then
		it_wait_for 20 'the round trip is what the line takes' slow
	else
		it_note 'no netem here: the delay is not tried'
	fi
	ctl flush
	it_wait_for 10 'the file has it' test -s "$it_tmp/rrd/hs/ping.rrd"
	it_equal 'under these names' "$(rrdtool info "$it_tmp/rrd/hs/ping.rrd" | sed -n 's/^ds\[\(.*\)\].index.*/\1/p' | tr '\n' ' ')" \
		'rtt jitter loss '
	it_match 'a series of it' "$(api 'series/hs?group=ping&range=hour' | jq -c .)" 'rtt.*jitter.*loss'
	it_match 'pantauctl shows it' "$(ctl device hs)" 'ping.*loss'
	it_match 'a picture too' "$(curl -sSf --unix-socket "$sock" -o /dev/null -w '%{content_type}' \
		'http://localhost/api/v1/graphs/hs?group=ping&range=hour')" 'image/png'
	it_check 'and each echo is counted' test "$(metric pantau_ping_answered_total)" -gt 20
	it_stop collector
}

# Each of the four devices answered; not those that were stored as up.
echoes() {
	[ "$(metric pantau_ping_answered_total)" -ge 4 ] && [ "$(metric pantau_ping_lost_total)" = 0 ]
}

# Which sockets it may have: ping sockets by its group, raw ones by a capability, or none.
section_rights() {
	local program
	it_need setpriv
	begin
	it_stop collector
	program=$(it_program collector/pantau-collector)
	it_start bare --ns noc -- setpriv --bounding-set -net_raw "$program" -c "$it_tmp/collector.conf"
	it_wait_for 10 'it serves' api status
	it_check 'without either it says what to do' grep -q 'family=ipv4 err="Operation not permitted".*net.ipv4.ping_group_range' "$it_tmp/bare.log"
	it_wait_for 20 'polls alone decide' status_is opd up
	it_equal 'nobody is pinged' "$(metric pantau_ping_devices)" none
	it_stop bare
	it_in noc sysctl -qw net.ipv4.ping_group_range='0 0'
	it_start group --ns noc -- setpriv --bounding-set -net_raw "$program" -c "$it_tmp/collector.conf"
	it_wait_for 10 'it serves' api status
	it_equal 'all are pinged' "$(metric pantau_ping_devices)" 4
	it_wait_for 20 'and ping sockets will do' echoes
	it_equal 'no capability for it is left' $((0x$(it_proc CapEff group) >> 13 & 1)) 0
	it_stop group
	it_in noc sysctl -qw net.ipv4.ping_group_range='1 0'
	it_start raw --ns noc -- "$program" -c "$it_tmp/collector.conf"
	it_wait_for 10 'it serves' api status
	it_equal 'nor with raw ones' $((0x$(it_proc CapEff raw) >> 13 & 1)) 0
	it_wait_for 20 'which do as well' echoes
	it_stop raw
}

section_switched_off() {
	city
	sed -i 's/^ping-interval.*/ping-interval = 0/' "$it_tmp/collector.conf"
	it_match 'nobody would know of the hotspots' \
		"$("$(it_program collector/pantau-collector)" --check-config -c "$it_tmp/collector.conf" 2>&1)" \
		'inventory.csv:4: profile: "ping" while ping-interval is 0'
	sed -i '/,ping$/d' "$it_tmp/inventory.csv"
	start_snmpd core 192.0.2.1
	start_snmpd site 192.0.2.3
	collector_start collector noc
	it_wait_for 20 'the others are polled' all_up
	it_equal 'and not pinged' "$(metric pantau_ping_devices)" none
	it_stop snmpd-site KILL
	it_wait_for 30 'whose agent is silent is down' status_is opd down
	it_stop collector
}

it_sections "$@"
