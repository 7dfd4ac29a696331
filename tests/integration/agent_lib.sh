# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the integration tests of the agent, after lib.sh: a site with an uplink to the
# NOC and a LAN, the agent on it, and net-snmp's snmptrapd at the NOC.
#
#	noc: to-site 192.0.2.0/31 --- wan0 192.0.2.1/31 :site: lan0 --- pc0 :lan

PANTAU_ROOT=1.3.6.1.4.1.8072.9999.9999.51

# Writes $it_tmp/agent.conf and the users file; standard input is added to the configuration.
agent_conf() {
	mkdir -p "$it_tmp/state" "$it_tmp/run"
	it_file "$it_tmp/users.conf" 600 <<-END
		user "site" {
			auth = sha256
			auth-passphrase = "auth-pass-of-site"
			priv = aes128
			priv-passphrase = "priv-pass-of-site"
		}
		community "test" { community = "tested" poll = yes }
	END
	{
		cat <<-END
			site-id = "opd-test"
			site-name = "Dinas Uji"
			listen = {"0.0.0.0:161"}
			users-file = "$it_tmp/users.conf"
			state-dir = "$it_tmp/state"
			run-dir = "$it_tmp/run"
			exclude = {"lo"}
			sandbox = ${AGENT_SANDBOX-yes}
		END
		cat
	} | it_file "$it_tmp/agent.conf"
}

agent_net() {
	it_ns noc site lan
	it_veth noc to-site 192.0.2.0/31 site wan0 192.0.2.1/31
	it_veth lan pc0 198.51.100.2/24 site lan0 198.51.100.1/24
	# A new link's operstate follows within a second (the kernel's link watch).
	it_wait_for 3 'the links are up' agent_links_up
}

agent_links_up() {
	[ "$(ip -n site -br link | grep -c ' UP ')" = 2 ]
}

agent_start() {
	it_start agent --ns site -- "$(it_program agent/pantau-agent)" -c "$it_tmp/agent.conf" -f
	it_wait_for 5 'the agent runs' agent_answers
}

agent_answers() {
	[ -n "$(agent_get 1.1.2.0)" ]
}

# agent_get OID-BELOW-PANTAU: the value
agent_get() {
	it_in noc snmpget -v2c -c tested -m '' -Oqv -t "${it_patience:-1}" -r 1 192.0.2.1 "$PANTAU_ROOT.$1" 2>/dev/null |
		tr -d '"'
}

# agent_walk OID: "index value" lines
agent_walk() {
	it_in noc snmpwalk -v2c -c tested -m '' -Oqn -t "${it_patience:-1}" -r 1 192.0.2.1 "$1" 2>/dev/null |
		sed -n "s/^\.$1\.//p" | tr -d '"'
}

# agent_link NAME COLUMN: a value of pantauLinkTable
agent_link() {
	local index
	index=$(agent_walk "$PANTAU_ROOT.1.2.1.1" | awk -v name="$1" '$2 == name { print $1 }')
	[ -n "$index" ] && agent_get "1.2.1.$2.$index"
}

# trapd_start NAME NS: snmptrapd with the site's user; what comes is in $it_tmp/NAME.trap
trapd_start() {
	it_file "$it_tmp/trapd.conf" 600 <<-END
		createUser site SHA-256 auth-pass-of-site AES priv-pass-of-site
		authUser log site
		authCommunity log tested
	END
	mkdir -p "$it_tmp/trapd"
	it_start "$1" --ns "$2" -- env SNMP_PERSISTENT_DIR="$it_tmp/trapd" MIBS= \
		snmptrapd -C -c "$it_tmp/trapd.conf" -f -On -F '%V|%v\n' -Lf "$it_tmp/$1.trap" udp:162
	it_wait_for 5 'snmptrapd listens' trapd_listens "$2"
}

trapd_listens() {
	it_in "$1" ss -lunH sport = :162 | grep -q .
}

# trapd_events NAME: "number type link" of each Pantau notification, in the order of arrival
trapd_events() {
	sed -n "s/.*\.51\.1\.7\.1\.5\.\([0-9]*\) = INTEGER: \([0-9]*\)|.*\.51\.1\.7\.1\.7\.[0-9]* = \(STRING: \"\([^\"]*\)\"\|\"\"\)|.*/\1 \2 \4/p" \
		"$it_tmp/$1.trap"
}

# trapd_standard NAME: "down|up ifIndex" of each of IF-MIB's
trapd_standard() {
	sed -n 's/.*\.1\.1\.4\.1\.0 = OID: \.1\.3\.6\.1\.6\.3\.1\.1\.5\.\([34]\)|.*\.2\.2\.1\.1\.\([0-9]*\) = .*/\1 \2/p' \
		"$it_tmp/$1.trap" | sed 's/^3/down/; s/^4/up/'
}

# trapd_has NAME TYPE LINK [TIMES]
trapd_has() {
	[ "$(trapd_events "$1" | awk -v type="$2" -v link="$3" '$2 == type && $3 == link' | wc -l)" -ge "${4-1}" ]
}

# Each number once; those of a link in order, and in order with what is of no link.
trapd_in_order() {
	trapd_events "$1" | awk '
		{ since = $3 == "" ? highest : (last[$3] > of_none ? last[$3] : of_none) }
		seen[$1]++ || $1 <= since { print "event " $1 " of " $3 " after " since; bad = 1 }
		{ last[$3] = $1; if ($1 > highest) highest = $1; if ($3 == "") of_none = $1 }
		END { exit bad }'
}
