#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# pantau-agent --init: what it writes serves an agent, what it prints lets a manager in; an
# existing file is not touched.
. "$(dirname "$0")/lib.sh"
it_isolate "$@"
it_need snmpget python3
export MIBS=''
agent=$(it_program agent/pantau-agent) || exit 1
users=/run/etc/pantau/users.conf
mkdir -p /run/state /run/agent
it_file /run/agent.conf <<CONF
site-id = "opd-baru"
listen = {"127.0.0.1:16163"}
users-file = "$users"
state-dir = "/run/state"
run-dir = "/run/agent"
CONF
mkdir -p /run/etc
umask 000
"$agent" --init -c /run/agent.conf >/run/credential.txt 2>/run/init.err || it_fail "$(cat /run/init.err)"
it_equal 'nobody else reads it' "$(stat -c %a $users)" 600
it_check 'it is in order' "$agent" --check-config -c /run/agent.conf
key() { # NAME FILE
	sed -n "s/^\t$1 = \"\(.*\)\"/\1/p" "$2"
}
auth=$(key auth-passphrase /run/credential.txt) priv=$(key priv-passphrase /run/credential.txt)
it_equal 'both files have the same keys' "$(key auth-passphrase $users) $(key priv-passphrase $users)" "$auth $priv"
it_match 'random keys' "$auth $priv" '^[A-Za-z0-9]{24} [A-Za-z0-9]{24}$'
it_check 'not the same' test "$auth" != "$priv"

it_start agent -- "$agent" -f -c /run/agent.conf
ask() {
	snmpget -v3 -t 1 -r 0 -l authPriv -u "$(key user /run/credential.txt)" -a SHA-256 -A "$1" \
		-x AES -X "$priv" -Oqv 127.0.0.1:16163 1.3.6.1.4.1.8072.9999.9999.51.1.1.2.0
}
it_wait_for 5 'the manager is let in' ask "$auth"
it_match 'the log has no secret' "$(grep -c -e "$auth" -e "$priv" "$it_tmp/agent.log")" '^0$'

# What was printed is a section of the collector's credentials.conf as it stands.
if [ -x "$it_build/collector/pantauctl" ]; then
	. "$it_root/tests/integration/collector_lib.sh"
	collector_files
	it_file "$it_tmp/credentials.conf" 600 <"/run/credential.txt"
	it_file "$it_tmp/inventory.csv" <<-E
		id,kind,name,address,port,credential,parent,parent_port,profile
		opd-baru,opd,Dinas Baru,127.0.0.1,16163,opd-baru,,,opd-agent
	E
	it_match "the collector's configuration is in order with it" "$(ctl check-config "$it_tmp/collector.conf" 2>&1)" ': right; 1 devices, 1 credentials'
	it_match 'and it opens the agent' "$(ctl -c "$it_tmp/collector.conf" device probe 127.0.0.1 --port 16163 2>&1)" 'opd-baru'
fi

before=$(cat $users)
"$agent" --init -c /run/agent.conf >/run/second.txt 2>/run/init.err
it_equal 'a second time it is refused' "$? $(cat /run/second.txt)" '1 '
it_match 'with what to do' "$(cat /run/init.err)" '--force'
it_equal 'and nothing changed' "$(cat $users)" "$before"
"$agent" --init --force -c /run/agent.conf >/run/second.txt || it_fail 'with --force'
it_equal 'the old one is kept' "$(cat $users.old)" "$before"
it_equal 'and private' "$(stat -c %a $users.old)" 600
# Whoever cannot be told the keys has no use for them: all stays as it was.
cp $users /run/kept
"$agent" --init --force -c /run/agent.conf >/dev/full 2>/run/init.err
it_equal 'no room for what is printed: refused' "$?" 1
it_match 'which is said of the output' "$(cat /run/init.err)" 'standard output'
it_check 'and nothing changed' cmp $users /run/kept
it_equal 'nor the older one' "$(cat $users.old)" "$before"
mount -t tmpfs -o size=4k tmpfs /run/etc/pantau && cp /run/kept $users && chmod 600 $users
"$agent" --init --force -c /run/agent.conf >/run/third.txt 2>/run/init.err
it_equal 'no room for the file: refused' "$? $(cat /run/third.txt)" '1 '
it_check 'and nothing changed either' cmp $users /run/kept
umount /run/etc/pantau
new=$(key auth-passphrase /run/second.txt)
it_check 'other keys' test "$new" != "$auth"

