#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# conf/openwrt: the init script under a plain shell (busybox ash where there is one), with
# procd's functions as stubs that say what they were called with, and the agent itself. The
# configuration that comes with the package is in order; bad ones start nothing and leave
# what runs alone. What procd does with it, only a router can show.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
agent=$(it_program agent/pantau-agent) || exit 1
package=$it_root/conf/openwrt/pantau-agent
etc=/run/etc/pantau
shell=(dash)
command -v busybox >/dev/null && shell=(busybox ash)
it_need "${shell[0]}"
mkdir -p $etc /run/bin

# The paths and the user of a router, moved to where this test may write.
sed "s|/etc/pantau|$etc|; s|/var/run|/run/var|; s|/usr/sbin/pantau-agent|$agent|" \
	"$package/files/pantau-agent.init" >/run/init
sed "s|/etc/pantau|$etc|; s|/var/run|/run/var|; s|^user = .*|user = \"\"|" \
	"$package/files/pantau-agent.conf" >$etc/pantau-agent.conf
for name in chown logger; do
	printf '#!/bin/sh\necho %s "$@" >>/run/calls\n' $name >/run/bin/$name
done
chmod +x /run/bin/*

# As rc.common does it: an action ends with what procd is told of the service.
cat >/run/rc <<'RC'
procd_open_instance() { echo instance >>/run/calls; }
procd_set_param() { echo "$@" >>/run/calls; }
procd_close_instance() { :; }
procd_running() { [ -e /run/running ]; }
procd_send_signal() { echo signal "$@" >>/run/calls; }
start() {
	start_service
	echo set >>/run/calls
}
reload() { reload_service; }
. /run/init
$1
RC

act() { # ACTION: what procd and the programs were called with, a line each
	rm -f /run/calls
	PATH=/run/bin:$PATH "${shell[@]}" /run/rc "$1" >/run/said 2>&1
	cat /run/calls 2>/dev/null
}

it_check 'the shell takes it' "${shell[@]}" -n "$package/files/pantau-agent.init"
first=$(act start)
it_match 'the first start makes the users' "$first" "logger .*made $etc/agent-users.conf"
it_match 'they are given to the agent' "$first" "chown pantau-agent $etc/agent-users.conf"
it_equal 'nobody else reads them' "$(stat -c %a $etc/agent-users.conf)" 600
it_equal 'nor the keys for the collector' "$(stat -c %a $etc/collector-credential.txt)" 600
it_match 'an instance of the agent' "$first" "command $agent -f -w 30 -c $etc/pantau-agent.conf"
it_match 'that always comes back' "$first" 'respawn 60 1 0'
users=$(cat $etc/agent-users.conf)
it_equal 'the second start makes none' "$(act start | head -n 1) $(cat $etc/agent-users.conf)" "instance $users"

touch /run/running
it_equal 'a reload is a signal' "$(act reload)" 'signal pantau-agent * HUP'
sed -i 's/^site-id/sight-id/' $etc/pantau-agent.conf
bad=$(act reload)
it_match 'a bad reload says why' "$(cat /run/said)" sight-id
it_match 'in the log too' "$bad" 'logger .*daemon.err'
it_equal 'and leaves the agent alone' "$(grep -c -e signal -e set <<<"$bad")" 0
it_equal 'a bad start declares no instance' "$(act start | grep -v '^logger')" set
sed -i 's/^sight-id/site-id/' $etc/pantau-agent.conf
rm /run/running
it_match 'a reload starts what does not run' "$(act reload | tr '\n' ' ')" '^instance .*set $'

# What no build here would notice.
it_equal 'a sysupgrade keeps keys, boots and events' "$(cat "$package/files/pantau-agent.keep")" /etc/pantau/
it_match 'the package brings it' "$(cat "$package/Makefile")" 'keep.d/pantau-agent'
it_equal 'one build type' "$(grep -c -e -Dbuildtype "$package/Makefile")" 0
it_done
