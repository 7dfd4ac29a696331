#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The device simulator against net-snmp's tools, whose word on SNMP counts for more.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
it_need snmpget snmpwalk snmpbulkwalk
export MIBS= SNMPCONFPATH=/nonexistent

sim=$(it_program tests/sim/fleet_sim)
ip route add local 198.51.100.0/24 dev lo
printf '1.3.6.1.2.1.1.5.0|4|recorded\n1.3.6.1.2.1.1.6.0|4x|4B6F7461\n1.3.6.1.2.1.31.1.1.1.6.7|70|18446744073709551615\n' >"$it_tmp/device.snmprec"
it_file "$it_tmp/fleet.conf" <<'END'
# the whole net, then what is different
198.51.100.1-198.51.100.220 community=public name=hs-% user=opd:SHA256:authauth1:AES:privpriv1
198.51.100.10 profile=routeros
198.51.100.11 profile=unifi
198.51.100.12 profile=aruba
198.51.100.13 profile=airmax
198.51.100.14 profile=record:/run/it/device.snmprec
198.51.100.15 state=dead
198.51.100.16 delay=300
198.51.100.17 profile=if-mib-32
198.51.100.18 max-varbinds=5
198.51.100.19 shape=flat rate=1000000
END
it_start sim -- "$sim" --control "$it_tmp/sim.sock" --config "$it_tmp/fleet.conf"
it_wait_for 5 'the simulator is ready' grep -q 'ready: 220 devices' "$it_tmp/sim.log"

v2=(-v2c -c public -On -r1 -t1)
v3=(-v3 -l authPriv -u opd -a SHA-256 -A authauth1 -x AES -X privpriv1 -On -r1 -t1)
value() {
	snmpget "${v2[@]}" -OQvU "198.51.100.$1" "$2" | tr -d '"'
}
send() {
	"$sim" --send "$it_tmp/sim.sock" "$@"
}

it_equal 'each device has its name' "$(value 1 .1.3.6.1.2.1.1.5.0) $(value 220 .1.3.6.1.2.1.1.5.0)" 'hs-001 hs-220'
it_match 'v3 authPriv' "$(snmpget "${v3[@]}" 198.51.100.1 .1.3.6.1.2.1.1.5.0)" 'hs-001'
it_match 'a wrong passphrase' "$(snmpget "${v3[@]}" -A wrongwrong 198.51.100.1 .1.3.6.1.2.1.1.5.0 2>&1)" 'Authentication failure'
it_match 'an unknown user' "$(snmpget "${v3[@]}" -u nobody 198.51.100.1 .1.3.6.1.2.1.1.5.0 2>&1)" 'Unknown user'
it_match 'a wrong privacy key' "$(snmpget "${v3[@]}" -X wrongwrong 198.51.100.1 .1.3.6.1.2.1.1.5.0 2>&1)" 'Decryption error'
it_match 'too low a level' "$(snmpget "${v3[@]}" -l authNoPriv 198.51.100.1 .1.3.6.1.2.1.1.5.0 2>&1)" 'Unsupported security'
it_match 'a wrong community' "$(snmpget "${v2[@]}" -r0 -c wrong 198.51.100.1 .1.3.6.1.2.1.1.5.0 2>&1)" 'Timeout'
it_match 'a dead device' "$(snmpget "${v2[@]}" -r0 198.51.100.15 .1.3.6.1.2.1.1.5.0 2>&1)" 'Timeout'
it_match 'tooBig' "$(snmpget "${v2[@]}" 198.51.100.18 .1.3.6.1.2.1.1.{1,2,3,4,5,6}.0 2>&1)" 'tooBig'

# GETNEXT, GETBULK and v3 walk the same tree; snmpwalk itself complains if it does not ascend.
for n in 1 10 11 12 13 18; do
	names=$(snmpwalk "${v2[@]}" 198.51.100.$n .1 | cut -d' ' -f1)
	it_between "device $n: GETNEXT" "$(wc -l <<<"$names")" 100 200
	it_equal "device $n: GETBULK" "$(snmpbulkwalk "${v2[@]}" 198.51.100.$n .1 | cut -d' ' -f1)" "$names"
	it_equal "device $n: v3" "$(snmpbulkwalk "${v3[@]}" 198.51.100.$n .1 | cut -d' ' -f1)" "$names"
done
it_equal 'no 64-bit counters in 32-bit devices' "$(snmpbulkwalk "${v2[@]}" 198.51.100.17 .1 | grep -c Counter64)" 0
it_equal 'no 64-bit counters in SNMPv1' "$(snmpwalk -v1 -c public -On 198.51.100.1 .1 | grep -c Counter64)" 0
it_equal 'RouterOS says so' "$(value 10 .1.3.6.1.2.1.1.2.0)" .1.3.6.1.4.1.14988.1
it_equal 'a recording' "$(value 14 .1.3.6.1.2.1.1.6.0) $(value 14 .1.3.6.1.2.1.31.1.1.1.6.7)" 'Kota 18446744073709551615'

# An answer 300 ms late is 300 ms late.
begun=$(it_now_ms)
value 16 .1.3.6.1.2.1.1.5.0 >/dev/null
it_between 'a slow device, ms' $(($(it_now_ms) - begun)) 300 600

# A counter lies between what it was before and after it was asked for.
before=$(send octets 198.51.100.19 1 in)
got=$(value 19 .1.3.6.1.2.1.31.1.1.1.6.1)
after=$(send octets 198.51.100.19 1 in)
it_between 'a counter of known rate' "$got" "$before" "$after"
it_equal 'and exactly so' "$(($(send octets 198.51.100.19 1 in 9000000) - $(send octets 198.51.100.19 1 in 4000000)))" 5000000

it_equal 'change at run time' "$(send set 198.51.100.1-198.51.100.3 state=dead)" ok
it_match 'now dead' "$(snmpget "${v2[@]}" -r0 198.51.100.2 .1.3.6.1.2.1.1.5.0 2>&1)" 'Timeout'
send set 198.51.100.1-198.51.100.3 state=alive reboot=now >/dev/null
it_match 'rebooted' "$(value 2 .1.3.6.1.2.1.1.3.0)" '^0:0:00:0[0-2]\.'
it_equal 'and nothing has been counted before' "$(($(value 2 .1.3.6.1.2.1.31.1.1.1.6.1) < 600000))" 1
it_match 'v3 after the reboot, with the new boots' "$(snmpget "${v3[@]}" 198.51.100.1 .1.3.6.1.2.1.1.5.0)" 'hs-001'
it_match 'a wrong setting is refused' "$(send set 198.51.100.1 color=red)" 'error: color=red: no such key'
it_stop sim
it_equal 'ends well' "$it_status" 0
it_done
