#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The harness itself: namespaces hold, failures are failures, waiting has an end, and what
# a test leaves running dies with it.
. "$(dirname "$0")/lib.sh"

# A test within a test: prints the exit status of a script that sources lib.sh.
inner() {
	local script=/run/it-inner-$RANDOM.sh
	printf '. %q\n%s\n' "$it_root/tests/integration/lib.sh" "$1" >"$script"
	bash "$script" >/run/it-inner.out 2>&1
	echo $?
}

it_isolate "$@"
it_need ip ping
it_ns a b
it_veth a to-b 192.0.2.0/31 b to-a 192.0.2.1/31
it_wait_for 5 'the cable carries' ip netns exec a ping -c1 -W1 192.0.2.1
it_equal 'no other network' "$(ip -br link | wc -l)" 1
it_equal 'both namespaces' "$(ls /run/netns | tr '\n' ' ')" 'a b '

it_start sleeper --ns a -- sleep 1000
it_check 'runs' it_alive sleeper
it_stop sleeper
it_equal 'ended by TERM' "$it_status" 143

prelude='it_tmp=$(mktemp -d /run/XXXXXX)'
it_equal 'a failed check' "$(inner "$prelude; it_equal x 1 2; it_done")" 1
it_equal 'a command that fails' "$(inner "$prelude; it_check x false; it_done")" 1
it_equal 'no check at all' "$(inner "$prelude; it_done")" 1
it_equal 'a wait that ends' "$(inner "$prelude; it_wait_for 1 never false; it_done")" 1
it_equal 'out of range' "$(inner "$prelude; it_between x 5 6 7; it_done")" 1
it_equal 'a skip' "$(inner "$prelude; it_need no-such-command; it_done")" 77
it_equal 'all well' "$(inner "$prelude; it_equal x 1 1; it_done")" 0

# Sections: each by itself, in the script's order, those named or all.
cat >/run/sections.sh <<SH
#!/bin/bash
. "$it_root/tests/integration/lib.sh"
section_first() {
	it_pass first
	touch /run/mark
}
section_broken() {
	it_equal broken 1 2
}
section_alone() {
	it_check 'of its own' test ! -e /run/mark
}
it_sections "\$@"
SH
chmod +x /run/sections.sh
sections() {
	env -u IT_ISOLATED /run/sections.sh "$@" >/run/sections.out 2>&1
	echo $?
}
it_equal 'one section fails' "$(sections)" 1
it_equal 'all three ran' "$(grep '^# section' /run/sections.out | tr '\n' ' ')" \
	'# section first # section broken # section alone '
it_equal 'and it is named' "$(tail -1 /run/sections.out)" 'FAILED: of 3 sections: broken'
it_equal 'two by name' "$(sections first alone)" 0
it_equal 'one that is not there' "$(sections frist)" 1

# Orphans: a process that ignores signals and left its session, in a test that is killed.
mark=$$-$RANDOM
cat >/run/orphan.sh <<SH
#!/bin/bash
. "$it_root/tests/integration/lib.sh"
it_isolate
setsid bash -c 'trap "" TERM INT HUP; while :; do sleep 1; done; : orphan-$mark' &
sleep 1000
SH
chmod +x /run/orphan.sh
env -u IT_ISOLATED /run/orphan.sh &
outer=$!
it_wait_for 5 'the orphan runs' pgrep -f "orphan-$mark"
kill -9 $outer
it_wait_for 5 'the orphan died with its test' bash -c "! pgrep -f '[o]rphan-$mark'"
it_done
