#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The agent as another user, without capabilities and under its system call filter, does all
# that it does: SNMP by v2c and v3, informs that are kept over a restart, path probes, reload,
# links that come and go, AgentX. What it must not do, it cannot.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
it_need snmpget snmpwalk snmptrapd snmpd
[ "$(id -u)" = 0 ] && id nobody >/dev/null 2>&1 || it_skip 'needs root and the user nobody'
export MIBS='' SNMP_PERSISTENT_DIR=/run/snmp-pers SNMPCONFPATH=/nonexistent
agent=$(it_program agent/pantau-agent) || exit 1
pantau=1.3.6.1.4.1.8072.9999.9999.51
it_ns core site
it_veth core to-site 192.0.2.1/24 site wan0 192.0.2.9/24
ip -n site route add default via 192.0.2.1
mkdir -p /run/state /run/agent
chmod 755 /run
agent_conf() { # MODE
	it_file /run/agent.conf <<CONF
site-id = "opd-test"
mode = $1
listen = {"192.0.2.9:161"}
agentx-socket = "/run/ax/master"
users-file = "/run/users.conf"
state-dir = "/run/state"
run-dir = "/run/agent"
user = "nobody"
path-interval = 200ms
path-timeout = 200ms
path "gateway" { address = "gateway" }
link "wan0" { role = uplink }
link "probe*" { role = lan }
receiver "noc" { address = "192.0.2.1:1620" version = v2c community = "noc" }
CONF
}
users_conf() { # EXTRA
	it_file /run/users.conf 600 <<CONF
user "pantau" { auth-passphrase = "auth-secret-1" priv-passphrase = "priv-secret-1" }
community "noc" { community = "kirim" }
community "lan" { community = "rahasia" poll = yes }
$1
CONF
	chown nobody /run/users.conf
}
agent_conf standalone
users_conf ''
chown root /run/users.conf
it_start trapd --ns core -- snmptrapd -f -Lo -On -C --disableAuthorization=yes udp:192.0.2.1:1620
it_start agent --ns site -- "$agent" -f -d -c /run/agent.conf
get() {
	it_in core snmpget -v2c -c rahasia -t 0.5 -r 0 -Oqv 192.0.2.9 "$1"
}
it_wait_for 5 'it answers' get $pantau.1.1.2.0
it_equal 'as nobody' "$(it_proc Uid agent)" "$(id -u nobody)"
grep -q 'no seccomp here' "$it_tmp/agent.log" && it_skip 'this build or kernel has no seccomp (sanitizers)'
it_equal 'no core file, there are keys in it' "$(awk '/^Max core/ { print $5 }' "/proc/${it_pids[agent]}/limits")" 0
it_equal 'filtered' "$(it_proc Seccomp agent)" 2
it_equal 'no new privileges' "$(it_proc NoNewPrivs agent)" 1
it_match 'only CAP_NET_RAW, for probes' "$(it_proc CapEff agent) $(it_proc CapPrm agent)" '^0000000000002000 0000000000002000$'
it_wait_for 5 'v3' it_in core snmpget -v3 -l authPriv -u pantau -a SHA-256 -A auth-secret-1 -x AES -X priv-secret-1 \
	-t 0.5 -r 0 192.0.2.9 $pantau.1.1.2.0
it_wait_for 5 'probes are answered' bash -c \
	"[ \"\$(ip netns exec core snmpget -v2c -c rahasia -Oqv 192.0.2.9 $pantau.1.4.1.4.1)\" = 2 ]"

# Every protocol, since what a library loads at first use it can no longer load now.
users=
for auth in md5 sha1 sha224 sha256 sha384 sha512; do
	for priv in none des aes128 aes192 aes256; do
		pass="priv-passphrase = \"priv-secret-1\""
		[ $priv = none ] && pass=
		users+="user \"$auth-$priv\" { auth = $auth auth-passphrase = \"auth-secret-1\" priv = $priv $pass }
"
	done
done
users_conf "$users"
kill -HUP "${it_pids[agent]}"
declare -A tool=([md5]=MD5 [sha1]=SHA [sha224]=SHA-224 [sha256]=SHA-256 [sha384]=SHA-384 [sha512]=SHA-512
	[des]=DES [aes128]=AES [aes192]=AES-192 [aes256]=AES-256)
by() { # AUTH PRIV
	local level=(-l authNoPriv)
	[ "$2" = none ] || level=(-l authPriv -x "${tool[$2]}" -X priv-secret-1)
	[ "$(it_in core snmpget -v3 -t 1 -r 1 -u "$1-$2" -a "${tool[$1]}" -A auth-secret-1 "${level[@]}" -Oqv 192.0.2.9 $pantau.1.1.2.0)" = '"opd-test"' ]
}
it_wait_for 5 'the users are taken over' by sha512 aes256
answered=0
for auth in md5 sha1 sha224 sha256 sha384 sha512; do
	for priv in none des aes128 aes192 aes256; do
		by $auth $priv && answered=$((answered + 1)) || it_note "$auth-$priv is not answered"
	done
done
it_equal 'of 30 pairs of protocols' $answered 30