# A look at the links is for anybody, and shows names as text.
if [ "$(id -u)" = 0 ] && setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	chmod 755 /run
	ip link set dev lo alias $'\e[31mmerah'
	once=$(setpriv --reuid=65534 --regid=65534 --clear-groups "$agent" --once -c /run/agent.conf) || it_fail '--once as nobody'
	it_match '--once, as nobody' "$once" ' lo .* \?\[31mmerah'
fi

# A reload takes the new users; the old key no longer opens.
kill -HUP "${it_pids[agent]}"
priv=$(key priv-passphrase /run/second.txt)
it_wait_for 5 'the new key opens after a reload' ask "$new"
it_match 'the old one no more' "$(ask "$auth" 2>&1)" 'Authentication failure'
# A manager may reload it as soon as it says that it is ready.
ready() {
	python3 - "$agent" -f -c /run/agent.conf <<'P'
import os, signal, socket, subprocess, sys
inbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
inbox.bind("/run/notify")
inbox.settimeout(10)
os.environ["NOTIFY_SOCKET"] = "/run/notify"
for _ in range(40):
    agent = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)
    for stop in (signal.SIGHUP, signal.SIGTERM):
        while b"READY=1" not in inbox.recv(4096):
            pass
        agent.send_signal(stop)
    if agent.wait(10) != 0:
        sys.exit(f"exit status {agent.returncode}")
P
}
it_stop agent
it_check 'a reload at once does not end it' ready
chmod 640 $users
it_match 'a file that others read is refused' "$("$agent" --check-config -c /run/agent.conf 2>&1)" 'chmod'

# A users file that is damaged in whatever way is refused by its name: no crash, and no start
# without users.
chmod 600 $users
cp $users /run/good
refused() { # WHAT
	local said status
	said=$(timeout 10 "$agent" -f -c /run/agent.conf 2>&1)
	status=$?
	[ $status = 2 ] && [[ $said == *"$users"* ]] || it_fail "$1: status $status, said '$said'"
}
for option in --no-such /etc/x --watchdog=2; do
	"$agent" $option >/dev/null 2>&1
	it_equal "wrong use, $option" $? 64
done
whole=$(($(grep -bo '}' /run/good | cut -d: -f1) + 1))
for ((n = 0; n < whole; n += 3)); do
	head -c "$n" /run/good >$users
	refused "cut after $n octets"
done
it_pass "cut anywhere before its $whole octets"
for ((i = 0; i < 30; i++)); do
	head -c $((RANDOM % 5000 + 1)) /dev/urandom >$users
	refused 'random octets'
	tr -dc 'a-z"{}=#\\ \n' </dev/urandom | head -c 3000 >$users
	refused 'random characters'
done
it_pass 'noise'
head -c 4096 /dev/zero >$users
refused zeros
{ cat /run/good && yes '# more' | head -c 20M; } >$users
refused 'too large'
cp /run/good $users
chmod 644 $users
refused 'readable by others'
chmod 600 $users
[ "$(id -u)" != 0 ] || ! chown 12345 $users 2>/dev/null || refused "somebody else's"
rm -f $users
refused missing
mkdir $users
refused 'a directory'
rmdir $users
mkfifo -m 600 $users
refused 'a pipe'
rm $users
it_pass 'zeros, too large, of others, missing, no file'
cp /run/good $users
chmod 600 $users
# A link that there is not is no mistake, but somebody should know.
printf 'sample-interval = 100ms\nlink "l0" { role = uplink }\nlink "wwan*" { role = backup }\n' >>/run/agent.conf
it_match 'check-config warns of it' "$("$agent" --check-config -c /run/agent.conf 2>&1; echo "$?")" \
	'^warning: /run/agent.conf:7: link "l0": there is no link of this name now \(did you mean lo\?\); there are .*lo'
it_start agent -- "$agent" -f -c /run/agent.conf
told() {
	[ "$(grep -c 'link "' "$it_tmp/agent.log")" = "$1" ] && grep -q 'link "l0": there is no link' "$it_tmp/agent.log"
}
it_wait_for 8 'and the agent, once' told 1
kill -HUP "${it_pids[agent]}"
it_wait_for 8 'and once more after a reload' told 2
it_stop agent
sed -i '1a user = "tidak-ada"' /run/agent.conf
it_match 'a user that does not exist is refused' "$("$agent" --check-config -c /run/agent.conf 2>&1)" \
	'^/run/agent.conf:2: user: "tidak-ada" does not exist on this machine; adduser'
it_done
