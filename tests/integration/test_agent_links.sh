#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Links that are renamed, deleted, made anew and flap faster than the kernel tells; lost
# netlink messages; rates against traffic of known size; reload.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent_lib.sh"
it_isolate "$@"
it_need ip ss snmptrapd snmpget snmpwalk

agent_net
agent_conf <<'END'
link "wan*" { role = uplink medium = fiber capacity = 100000 alias = "FO" }
link "lan*" { role = lan }
link "usb0" { role = backup medium = cellular }
flap-settle = 2s
receiver "noc" { address = "192.0.2.0:162" user = "site" }
END
trapd_start trapd noc
agent_start
it_note 'more than a hundred links that are there already'
for ((i = 0; i < 140; i += 2)); do
	echo "link add x$i type veth peer name x$((i + 1))"
	echo "link set x$i up"
	echo "link set x$((i + 1)) up"
done | ip -n site -batch -
# The default of max-links is 128: who waits moves up as soon as others go.
n_links() {
	agent_walk "$PANTAU_ROOT.1.2.1.1" | wc -l
}
it_wait_for 3 'as many as max-links' eval '[ "$(n_links)" = 128 ]'
sleep 2.2 # until the agent takes the others in its samples for known
for ((i = 0; i < 12; i += 2)); do
	echo "link del x$i"
done | ip -n site -batch -
it_wait_for 4 'others are in their place' eval '[ "$(n_links)" = 128 ]'
for ((i = 0; i < 12; i += 2)); do
	echo "link add x$i type veth peer name x$((i + 1))"
	echo "link set x$i up"
	echo "link set x$((i + 1)) up"
done | ip -n site -batch -
it_stop agent
sed -i 's/^site-name.*/&\nmax-links = 256/' "$it_tmp/agent.conf"
agent_start
all_speeds() {
	[ "$(agent_walk "$PANTAU_ROOT.1.2.1.29" | grep -c ' 10000000$')" = 142 ]
}
it_wait_for 8 'the speed of each is known' all_speeds
for ((i = 0; i < 140; i += 2)); do
	echo "link del x$i"
done | ip -n site -batch -
it_wait_for 3 'they are gone' eval '[ "$(agent_walk "$PANTAU_ROOT.1.2.1.1" | wc -l)" = 2 ]'

names() {
	agent_walk "$PANTAU_ROOT.1.2.1.1" | cut -d' ' -f2 | sort | tr '\n' ' '
}

it_note 'added, renamed, deleted, made anew'
it_equal 'the links' "$(names)" 'lan0 wan0 '
ip -n site link add usb0 type veth peer name usbpeer netns lan
it_wait_for 2 'linkAdded arrives' trapd_has trapd 7 usb0
it_equal 'in the next answer' "$(names)" 'lan0 usb0 wan0 '
it_equal 'its role' "$(agent_link usb0 2)" 3
old_index=$(ip -n site -o link show usb0 | cut -d: -f1)
ip -n site link set usb0 name lan1
it_wait_for 2 'linkRenamed arrives' trapd_has trapd 9 lan1
it_equal 'the new name in the next answer' "$(names)" 'lan0 lan1 wan0 '
it_equal 'the role of the new name' "$(agent_link lan1 2)" 4
ip -n site link del lan1
it_wait_for 2 'linkRemoved arrives' trapd_has trapd 8 lan1
it_equal 'no dead row' "$(names)" 'lan0 wan0 '
ip -n site link add usb0 type veth peer name usbpeer netns lan
ip -n lan link set usbpeer up
ip -n site link set usb0 up
it_wait_for 3 'linkUp arrives' trapd_has trapd 4 usb0
new_index=$(ip -n site -o link show usb0 | cut -d: -f1)
it_check 'another ifIndex' [ "$new_index" -gt "$old_index" ]
it_equal 'one row of that name' "$(names)" 'lan0 usb0 wan0 '
it_match 'a discontinuity is marked' "$(agent_link usb0 10)" '^[1-9]'
it_equal 'IF-MIB has the same name' \
	"$(agent_walk 1.3.6.1.2.1.31.1.1.1.1 | awk -v i="$new_index" '$1 == i { print $2 }')" usb0