ip -n site link add probe0 type veth peer name probe1
ip -n site link set probe0 up
it_wait_for 5 'a new link is there' bash -c \
	"ip netns exec core snmpwalk -v2c -c rahasia -Oqv 192.0.2.9 $pantau.1.2.1.1 | grep -q probe0"
ip -n site link del probe0
it_wait_for 5 'its inform arrives' grep -q "$pantau.0.8" "$it_tmp/trapd.log"

users_conf 'community "more" { community = "lagi" poll = yes }'
kill -HUP "${it_pids[agent]}"
it_wait_for 5 'a reload' it_in core snmpget -v2c -c lagi -t 0.5 -r 0 192.0.2.9 $pantau.1.1.2.0
it_wait_for 5 'probes go on after it' bash -c \
	"[ \"\$(ip netns exec core snmpget -v2c -c rahasia -Oqv 192.0.2.9 $pantau.1.4.1.4.1)\" = 2 ]"
kill -USR1 "${it_pids[agent]}"
it_wait_for 5 'a status' grep -q 'status' "$it_tmp/agent.log"
number=$(get $pantau.1.1.7.0)
it_stop agent
it_equal 'a clean end' "$it_status" 0
it_match 'which was not cut short' "$(cat "$it_tmp/agent.log")" 'agentStop'
chown root /run/users.conf
it_start agent --ns site -- "$agent" -f -d -c /run/agent.conf
it_wait_for 5 'again, on its own files' get $pantau.1.1.2.0
it_check 'event numbers go on' test "$(get $pantau.1.1.7.0)" -gt "$number"
it_stop agent

# Whoever it stays as, root or the unit's user, it keeps only what it still needs.
sed -i '/^user = /d' /run/agent.conf
for who in root nobody; do
	as=()
	chown $who /run/users.conf
	[ $who = root ] || as=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups
		--inh-caps=+net_bind_service,+net_raw --ambient-caps=+net_bind_service,+net_raw)
	it_start agent --ns site -- "${as[@]}" "$agent" -f -c /run/agent.conf
	it_wait_for 5 "it answers as $who" get $pantau.1.1.2.0
	[ $who = root ] && caps=0000000000002004 || caps=0000000000002000
	it_equal 'as who it was started' "$(it_proc Uid agent)" "$(id -u $who)"
	it_equal 'with few capabilities' "$(it_proc CapEff agent) $(it_proc CapPrm agent) $(it_proc CapAmb agent)" \
		"$caps $caps 0000000000000000"
	it_wait_for 5 'probes are answered' bash -c \
		"[ \"\$(ip netns exec core snmpget -v2c -c rahasia -Oqv 192.0.2.9 $pantau.1.4.1.4.1)\" = 2 ]"
	: >"$it_tmp/agent.log"
	kill -HUP "${it_pids[agent]}"
	it_wait_for 5 'it reloads' grep -q 'taken over' "$it_tmp/agent.log"
	it_wait_for 5 'and probes' bash -c \
		"[ \"\$(ip netns exec core snmpget -v2c -c rahasia -Oqv 192.0.2.9 $pantau.1.4.1.4.1)\" = 2 ]"
	it_stop agent
	it_equal 'exit status' "$it_status" 0
	chown -R nobody /run/state /run/agent
done
sed -i '1i user = "nobody"' /run/agent.conf

# Its own watchdog: stopped for longer than that, the agent ends instead of going on.
it_start agent --ns site -- "$agent" -f -w 5 -c /run/agent.conf
it_wait_for 5 'with a watchdog' get $pantau.1.1.2.0
it_equal 'filtered, too' "$(it_proc Seccomp agent)" 2
sleep 6
it_check 'which it feeds' get $pantau.1.1.2.0
kill -STOP "${it_pids[agent]}"
sleep 6
kill -CONT "${it_pids[agent]}"
it_wait_for 2 'it ends when it stood still' it_gone "${it_pids[agent]}"
wait "${it_pids[agent]}"
it_equal 'by SIGALRM' $? $((128 + 14))
unset 'it_pids[agent]'
"$agent" -w 4 -c /run/agent.conf 2>/run/w.err
it_equal 'too short a one is refused' "$? $(grep -c '5 to 3600' /run/w.err)" '64 1'

# As AgentX sub-agent, with a master that restarts under it.
mkdir -m 755 /run/ax
it_file /run/snmpd.conf <<'CONF'
agentAddress udp:192.0.2.9:161
rocommunity rahasia
master agentx
agentXSocket /run/ax/master
agentXPerms 0777 0755
CONF
agent_conf agentx
it_start snmpd --ns site -- snmpd -f -Lo -C -c /run/snmpd.conf
it_start agent --ns site -- "$agent" -f -d -c /run/agent.conf
site() {
	[ "$(get $pantau.1.1.2.0)" = '"opd-test"' ]
}
it_wait_for 5 'by AgentX' site
it_stop snmpd KILL
it_start snmpd --ns site -- snmpd -f -Lo -C -c /run/snmpd.conf
it_wait_for 3 'and after a restart of snmpd' site
it_equal 'still filtered' "$(it_proc Seccomp agent)" 2
it_stop agent
it_done
