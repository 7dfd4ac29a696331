#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a cut to whoever is told: CUTS links (50) of a site go down, one after the other. Printed are, from
# the moment at which a netlink listener beside the agent sees it (which may be woken later than the
# agent), the times to the page's stream and to the first octet of a webhook.
. "$(dirname "$0")/../integration/lib.sh"
. "$(dirname "$0")/../integration/agent_lib.sh"
it_isolate "$@"
it_need ip snmpget python3
. "$it_root/tests/integration/collector_lib.sh"
cuts=${CUTS-50}
here=$it_root/tests/bench

agent_net
for ((i = 0; i < cuts; i++)); do
	ip -n site link add "bk$i" type veth peer name "far$i" netns lan
	ip -n lan link set "far$i" up
	ip -n site link set "bk$i" up
done
{
	echo 'link "wan0" { role = uplink medium = fiber capacity = 100000 }'
	for ((i = 0; i < cuts; i++)); do echo "link \"bk$i\" { role = backup }"; done
	echo 'receiver "noc" { address = "192.0.2.0:162" user = "site" }'
} | agent_conf
collector_files
sed -i 's/^trap-listen.*/trap-listen = {"192.0.2.0:162"}/; s/^poll-interval.*/poll-interval = 10s/
	$ a notify = "'"$it_tmp"'/notify.conf"' "$it_tmp/collector.conf"
it_file "$it_tmp/credentials.conf" 600 <<-E
	credential "opd" {
		user = "site" auth = "sha256" auth-passphrase = "auth-pass-of-site"
		priv = "aes128" priv-passphrase = "priv-pass-of-site"
	}
E
it_file "$it_tmp/inventory.csv" <<-E
	id,kind,name,address,credential,profile
	opd-test,opd,Dinas Uji,192.0.2.1,opd,opd-agent
E
it_file "$it_tmp/notify.conf" 600 <<-E
	join = 0s
	channel "hook" { type = webhook url = "http://127.0.0.1:9901/" }
	rule "all" { severity = info channels = {"hook"} alerts = {"link-down"} }
E
it_start hook --ns noc -- python3 "$here/told_listen.py" http "$it_tmp/http" 9901
collector_start collector noc
agent_start
it_start netlink --ns site -- python3 "$here/told_listen.py" netlink "$it_tmp/netlink"
it_start stream --ns noc -- python3 "$here/told_listen.py" stream "$it_tmp/stream" 8080
sleep 3
for ((i = 0; i < cuts; i++)); do
	ip -n site link set "bk$i" down
	sleep 1
	ip -n site link set "bk$i" up
	sleep 1
done
python3 - "$it_tmp" <<'E'
import pathlib
import statistics
import sys

def read(how):
    lines = pathlib.Path(sys.argv[1], how).read_text().split("\n")
    return {link: float(at) for link, at in (line.split() for line in lines if line)}


began = read("netlink")
for how in ("stream", "http"):
    late = [(at - began[link]) * 1000 for link, at in read(how).items()]
    print(f"{how:7} {len(late)} of {len(began)} cuts, median {statistics.median(late):.2f} ms, worst {max(late):.2f} ms")
E
it_done
