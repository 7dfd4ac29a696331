# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the parts: the checks of tests/integration/lib.sh on a machine of our own. The
# agent is systemd's and lives in the machine's own network, which is called "site" here too,
# so that agent_lib.sh's functions find it.
. "$(dirname "$0")/../../integration/lib.sh"
. "$(dirname "$0")/../../integration/agent_lib.sh"
it_tmp=/run/it
mkdir -p "$it_tmp" /run/netns
# Emulated, on a machine that does other things too.
it_patience=4
trap 'it_fail "the script ended early (status $?)"' EXIT

# Cables to the NOC and to a LAN, as agent_net does it.
vm_net() {
	ip link set lo up
	ip netns attach site $$ || it_fail 'no network namespaces'
	it_ns noc lan
	it_veth noc to-site 192.0.2.0/31 site wan0 192.0.2.1/31
	it_veth lan pc0 198.51.100.2/24 site lan0 198.51.100.1/24
	it_wait_for 10 'the links are up' vm_links_up
}

vm_links_up() {
	[ "$(ip -br link show wan0 | grep -c ' UP ')$(ip -br link show lan0 | grep -c ' UP ')" = 11 ]
}

# Standard input is added to the least of a configuration. The users are agent_conf's. A
# receiver that takes longer than inform-timeout is told once more, and each number is to be
# here once: snmptrapd gets the time that it needs on a slow machine.
vm_agent_conf() { # [INFORM-TIMEOUT]
	systemd-sysusers
	install -d /etc/pantau
	{
		cat <<-END
			site-id = "opd-test"
			site-name = "Dinas Uji"
			exclude = {"lo"}
			inform-timeout = ${1-15s}
		END
		cat
	} | it_file /etc/pantau/pantau-agent.conf
	it_file /etc/pantau/agent-users.conf 600 <<-END
		user "site" { auth-passphrase = "auth-pass-of-site" priv-passphrase = "priv-pass-of-site" }
		community "test" { community = "tested" poll = yes }
	END
	chown pantau-agent: /etc/pantau/agent-users.conf
}

# unit_is UNIT PROPERTY: its value
unit_is() {
	systemctl show --value -p "$2" "$1"
}

# unit_replaced UNIT PID: whether it runs, as another process than that
unit_replaced() {
	local now
	now=$(systemctl show -p ActiveState -p MainPID "$1" | sort | paste -sd ' ')
	[[ $now = "ActiveState=active MainPID="* ]] && [ "${now##*=}" != "$2" ]
}

# unit_warnings UNIT: what it, or systemd about it, had to complain of since the boot
unit_warnings() {
	journalctl -b --no-pager -o cat -p warning -u "$1"
}

# run_warnings UNIT: the same of its present run
run_warnings() {
	local id
	id=$(unit_is "$1" InvocationID)
	journalctl -b --no-pager -o cat -p warning "_SYSTEMD_INVOCATION_ID=$id" + "INVOCATION_ID=$id"
}