ip -n site link del usb0
it_wait_for 2 'a link that is removed while up is told down' trapd_has trapd 3 usb0
ip -n site link add usb0 index "$new_index" type veth peer name usbpeer netns lan
ip -n lan link set usbpeer up
ip -n site link set usb0 up
it_wait_for 3 'and up again with the same ifIndex' trapd_has trapd 4 usb0 2
ip -n site link del usb0

it_note 'twenty flaps of 50 ms in a second'
before=$(agent_link lan0 8)
for i in {1..20}; do
	ip -n lan link set pc0 down
	sleep 0.02
	ip -n lan link set pc0 up
	sleep 0.01
done
it_wait_for 4 'all are counted' eval "[ \$((\$(agent_link lan0 8) - $before)) = 20 ]"
it_check 'the first is told' trapd_has trapd 3 lan0
it_check 'the rest is one event' trapd_has trapd 5 lan0
it_check 'no flood' [ "$(trapd_events trapd | grep -c ' lan0$')" -le 10 ]
it_wait_for 6 'then it is told settled' trapd_has trapd 6 lan0
it_match 'with their number' "$(grep linkSettled "$it_tmp/agent.log")" 'link=lan0 value=20 '

it_note 'a burst of link messages while the agent is stopped'
kill -STOP "${it_pids[agent]}"
for i in {1..1500}; do
	echo "link set dev lan0 alias a$i"
done | ip -n site -batch -
ip -n lan link set pc0 down
for i in {1..500}; do
	echo "link set dev lan0 alias b$i"
done | ip -n site -batch -
kill -CONT "${it_pids[agent]}"
it_wait_for 3 'the state is right' eval '[ "$(agent_link lan0 5)" = 2 ]'
it_equal 'and the alias' "$(agent_link lan0 31)" b500
it_check 'all of it by one look, though it told of a change meanwhile' eval \
	'! grep -q "links cannot be read" "$it_tmp/agent.log"'
kill -USR1 "${it_pids[agent]}"
it_wait_for 2 'messages were lost, and it was noticed' grep -qE 'overruns=[1-9]' "$it_tmp/agent.log"
ip -n lan link set pc0 up

it_note 'bursts of 1,500 messages in which eight links flap, two swap names, one is made anew'
it_wait_for 3 'lan0 is up' eval '[ "$(agent_link lan0 5)" = 1 ]'
for i in {0..9}; do
	echo "link add lan1$i type veth peer name pc1$i netns lan"
	echo "link set lan1$i up"
done | ip -n site -batch -
for i in {0..9}; do
	echo "link set pc1$i up"
done | ip -n lan -batch -
links_up() {
	[ "$(ip -n site -br link | grep -c '^lan1.* UP ')" = 10 ] && [ "$(names | wc -w)" = 12 ]
}
it_wait_for 5 'ten more links' links_up
for i in {0..9}; do
	it_wait_for 5 "lan1$i is up" eval "[ \$(agent_link lan1$i 5) = 1 ]"
