#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# First process of the demo city, run by tests/demo in namespaces of its own: when it ends,
# the kernel ends all that it started and the namespaces go.
#
#	city_up.sh ROOT BUILD STATE
#
# Lines on standard output say how far it is; the last is "ready". Standard input is the
# leash: if it ends before the word "go" came, whoever started this is gone, and so is this.
# Descriptor 3 is the page's socket (listen_fds), 9 the lock of the running city.
set -u -o pipefail
root=$1 build=$2 state=$3
trap 'exit 1' TERM
declare -A names=() # of processes

fail() {
	echo "$*"
	exit 1
}

watch_leash() {
	local word=''
	read -r word
	[ "$word" = go ] || kill -TERM 1
}

# start NAME NETNS COMMAND...: in the background, output to its log
start() {
	local name=$1 netns=$2
	shift 2
	ip netns exec "$netns" "$@" >>"$state/log/$name.log" 2>&1 </dev/null 3>&- 9>&- &
	names[$!]=$name
}

make_namespaces() {
	{
		printf 'netns add %s\n' core city noc
		sed 's/^/netns add /' "$state/sites"
	} >"$state/net/namespaces"
	ip -batch "$state/net/namespaces" || fail 'cannot make network namespaces'
	local netns
	for netns in core city noc $(<"$state/sites"); do
		# New namespaces inherit the host's settings: state each one that matters.
		ip netns exec "$netns" bash -c '
			cd /proc/sys/net &&
			echo 1 >ipv6/conf/default/disable_ipv6; echo 1 >ipv6/conf/all/disable_ipv6
			echo 0 >ipv4/conf/all/rp_filter && echo 0 >ipv4/conf/default/rp_filter &&
			echo "$1" >ipv4/ip_forward && ip link set lo up' \
			sh "$([ "$netns" = city ] || [ "$netns" = noc ]; echo $?)" 2>>"$state/log/city.log" ||
			fail "cannot set up the namespace $netns"
	done
}

make_links() {
	local netns
	for netns in core city noc $(<"$state/sites"); do
		ip -n "$netns" -batch "$state/net/$netns" || fail "cannot set up the network of $netns"
	done
}

# Each under its own host name, which is its sysName.
start_agents() {
	local site
	for site in core-1 $(<"$state/sites"); do
		mkdir -p "/run/pantau/$site"
		start "$site" "${site/#core-1/core}" unshare --uts bash -c 'hostname "$1" && exec "${@:2}"' \
			sh "$site" "$build/agent/pantau-agent" -c "$state/conf/$site.conf"
	done
}

collector_failed() {
	tail -n 10 "$state/log/collector.log"
	fail "the collector $1"
}

# Until its control socket is there.
start_collector() {
	local tries pid
	ip netns exec noc "$build/tests/sim/listen_fds" pass \
		"$build/collector/pantau-collector" -c "$state/conf/collector.conf" \
		>>"$state/log/collector.log" 2>&1 </dev/null 9>&- &
	pid=$!
	names[$pid]=collector
	for ((tries = 100; tries > 0; tries--)); do
		[ -S /run/pantau/collector.sock ] && return
		kill -0 "$pid" 2>/dev/null || collector_failed 'ended at once'
		sleep 0.1
	done
	collector_failed 'does not come up'
}

watch_leash <&0 &
names[$!]=leash
mount -t tmpfs -o mode=755 tmpfs /run || fail 'cannot mount a tmpfs on /run'
mkdir -p /run/netns /run/pantau
echo "$PANTAU_PAGE" >"$state/page"
make_namespaces
make_links
echo "network: $(wc -l <"$state/sites") offices on the core by cables of their own"
start traffic core "$build/tests/sim/traffic" "$state/traffic"
start fleet city "$build/tests/sim/fleet_sim" --control /run/fleet.sock --config "$state/conf/fleet"
start_agents
echo 'agents, hotspots and traffic started'
start_collector
echo 'collector started'
echo ready
exec >>"$state/log/city.log" 2>&1 </dev/null 3>&-
# Dead children are reaped; which of them died is said in the log.
while wait -n -p pid; status=$?; [ "$status" != 127 ]; do
	[ "${names[$pid]}" = leash ] || echo "$(date +%T) ${names[$pid]} ended, status $status"
done
fail 'everything ended'
