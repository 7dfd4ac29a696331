#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# While nothing happens: one wake-up a second, no allocation, nothing written; over 64 links.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent_lib.sh"
it_isolate "$@"
it_need ip snmpget od
preload=$it_build/tests/integration/libmalloc_count.so
[ -e "$preload" ] || it_skip "needs $preload (glibc)"
! ldd "$(it_program agent/pantau-agent)" | grep -q asan || it_skip "the sanitizer has the allocator"
seconds=${IT_STEADY_S-33} # a full dump of the links is among them

agent_net
for ((i = 0; i < 62; i += 2)); do
	echo "link add e$i type veth peer name e$((i + 1))"
	echo "link set e$i up"
	echo "link set e$((i + 1)) up"
done | ip -n site -batch -
sleep 2
agent_conf <<<''
it_start agent --ns site -- env LD_PRELOAD="$preload" MALLOC_COUNT_FILE="$it_tmp/count" \
	"$(it_program agent/pantau-agent)" -c "$it_tmp/agent.conf" -f
it_wait_for 5 'the agent runs' agent_answers
it_equal 'it sees 64 links' "$(agent_walk "$PANTAU_ROOT.1.2.1.1" | wc -l)" 64
sleep 3

allocations() {
	od -An -t u8 -N 8 "$it_tmp/count" | tr -d ' '
}
wakeups() {
	awk '/^voluntary_ctxt_switches/ { n += $2 } END { print n }' /proc/"${it_pids[agent]}"/task/*/status
}
written() {
	awk '/^wchar/ { print $2 }' "/proc/${it_pids[agent]}/io"
}
it_check 'allocations are counted' [ "$(allocations)" -gt 100 ]
a=$(allocations) w=$(wakeups) o=$(written)
sleep "$seconds"
it_equal "allocations in $seconds s" $(($(allocations) - a)) 0
it_between 'wake-ups' $(($(wakeups) - w)) $((seconds - 2)) $((seconds + seconds / 4))
# wchar counts the requests to netlink sockets as well as files; those go by sendto
it_equal 'octets written' $(($(written) - o)) 0
it_check 'its events are on disk all the same' [ -s "$it_tmp/state/events.0" ]
it_stop agent
it_equal 'exit status' "$it_status" 0
it_done
