#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The standalone SNMP side, asked by net-snmp's tools: v3 and v2c, what is refused and how,
# whole walks by three ways, the engine's boots over restarts, answers from the address asked.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
it_need snmpget snmpgetnext snmpwalk snmpbulkwalk snmpbulkget snmpset
export MIBS='' SNMP_PERSISTENT_DIR=/run/snmp-pers SNMPCONFPATH=/nonexistent
router=$(it_program tests/bench/fake_router) || exit 1
pantau=1.3.6.1.4.1.8072.9999.9999.51
agent=127.0.0.1:16161
mkdir -p /run/state

it_file /run/users.conf 600 <<'CONF'
user "pantau" {
  auth = sha256
  auth-passphrase = "auth-secret-1"
  priv = aes128
  priv-passphrase = "priv-secret-1"
}
user "nms" {
  auth = sha1
  auth-passphrase = "auth-secret-2"
  priv = none
}
user "sender" {
  auth = sha256
  auth-passphrase = "auth-secret-3"
  priv = aes128
  priv-passphrase = "priv-secret-3"
  poll = no
}
community "lan" {
  community = "rahasia"
  poll = yes
  sources = { "127.0.0.1" }
}
community "only-informs" {
  community = "kirim"
  poll = no
}
CONF
start() {
	it_start agent -- "$router" standalone "$1" 64 /run/users.conf /run/state
}
v2c=(-v2c -t 1 -r 0 -On -c)
v3=(-v3 -t 1 -r 0 -On -l authPriv -u pantau -a SHA-256 -A auth-secret-1 -x AES -X priv-secret-1)
start "$agent"
it_wait_for 5 'v2c answers' snmpget "${v2c[@]}" rahasia "$agent" 1.3.6.1.2.1.1.3.0
value() {
	snmpget -Oqv "$@" 2>&1
}
it_equal 'v3 authPriv' "$(value "${v3[@]}" "$agent" $pantau.1.1.2.0)" '"opd-fake"'
it_equal 'a user without encryption' \
	"$(value -v3 -t 1 -r 0 -l authNoPriv -u nms -a SHA -A auth-secret-2 "$agent" $pantau.1.1.2.0)" '"opd-fake"'

refused() { # WHAT REASON ARGUMENTS...
	local what=$1 reason=$2
	shift 2
	it_match "$what" "$(value -t 1 -r 0 "$@" "$agent" 1.3.6.1.2.1.1.3.0)" "$reason"
}
refused 'a wrong community' 'Timeout' -v2c -c public
refused 'a community for informs only' 'Timeout' -v2c -c kirim
refused 'a community in v1' 'Timeout' -v1 -c rahasia
refused 'a wrong authentication key' 'Authentication failure' -v3 -l authPriv -u pantau -a SHA-256 -A auth-secret-x -x AES -X priv-secret-1
refused 'a wrong protocol' 'Authentication failure' -v3 -l authPriv -u pantau -a SHA -A auth-secret-1 -x AES -X priv-secret-1
refused 'a wrong privacy key' 'Decryption error' -v3 -l authPriv -u pantau -a SHA-256 -A auth-secret-1 -x AES -X priv-secret-x
refused 'an unknown user' 'Unknown user name' -v3 -l authPriv -u nobody -a SHA-256 -A auth-secret-1 -x AES -X priv-secret-1
refused 'a user for informs only' 'Unknown user name' -v3 -l authPriv -u sender -a SHA-256 -A auth-secret-3 -x AES -X priv-secret-3
refused 'no encryption where there should be' 'authorizationError' -v3 -l authNoPriv -u pantau -a SHA-256 -A auth-secret-1
refused 'no authentication' 'Unsupported security level' -v3 -l noAuthNoPriv -u pantau
refused 'another context' 'Bad context' "${v3[@]}" -n other
it_match 'a set' "$(snmpset "${v3[@]}" "$agent" 1.3.6.1.2.1.1.5.0 s x 2>&1)" 'noAccess'
it_match 'a source that the community does not name' \
	"$(ip addr add 198.51.100.1/32 dev lo && value "${v2c[@]}" rahasia --clientaddr=198.51.100.1 "$agent" 1.3.6.1.2.1.1.3.0)" 'Timeout'

# The same tree by GETNEXT, by GETBULK and with encryption; nothing but the clocks may differ.
# v2c does not see the users; history has no changing rows.
walk_to() { # FILE COMMAND...
	local file=$1
	shift
	"$@" "$agent" 1.3.6.1.4.1 >"$file" 2>&1 || it_fail "walk: $(tail -n 3 "$file")"
	sed -i "/$pantau\.1\.1\.1[01]\.0/d" "$file"
}
walk_to /run/next.txt snmpwalk "${v2c[@]}" rahasia
walk_to /run/bulk.txt snmpbulkwalk "${v2c[@]}" rahasia -Cr100
walk_to /run/v3.txt snmpbulkwalk "${v3[@]}" -Cr40
it_check 'GETBULK sees what GETNEXT sees' cmp /run/next.txt /run/bulk.txt
it_check 'v3 sees it too' cmp /run/next.txt /run/v3.txt
it_between 'objects' "$(wc -l </run/next.txt)" 100000 200000
it_equal 'rows of ifTable' "$(snmpwalk "${v2c[@]}" rahasia "$agent" 1.3.6.1.2.1.2.2.1.1 | wc -l)" 64
it_match 'a 64-bit counter' "$(snmpget "${v2c[@]}" rahasia "$agent" 1.3.6.1.2.1.31.1.1.1.6.1)" 'Counter64: 1250999896491'
it_match 'users, for users' "$(snmpwalk "${v3[@]}" "$agent" 1.3.6.1.6.3.15.1.2.2.1.3)" '"pantau"'
it_match 'but not for communities' "$(snmpgetnext "${v2c[@]}" rahasia "$agent" 1.3.6.1.6.3.15.1.1.6.0)" 'No more variables'
it_equal 'groups and levels, by VACM' "$(snmpwalk "${v3[@]}" -Oqv "$agent" 1.3.6.1.6.3.16.1.2.1.3 | sort | uniq -c | tr -s ' \n' ' ')" \
	' 1 "communities" 1 "users" 1 "users-auth" '