done
# burst: lan10 to lan17 lose their carrier three times, lan12 stays down
burst() {
	local i k n
	for k in 1 2 3; do
		for i in {1..480}; do
			echo "link set dev lan0 alias $k.$i"
		done | ip -n site -batch -
		for i in {0..7}; do
			echo "link set pc1$i down"
			[ "$k$i" = 32 ] || echo "link set pc1$i up"
		done | ip -n lan -batch -
	done
	ip -n site -batch - <<-END
		link set lan13 name tmp
		link set lan14 name lan13
		link set tmp name lan14
		link del lan18
		link add lan18 type veth peer name pc18 netns lan
		link set lan18 up
	END
	ip -n lan link set pc18 up
	for i in {1..60}; do
		echo "link set dev lan0 alias end.$i"
	done | ip -n site -batch -
}
# downs NAME: how often the kernel says that it lost its carrier
downs() {
	it_in site cat "/sys/class/net/$1/carrier_down_count"
}
# last_told NAME: type of the last event that says up or down
last_told() {
	trapd_events trapd | awk -v name="$1" '$3 == name && ($2 == 3 || $2 == 4) { n = $2 } END { print n }'
}
last_are() {
	local i
	for i in 0 1 3 4 5 6 7 8; do
		[ "$(last_told lan1$i)" = 4 ] || { echo "lan1$i: $(last_told lan1$i)"; return 1; }
	done
	[ "$(last_told lan12)" = 3 ] || { echo "lan12: $(last_told lan12)"; return 1; }
}
for how in runs 'is stopped'; do
	declare -A kernel=() agent=()
	for i in {0..7}; do
		kernel[$i]=$(downs lan1$i) agent[$i]=$(agent_link lan1$i 8)
	done
	[ "$how" = runs ] || kill -STOP "${it_pids[agent]}"
	burst
	[ "$how" = runs ] || kill -CONT "${it_pids[agent]}"
	it_wait_for 5 "while the agent $how: the last alias" eval '[ "$(agent_link lan0 31)" = end.60 ]'
	for i in 0 1 2 5 6 7; do
		it_wait_for 3 "lan1$i: the three losses" eval "[ \$((\$(agent_link lan1$i 8) - agent[$i])) = 3 ]"
		it_equal 'as the kernel counts' $(($(downs lan1$i) - kernel[$i])) 3
	done
	it_equal 'the names' "$(names)" 'lan0 lan10 lan11 lan12 lan13 lan14 lan15 lan16 lan17 lan18 lan19 wan0 '
	it_wait_for 10 'what was told last of each is what is' last_are
	it_check 'events in order' trapd_in_order trapd
	ip -n lan link set pc12 up
	it_wait_for 5 'lan12 is told up' eval '[ "$(last_told lan12)" = 4 ]'
	sleep 2.5 # until nothing flaps
done
for i in {0..9}; do
	echo "link del lan1$i"
done | ip -n site -batch -

it_note 'rates'
it_wait_for 3 'lan0 is up' eval '[ "$(agent_link lan0 5)" = 1 ]'
octets=$(agent_link wan0 11)
it_in noc ping -q -i 0.002 -s 1400 -c 500 192.0.2.1 >/dev/null
sleep 1.1
kernel=$(it_in site cat /sys/class/net/wan0/statistics/rx_bytes)
it_between 'octets are the kernel'"'"'s' "$(agent_link wan0 11)" $((kernel - 3000)) $((kernel + 3000))
it_check 'and have grown' [ $((kernel - octets)) -gt 700000 ]
it_equal 'speed by ethtool' "$(agent_link wan0 29)" 10000000
it_equal 'alias of the configuration' "$(agent_link wan0 31)" FO

once=$(it_in site "$(it_program agent/pantau-agent)" -c "$it_tmp/agent.conf" --once)
it_match '--once shows the links' "$once" 'wan0 +up +uplink +10000M'
it_start flapping -- bash -c 'while :; do ip -n site link add v1 type veth peer name v2; ip -n site link del v1; done'
for i in 1 2 3; do
	it_match 'also while others come and go' \
		"$(it_in site "$(it_program agent/pantau-agent)" -c "$it_tmp/agent.conf" --once)" 'wan0 +up +uplink'
done
it_stop flapping KILL
it_note 'reload'
cp "$it_tmp/agent.conf" "$it_tmp/good.conf"
echo 'link "x" { role = uplnk }' >>"$it_tmp/agent.conf"
kill -HUP "${it_pids[agent]}"
it_wait_for 2 'a bad one is refused by line' grep -q 'agent.conf:[0-9]*:.*uplnk' "$it_tmp/agent.log"
it_equal 'and changes nothing' "$(agent_link wan0 31)" FO
sed 's/"FO"/"radio"/; s/medium = fiber/medium = wireless/' "$it_tmp/good.conf" >"$it_tmp/agent.conf"
kill -HUP "${it_pids[agent]}"
it_wait_for 2 'a good one is taken over' eval '[ "$(agent_link wan0 31)" = radio ]'
it_equal 'the medium too' "$(agent_link wan0 3)" 3
n=$(trapd_events trapd | wc -l)
ip -n lan link set pc0 down
it_wait_for 5 'informs still go out' eval "[ \$(trapd_events trapd | wc -l) -gt $n ]"
it_check 'each event once, in order' trapd_in_order trapd
it_stop agent
it_equal 'exit status' "$it_status" 0
it_done
