#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU per device poll beside other pollers, in turn, on the same fleet: what is polled is
sysUpTime and 4 interfaces x 7 columns, v2c, nothing stored.

    tests/bench/peers.py [--build DIR] [--root DIR | --fetch] [--devices N] [--rounds N]

Peers are Debian's collectd-core and prometheus-snmp-exporter: those installed, or unpacked
below --root (apt-get download; dpkg -x), which --fetch does in a temporary directory. A
peer that cannot run is skipped with the reason. CPU is user + system time of the poller's
own process; medians of the rounds, and ratios, which is what counts. Exit status: 0, or 1
if not even Pantau could be measured.
"""
import argparse
import concurrent.futures
import glob
import http.client
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

# ifHC octets and unicast packets in and out, ifInErrors, ifOutErrors, ifInDiscards
COLUMNS = {
    "InOctets": "1.3.6.1.2.1.31.1.1.1.6",
    "OutOctets": "1.3.6.1.2.1.31.1.1.1.10",
    "InPackets": "1.3.6.1.2.1.31.1.1.1.7",
    "OutPackets": "1.3.6.1.2.1.31.1.1.1.11",
    "InErrors": "1.3.6.1.2.1.2.2.1.14",
    "OutErrors": "1.3.6.1.2.1.2.2.1.20",
    "InDiscards": "1.3.6.1.2.1.2.2.1.13",
}
UPTIME = "1.3.6.1.2.1.1.3.0"
NAME = "1.3.6.1.2.1.31.1.1.1.1"
PACKAGES = ["collectd-core", "prometheus-snmp-exporter"]
BULK = 4  # rows of a device: snmp_exporter at its best


class Unusable(Exception):
    """Why a peer cannot be measured."""


def address(i):
    n = 0x7F010001 + i
    return ".".join(str(n >> s & 255) for s in (24, 16, 8, 0))


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind(("0.0.0.0", 0))
        return s.getsockname()[1]


def cpu_s(pid):
    with open(f"/proc/{pid}/task/{pid}/stat") as f:  # the process must be there
        f.read()
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_mib(pid):
    with open(f"/proc/{pid}/status") as f:
        for line in f:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0


def stop(process):
    if process and process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def program(root, *paths):
    for path in paths:
        at = root + path
        if os.access(at, os.X_OK):
            return at
    raise Unusable(f"{os.path.basename(paths[0])} is not installed")


class Fleet:
    """A fleet_sim, and how much it was asked so far."""

    def __init__(self, build, devices, directory):
        self.devices = devices
        self.port = free_port(socket.SOCK_DGRAM)
        self.tool = build + "/tests/sim/fleet_sim"
        self.control = directory + "/fleet.sock"
        self.process = subprocess.Popen(
            [self.tool, "--listen", f"0.0.0.0:{self.port}", "--control", self.control,
             f"127.1.0.1-{address(devices - 1)} community=public shape=flat"],
            stdout=subprocess.PIPE)
        if not self.process.stdout.readline().startswith(b"ready"):
            sys.exit("the fleet did not start")

    def stats(self):
        out = subprocess.run([self.tool, "--send", self.control, "stats"],
                             check=True, capture_output=True, text=True).stdout
        return {k: int(v) for k, v in (w.split("=") for w in out.split())}


class Collectd:
    """One table of seven values in one data block: its cheapest way to ask (GETNEXT: with
    BulkSize, collectd 5.12 got no rows from this fleet)."""

    name = "collectd"
    interval = 2.0

    def __init__(self, args, fleet, directory):
        self.fleet = fleet
        binary = program(args.root, "/usr/sbin/collectd")
        plugins = args.root + "/usr/lib/collectd"
        if not os.path.exists(plugins + "/snmp.so"):
            raise Unusable("collectd's snmp plugin is not installed")
        with open(directory + "/types.db", "w") as f:
            f.write("bench " + ", ".join(f"{c}:DERIVE:0:U" for c in COLUMNS) + "\n"
                    "uptime value:GAUGE:0:U\n")
        with open(directory + "/collectd.conf", "w") as f:
            self.write_conf(f, plugins, directory)
        self.process = subprocess.Popen(
            [binary, "-f", "-C", directory + "/collectd.conf"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(2 * self.interval)
        if self.process.poll() is not None:
            raise Unusable("collectd ended at once")

    def write_conf(self, f, plugins, directory):
        values = " ".join(f'"{oid}"' for oid in COLUMNS.values())
        f.write(f'Hostname "bench"\nFQDNLookup false\nInterval {self.interval}\n'
                f'BaseDir "{directory}"\nPIDFile "{directory}/collectd.pid"\n'
                f'PluginDir "{plugins}"\nTypesDB "{directory}/types.db"\nReadThreads 5\n'
                "LoadPlugin snmp\n<Plugin snmp>\n"
                f'<Data "if">\nType "bench"\nTable true\nTypeInstanceOID "{NAME}"\n'
                f"Values {values}\n</Data>\n"
                f'<Data "up">\nType "uptime"\nTable false\nTypeInstance ""\n'
                f'Values "{UPTIME}"\n</Data>\n')
        for i in range(self.fleet.devices):
            f.write(f'<Host "d{i}">\nAddress "udp:{address(i)}:{self.fleet.port}"\n'
                    f'Version 2\nCommunity "public"\nCollect "if" "up"\n'
                    f"Interval {self.interval}\n</Host>\n")
        f.write("</Plugin>\n")

    def measure(self):
        """CPU in microseconds per device poll, requests per device poll."""
        before, cpu = self.fleet.stats(), cpu_s(self.process.pid)
        time.sleep(4 * self.interval)
        polls = 4 * self.fleet.devices
        asked = self.fleet.stats()["requests"] - before["requests"]
        if asked < polls:
            raise Unusable(f"it sent {asked} requests for {polls} polls")
        return (cpu_s(self.process.pid) - cpu) * 1e6 / polls, asked / polls


class SnmpExporter:
    """Two GETBULK walks of the columns, one HTTP request per device."""

    name = "snmp_exporter"

    def __init__(self, args, fleet, directory):
        self.fleet = fleet
        self.port = free_port(socket.SOCK_STREAM)
        binary = program(args.root, "/usr/bin/prometheus-snmp-exporter")
        with open(directory + "/snmp.yml", "w") as f:
            self.write_conf(f)
        self.process = subprocess.Popen(
            [binary, f"--config.file={directory}/snmp.yml",
             f"--web.listen-address=127.0.0.1:{self.port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(50):
            time.sleep(0.1)
            try:
                self.scrape(0)
                return
            except OSError:
                pass
        stop(self.process)
        raise Unusable("snmp_exporter does not answer")

    def write_conf(self, f):
        f.write("bench:\n  walk:\n")
        for oid in COLUMNS.values():
            f.write(f"  - {oid}\n")
        f.write(f"  get:\n  - {UPTIME}\n  metrics:\n"
                f"  - name: sysUpTime\n    oid: {UPTIME[:-2]}\n    type: gauge\n    help: x\n")
        for name, oid in COLUMNS.items():
            f.write(f"  - name: {name}\n    oid: {oid}\n    type: counter\n    help: x\n"
                    "    indexes:\n    - labelname: ifIndex\n      type: gauge\n")
        f.write(f"  version: 2\n  max_repetitions: {BULK + 1}\n  auth:\n    community: public\n")

    def scrape(self, i):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        c.request("GET", f"/snmp?module=bench&target={address(i)}:{self.fleet.port}")
        answer = c.getresponse()
        text = answer.read()
        c.close()
        if answer.status != 200 or text.count(b"\nInOctets{") != 4:
            raise Unusable(f"snmp_exporter: {answer.status} {text[:80]}")

    def measure(self):
        before, cpu = self.fleet.stats(), cpu_s(self.process.pid)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for _ in pool.map(self.scrape, range(self.fleet.devices)):
                pass
        polls = self.fleet.devices
        asked = self.fleet.stats()["requests"] - before["requests"]
        return (cpu_s(self.process.pid) - cpu) * 1e6 / polls, asked / polls


class Pantau:
    """bench_poller, with a fleet of its own of the same size."""

    name = "pantau"
    process = None

    def __init__(self, args, fleet, directory):
        del directory
        self.command = [args.build + "/tests/bench/bench_poller", "-n", str(fleet.devices), "one"]

    def measure(self):
        out = subprocess.run(self.command, check=True, capture_output=True, text=True).stdout
        return float(out.split()[0]), 1.0


def fetch(directory):
    """Debian's packages, unpacked and not installed."""
    try:
        subprocess.run(["apt-get", "download", "-q"] + PACKAGES, cwd=directory, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        print("cannot fetch packages: only what is installed is measured")
        return ""
    for package in glob.glob(directory + "/*.deb"):
        subprocess.run(["dpkg", "-x", package, directory + "/root"], check=True)
    return directory + "/root"


def start(args, fleet, directory):
    """Those that run; the others with the reason why not."""
    running = []
    for kind in (Pantau, Collectd, SnmpExporter):
        own = f"{directory}/{kind.name}"
        os.mkdir(own)
        try:
            running.append(kind(args, fleet, own))
        except Unusable as why:
            print(f"skipped: {kind.name}: {why}")
    print("skipped: spine: it polls for a whole Cacti with MariaDB below it")
    return running


def run(args, directory):
    if args.fetch:
        args.root = fetch(directory)
    fleet = Fleet(args.build, args.devices, directory)
    running = start(args, fleet, directory)
    figures = {p.name: [] for p in running}
    try:
        for _ in range(args.rounds):
            for p in running:
                figures[p.name].append(p.measure() + (rss_mib(p.process.pid) if p.process else 0,))
    finally:
        for p in running:
            stop(p.process)
        stop(fleet.process)
    report(args, figures)


def report(args, figures):
    base = statistics.median(f[0] for f in figures["pantau"])
    print(f"{args.devices} devices, {args.rounds} rounds in turn\n"
          f"{'poller':<16}{'us/poll':>10}{'least':>8}{'most':>8}{'x Pantau':>10}"
          f"{'requests':>10}{'RSS, MiB':>10}")
    for name, rounds in figures.items():
        us = [f[0] for f in rounds]
        print(f"{name:<16}{statistics.median(us):>10.1f}{min(us):>8.1f}{max(us):>8.1f}"
              f"{statistics.median(us) / base:>10.1f}{rounds[-1][1]:>10.1f}"
              + (f"{rounds[-1][2]:>10.0f}" if rounds[-1][2] else f"{'-':>10}"))


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--build", default=os.environ.get("PANTAU_BUILD", here + "/../../build"))
    p.add_argument("--root", default="")
    p.add_argument("--fetch", action="store_true")
    p.add_argument("--devices", type=int, default=271)
    p.add_argument("--rounds", type=int, default=3)
    args = p.parse_args()
    directory = tempfile.mkdtemp(prefix="pantau-peers-")
    try:
        run(args, directory)
    except (OSError, subprocess.CalledProcessError, KeyError) as why:
        sys.exit(f"unusable: {why}")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