it_match 'what is served, by sysORTable' "$(snmpwalk "${v2c[@]}" rahasia "$agent" 1.3.6.1.2.1.1.9)" 'PANTAU-MIB'
it_match 'an instance that is not there' "$(value "${v2c[@]}" rahasia "$agent" $pantau.1.2.1.1.99)" 'No Such Instance'
it_match 'an object that is not there' "$(value "${v2c[@]}" rahasia "$agent" $pantau.1.2.1.99.1)" 'No Such Object'

# Twelve objects in one answer are of one moment.
it_equal 'twelve in one GET' "$(snmpget "${v2c[@]}" rahasia "$agent" 1.3.6.1.2.1.1.3.0 \
	1.3.6.1.2.1.31.1.1.1.{6,7,8,10,11,15,18}.{1,64} | wc -l)" 15

# Nonsense is counted, and does no harm.
errors=$(value "${v2c[@]}" rahasia "$agent" 1.3.6.1.2.1.11.6.0)
for i in 1 2 3; do head -c 400 /dev/urandom >/dev/udp/127.0.0.1/16161; done
it_equal 'nonsense is counted' "$(value "${v2c[@]}" rahasia "$agent" 1.3.6.1.2.1.11.6.0)" $((errors + 3))

# A port that is taken: said what to do, and no start.
"$router" standalone "$agent" 4 /run/users.conf /run/state >/run/second.log 2>&1
it_equal 'a second agent on the port ends' "$?" 1
it_match 'and says who has it' "$(cat /run/second.log)" 'is taken by [^ ]+ \(process [0-9]+, user [^ ]+\); stop that, or write another port; beside snmpd, mode = agentx'

# Boots rise at every start, the id stays; a manager that knows the old boots gets over it.
boots() {
	value "${v3[@]}" "$agent" 1.3.6.1.6.3.10.2.1.2.0
}
id=$(value "${v3[@]}" -Ox "$agent" 1.3.6.1.6.3.10.2.1.1.0)
before=$(boots)
it_stop agent KILL
start "$agent"
it_wait_for 5 'it answers after a kill' boots
it_equal 'one boot more' "$(boots)" $((before + 1))
it_equal 'the same id' "$(value "${v3[@]}" -Ox "$agent" 1.3.6.1.6.3.10.2.1.1.0)" "$id"
it_equal 'the state file is private' "$(stat -c %a /run/state/engine)" 600
it_stop agent
echo rubbish >/run/state/engine
start "$agent"
it_wait_for 5 'it answers with a damaged state file' boots
it_check 'which is kept' test -s /run/state/engine.bad
it_stop agent

# Listening everywhere, the answer comes from the address that was asked.
it_ns router manager
it_veth router eth0 192.0.2.1/24 manager eth0 192.0.2.9/24
ip -n router addr add 192.0.2.2/24 dev eth0
ip -n router -6 addr add 2001:db8::1/64 dev eth0 nodad
ip -n manager -6 addr add 2001:db8::9/64 dev eth0 nodad
it_start everywhere --ns router -- "$router" standalone 0.0.0.0:161 4 /run/users.conf /run/state
it_wait_for 5 'by its first address' it_in manager snmpget "${v3[@]}" 192.0.2.1 1.3.6.1.2.1.1.3.0
it_wait_for 5 'by its second' it_in manager snmpget "${v3[@]}" 192.0.2.2 1.3.6.1.2.1.1.3.0
it_stop everywhere
it_start v6 --ns router -- "$router" standalone '[::]:161' 4 /run/users.conf /run/state
it_wait_for 5 'by IPv6' it_in manager snmpget "${v3[@]}" 'udp6:[2001:db8::1]:161' 1.3.6.1.2.1.1.3.0
it_stop v6

# A link-local address is one with its interface, and none without; another interface is named.
ip -n router -6 addr add fe80::1/64 dev eth0 nodad
ip -n manager -6 addr add fe80::9/64 dev eth0 nodad
it_start zone --ns router -- "$router" standalone '[fe80::1%eth0]:161' 4 /run/users.conf /run/state
it_wait_for 5 'by a link-local address' it_in manager snmpget "${v3[@]}" 'udp6:[fe80::1%eth0]:161' 1.3.6.1.2.1.1.3.0
it_stop zone
it_in router "$router" standalone '[fe80::1%eth7]:161' 4 /run/users.conf /run/state >/run/zone.log 2>&1
it_equal 'an interface that is not there ends it' "$?" 1
it_match 'and is named' "$(cat /run/zone.log)" 'this machine has no interface eth7'

# An address that comes after the agent, as at a boot.
it_start early --ns router -- "$router" standalone 192.0.2.3:161 4 /run/users.conf /run/state
it_wait_for 5 'which is said' grep -q 'no such address yet' "$it_tmp/early.log"
ip -n router addr add 192.0.2.3/24 dev eth0
it_wait_for 5 'by an address that came later' it_in manager snmpget "${v3[@]}" 192.0.2.3 1.3.6.1.2.1.1.3.0
it_stop early
it_done
