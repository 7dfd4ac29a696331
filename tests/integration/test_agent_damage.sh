#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# State files that are damaged, cut short or empty, and a state directory without room: the
# agent says so, serves and informs all the same. And a receiver that is to get no standard
# notification, because an snmpd beside sends them.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent_lib.sh"
it_isolate "$@"
it_need ip snmptrapd snmpget snmpwalk
agent_net
trapd_start trapd noc
agent_conf <<<'receiver "noc" { address = "192.0.2.0:162" user = "site" standard = no }'

flap() {
	local n
	n=$(trapd_events trapd | grep -c '^[0-9]* 4 lan0')
	ip -n lan link set pc0 down
	sleep 0.2
	ip -n lan link set pc0 up
	it_wait_for 10 "$1" trapd_has trapd 4 lan0 $((n + 1))
}

agent_start
flap 'an event before'
it_equal 'no standard notification' "$(trapd_standard trapd)" ''
it_stop agent

mapfile -t files < <(cd "$it_tmp" && find state run -type f -size +0 | sort)
it_check 'there are state files' [ "${#files[@]}" -gt 2 ]
for how in random empty short; do
	for file in "${files[@]}"; do
		path=$it_tmp/$file
		size=$(stat -c %s "$path")
		cp "$path" "$it_tmp/kept"
		case $how in
		random) head -c "$((size < 65536 ? size : 65536))" /dev/urandom | dd of="$path" conv=notrunc status=none ;;
		empty) : >"$path" ;;
		short) truncate -s $((size / 2 + 1)) "$path" ;;
		esac
		: >"$it_tmp/agent.log"
		agent_start
		it_check "$how $file: alive" it_alive agent
		[ "$how" != random ] || it_check "$file: a warning" grep -qE 'level=(warn|err)|WARN|warn|aside|anew' "$it_tmp/agent.log"
		flap "$how $file: it informs"
		it_stop agent
		it_equal 'exit status' "$it_status" 0
	done
done

it_note 'no room for state'
rm -rf "$it_tmp/state" && mkdir "$it_tmp/state"
mount -t tmpfs -o size=16k tmpfs "$it_tmp/state" || it_skip 'cannot mount a tmpfs'
head -c 1M /dev/zero >"$it_tmp/state/filler" 2>/dev/null
agent_start
flap 'it informs with a full disk'
it_check 'and says so' grep -qiE 'space|cannot' "$it_tmp/agent.log"
# numbers_go_on WHAT COMMAND...: which is done while the agent is away
numbers_go_on() {
	local last what=$1
	shift
	last=$(agent_get 1.1.7.0)
	it_stop agent KILL
	"$@"
	agent_start
	it_check "$what: numbers go on" [ "$(agent_get 1.1.7.0)" -gt "$last" ]
	flap "$what: it informs"
}
numbers_go_on 'killed, with a full disk' true
it_stop agent
it_equal 'exit status' "$it_status" 0
umount "$it_tmp/state"
agent_start
numbers_go_on 'killed, and the state directory emptied' find "$it_tmp/state" -type f -delete
it_stop agent

for what in empty 'with what an earlier agent left' 'with what was damaged since'; do
	it_note "a state directory that cannot be written, $what"
	mount -t tmpfs tmpfs "$it_tmp/state"
	if [ "$what" != empty ]; then
		agent_start
		it_stop agent
	fi
	if [ "$what" = 'with what was damaged since' ]; then
		printf 'damage' | dd of="$it_tmp/state/events.0" bs=1 seek=50 conv=notrunc status=none
	fi
	mount -o remount,ro "$it_tmp/state"
	: >"$it_tmp/agent.log"
	agent_start
	flap "it informs, $what"
	it_check 'and says so' grep -q 'kept in memory only' "$it_tmp/agent.log"
	it_stop agent
	it_equal 'exit status' "$it_status" 0
	umount "$it_tmp/state"
done

it_note 'a state directory that cannot be made'
rm -rf "$it_tmp/state"
: >"$it_tmp/state"
: >"$it_tmp/agent.log"
agent_start
flap 'it informs without a state directory'
it_check 'and says so' grep -q 'kept in memory only' "$it_tmp/agent.log"
it_stop agent
it_equal 'exit status' "$it_status" 0
rm "$it_tmp/state"
it_check 'through all this no number came twice' trapd_in_order trapd

it_note 'no room for the history'
for size in 4k 8k; do
	find "$it_tmp/run" -type f -delete
	mount -t tmpfs -o size=$size tmpfs "$it_tmp/run"
	: >"$it_tmp/agent.log"
	agent_start
	flap "it informs with $size of it"
	it_check 'it is alive' it_alive agent
	it_check 'and says so' grep -q 'no room in run-dir' "$it_tmp/agent.log"
	it_stop agent
	it_equal 'exit status' "$it_status" 0
	umount "$it_tmp/run"
done
it_stop trapd
it_done
