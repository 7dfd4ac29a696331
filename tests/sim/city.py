#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo city as files: what tests/demo starts, derived from the inventory alone.

    city.py [--opd N] [--hotspots M] ROOT BUILD STATE

ROOT is the source tree, BUILD its build directory, STATE an existing directory of mode 0700. Writes, below STATE:

    sites              "ID" of each OPD, one a line
    living             the ID of each device that will answer
    inventory.csv      the devices that take part
    net/NETNS          batches for ip(8), one for each network namespace
    conf/...           configuration of the collector and of each agent, secrets included
    conf/fleet         the hotspots, for tests/sim/fleet_sim
    traffic            the plan of tests/sim/traffic

The network. OPD number k hangs on the core by a veth pair, opd-NN at the core and wan0 at
the site, 192.0.2.2k/31. Behind the site is its LAN, 192.168.k.0/24, whose only station is in
the namespace "city" (lan-NN). There live the hotspots too: those with a parent are reached
through that OPD, the others, on a provider's line, by a link from the core. The collector
is alone in the namespace "noc".
"""

import argparse
import csv
import os
import secrets
import signal

NOC, CORE = "203.0.113.10", "203.0.113.1"
CITY_LINK = ("192.0.2.0", "192.0.2.1")  # core, city
# A day's demo needs no ten years: 50 KiB a file instead of 1 MiB.
RRAS = ["AVERAGE:0.5:10s:2h", "AVERAGE:0.5:1m:8h", "AVERAGE:0.5:5m:2d", "AVERAGE:0.5:6h:35d",
        "MAX:0.5:1m:8h", "MAX:0.5:10m:2d", "MAX:0.5:6h:35d"]


class Site:
    """One OPD: its row of the inventory and the addresses that follow from its number."""

    def __init__(self, row):
        self.id, self.row = row["id"], row
        self.k = int(self.id.removeprefix("opd-"))
        self.core_address = f"192.0.2.{2 * self.k}"
        self.address = f"192.0.2.{2 * self.k + 1}"
        self.router = f"192.168.{self.k}.1"
        self.station = f"192.168.{self.k}.2"
        self.core_port = self.id
        self.lan_port = f"lan-{self.k:02}"
        self.table = 100 + self.k
        self.down_kbps = int(row["capacity_down_kbps"])
        self.up_kbps = int(row["capacity_up_kbps"])


class City:
    def __init__(self, root, build, n_opd, n_hotspots):
        self.root, self.build = root, build
        with open(f"{root}/conf/kota-mojokerto/inventory.csv", newline="", encoding="utf-8") as f:
            reader = csv.DictReader(f)
            self.columns, rows = reader.fieldnames, list(reader)
        self.core = next(r for r in rows if r["kind"] == "core")
        self.sites = [Site(r) for r in rows if r["kind"] == "opd"][:n_opd]
        by_id = {s.id: s for s in self.sites}
        self.hotspots = [r for r in rows if r["kind"] == "hotspot"
                         and (not r["parent"] or r["parent"] in by_id)][:n_hotspots]
        self.behind = {s.id: [] for s in self.sites}
        for row in self.hotspots:
            if row["parent"]:
                self.behind[row["parent"]].append(row["address"])
        if self.core["address"] != CORE:
            raise SystemExit(f"the inventory gives {self.core['id']} another address than {CORE}")
        for site in self.sites:
            if site.row["address"] != site.address:
                raise SystemExit(f"the inventory gives {site.id} another address than {site.address}")

    def rows(self):
        return [self.core] + [s.row for s in self.sites] + self.hotspots


# --- network: a batch for "ip -n NETNS -batch" each

def net_core(city):
    yield from ("link add noc type veth peer name eth0 netns noc", f"addr add {CORE}/24 dev noc",
                "link set noc up",
                "link add hotspots type veth peer name core netns city",
                f"addr add {CITY_LINK[0]}/31 dev hotspots", "link set hotspots up",
                f"route add 198.51.100.0/24 via {CITY_LINK[1]}")
    for s in city.sites:
        yield f"link add {s.core_port} type veth peer name wan0 netns {s.id}"
        yield f"addr add {s.core_address}/31 dev {s.core_port}"
        yield from core_port_up(city, s)


def core_port_up(city, site):
    """Also what mends a cut line: the routes went with the port."""
    yield f"link set {site.core_port} up"
    yield f"route replace 192.168.{site.k}.0/24 via {site.address}"
    for address in city.behind[site.id]:
        yield f"route replace {address}/32 via {site.address}"


def net_city(city):
    yield from ("route add local 198.51.100.0/24 dev lo", f"addr add {CITY_LINK[1]}/31 dev core",
                "link set core up", f"route add default via {CITY_LINK[0]}")
    # The kernel answers pings for all of them but those.
    for n, row in enumerate(city.hotspots, 1):
        if is_dead(n):
            yield f"route add blackhole {row['address']}/32 table local"
    for s in city.sites:
        yield f"link add {s.lan_port} type veth peer name lan0 netns {s.id}"
        yield f"addr add {s.station}/24 dev {s.lan_port}"
        yield f"link set {s.lan_port} up"
        # For what is bound to the port, and for the hotspots that answer from behind the OPD.
        yield f"route add default via {s.router} dev {s.lan_port} metric {s.table}"
        yield f"route add default via {s.router} dev {s.lan_port} table {s.table}"
        for address in city.behind[s.id]:
            yield f"rule add from {address} lookup {s.table}"


def net_site(city, site):
    yield from (f"addr add {site.address}/31 dev wan0", "link set wan0 up",
                f"addr add {site.router}/24 dev lan0", "link set lan0 up",
                f"route add default via {site.core_address}",
                # What goes from office to office ends here: the LAN's own traffic.
                "route add blackhole 192.168.0.0/16")
    for address in city.behind[site.id]:
        yield f"route add {address}/32 via {site.station}"


def net_noc(_city):
    yield from (f"addr add {NOC}/24 dev eth0", "link set eth0 up", f"route add default via {CORE}")


# --- configuration

def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def agent_conf(state, row, links):
    lines = [f"site-id = {quoted(row['id'])}", f"site-name = {quoted(row['name'])}",
             f"users-file = {quoted(state + '/conf/agent-users.conf')}",
             'listen = {"0.0.0.0:161"}',
             f"state-dir = {quoted(state + '/agent/' + row['id'])}",
             f"run-dir = {quoted('/run/pantau/' + row['id'])}",
             "history = 6h", 'exclude = {"lo"}', *links,
             'receiver "noc" {', f'\taddress = "{NOC}:162"', '\tuser = "pantau"', "}"]
    return "\n".join(lines) + "\n"


def link_conf(name, role, medium, capacity_kbps=0, alias=""):
    return f"link {quoted(name)} {{\n\trole = {role}\n\tmedium = {medium}\n" + \
        (f"\tcapacity = {capacity_kbps}\n" if capacity_kbps else "") + \
        (f"\talias = {quoted(alias[:63])}\n" if alias else "") + "}"


def site_conf(state, site):
    return agent_conf(state, site.row, ["max-links = 16",
                                        link_conf("wan0", "uplink", site.row["medium"], site.down_kbps),
                                        link_conf("lan0", "lan", "copper")])


def core_conf(state, city):
    links = [link_conf(s.core_port, "other", s.row["medium"], s.down_kbps, ascii_of(s.row["name"]))
             for s in city.sites]
    return agent_conf(state, city.core, ["max-links = 128", *links,
                                         link_conf("hotspots", "hotspot", "fiber"),
                                         link_conf("noc", "lan", "fiber")])


def ascii_of(text):
    return text.encode("ascii", "replace").decode()


def users_conf(secret):
    return f'''user "pantau" {{
	auth = sha256
	auth-passphrase = "{secret['auth']}"
	priv = aes128
	priv-passphrase = "{secret['priv']}"
}}
'''


def credentials_conf(secret):
    return f'''credential "opd" {{
	user = "pantau"
	auth-passphrase = "{secret['auth']}"
	priv-passphrase = "{secret['priv']}"
}}
credential "hotspot-v3" {{
	user = "hotspot"
	auth-passphrase = "{secret['hotspot-auth']}"
	priv-passphrase = "{secret['hotspot-priv']}"
}}
credential "hotspot-v2c" {{
	version = "v2c"
	community = "{secret['community']}"
	traps = no
}}
'''


def collector_conf(city, state):
    values = {
        "inventory": f"{state}/inventory.csv", "credentials": f"{state}/conf/credentials.conf",
        "profiles-dir": f"{city.build}/conf/profiles", "state-dir": f"{state}/collector",
        "rrd-dir": f"{state}/rrd", "run-dir": "/run/pantau", "web-dir": f"{city.root}/collector/web",
        "user": "", "poll-interval": "10s", "backoff-max": "60s",
    }
    lists = {"trap-listen": ["0.0.0.0:162"], "rra": RRAS}
    return "".join(f"{k} = {quoted(v)}\n" for k, v in values.items()) + \
        "".join(f"{k} = {{{', '.join(map(quoted, v))}}}\n" for k, v in lists.items())


# --- hotspots and traffic

# Of the hotspots whose profile is "auto"; the others know IF-MIB alone.
VENDORS = ["routeros"] * 4 + ["unifi"] * 3 + ["airmax"] * 2 + ["aruba"]
SHAPES = ["daily", "burst", "daily", "flat"]


def is_dead(n):
    return n % 61 == 11


def fleet(city, secret):
    """As tests/sim/device.h says; the address comes first."""
    for n, row in enumerate(city.hotspots, 1):
        profile = "if-mib" if row["profile"] == "if-mib" else VENDORS[n * 7 % len(VENDORS)]
        words = [row["address"], f"name={row['id']}", f"profile={profile}"]
        if row["credential"] == "hotspot-v3":
            words.append(f"user=hotspot:SHA256:{secret['hotspot-auth']}:AES:{secret['hotspot-priv']}")
        else:
            words.append(f"community={secret['community']}")
        shape = SHAPES[n % 4]
        share = (5 + n * 13 % 60) // (4 if shape == "burst" else 2)  # % of the line; peaks are higher
        words.append(f"rate={int(row['capacity_down_kbps']) * share // 100 * 125}")
        words += [f"shape={shape}", f"clients={n * 11 % 37}", f"uptime={3600 + n * 7919}"]
        words += ["delay=5", "jitter=10"]
        if is_dead(n):
            words.append("state=dead")
        elif n % 53 == 20:
            words += ["delay=700", "jitter=400"]
        yield " ".join(words)


def traffic(city):
    yield "sink core"
    yield "sink city"
    for s in city.sites:
        shape = "office sine burst sine".split()[s.k % 4]
        period, phase = 120 + s.k * 37 % 240, s.k * 137 % 1000
        # A few lines are full, most have air; big ones stay low for the machine's sake.
        share = 0.93 if s.k % 17 == 12 else 0.25 + s.k * 29 % 40 / 100
        down = min(s.down_kbps, 60000) * share
        yield (f"flow core - {s.station} {shape} {down * 0.05:.0f} {down:.0f} {period} {phase}")
    for s in city.sites:
        shape = "sine office sine burst".split()[s.k % 4]
        period, phase = 100 + s.k * 53 % 200, s.k * 331 % 1000
        up = min(s.up_kbps, 60000) * (0.06 + s.k * 29 % 12 / 100)
        yield f"flow city {s.lan_port} {CORE} {shape} {up * 0.1:.0f} {up:.0f} {period} {phase}"
        # To the next office in the same building: seen on lan0 alone.
        yield f"flow city {s.lan_port} 192.168.254.1 sine 100 1500 {period / 2:.0f} {phase}"


# --- files

def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as f:
        f.write(text)


def write_lines(path, lines, mode=0o644):
    write(path, "".join(line + "\n" for line in lines), mode)


def write_inventory(path, city):
    with open(path, "w", newline="", encoding="utf-8") as f:
        writer = csv.DictWriter(f, city.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(city.rows())


def write_city(city, state):
    secret = {name: secrets.token_urlsafe(24)
              for name in ("auth", "priv", "hotspot-auth", "hotspot-priv", "community")}
    write_lines(f"{state}/sites", (s.id for s in city.sites))
    write_inventory(f"{state}/inventory.csv", city)
    dead = {row["id"] for n, row in enumerate(city.hotspots, 1) if is_dead(n)}
    write_lines(f"{state}/living", (row["id"] for row in city.rows() if row["id"] not in dead))
    for name, batch in (("core", net_core), ("city", net_city), ("noc", net_noc)):
        write_lines(f"{state}/net/{name}", batch(city))
    write(f"{state}/conf/{city.core['id']}.conf", core_conf(state, city))
    for s in city.sites:
        write_lines(f"{state}/net/{s.id}", net_site(city, s))
        write_lines(f"{state}/net/{s.id}.restore", core_port_up(city, s))
        write(f"{state}/conf/{s.id}.conf", site_conf(state, s))
    for row in [city.core] + [s.row for s in city.sites]:
        os.makedirs(f"{state}/agent/{row['id']}", mode=0o700)
    write(f"{state}/conf/agent-users.conf", users_conf(secret), 0o600)
    write(f"{state}/conf/credentials.conf", credentials_conf(secret), 0o600)
    write(f"{state}/conf/collector.conf", collector_conf(city, state))
    write_lines(f"{state}/conf/fleet", fleet(city, secret), 0o600)
    write_lines(f"{state}/traffic", traffic(city))


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parser = argparse.ArgumentParser(description="writes the demo city's files")
    parser.add_argument("--opd", type=int, default=51)
    parser.add_argument("--hotspots", type=int, default=220)
    parser.add_argument("root")
    parser.add_argument("build")
    parser.add_argument("state")
    args = parser.parse_args()
    write_city(City(args.root, args.build, args.opd, args.hotspots), args.state)


if __name__ == "__main__":
    main()
