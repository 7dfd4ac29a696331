#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What polling and storing costs together, as it is shipped, beside collectd and librrd itself.

    tests/bench/store.py [--build DIR] [--devices N] [--interval S] [--warm S] [--window S]

The same fleet of N devices x 4 links (v2c) is polled every S seconds by the collector as it is
shipped (it pings the devices and serves its page meanwhile), by the same collector with
rrd-write-interval = 0 (each sample at once, as before there was a journal), and by Debian's
collectd-core with its rrdtool plugin, without a cache and with CacheTimeout 300, all at the same
time, each in a directory of its own. After --warm seconds, in which each file was written at least
once by all of them, CPU (user + system, all threads and the graph workers) and what was written to the disk
(write_bytes of /proc/PID/io) are measured over --window seconds. Beside them in the same run:
rrd_update_r of as many values a call into the same files (by rrdtool's own binding, in C, through
`rrdtool -`). What counts are the ratios.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

import peers

ARCHIVES = ["RRA:AVERAGE:0.5:1:60480", "RRA:AVERAGE:0.5:30:28800", "RRA:MAX:0.5:30:28800"]


def written_octets(pid):
    with open(f"/proc/{pid}/io") as f:
        return int(next(line for line in f if line.startswith("write_bytes")).split()[1])


def children(pid):
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children") as f:
            found += [int(p) for p in f.read().split()]
    return found + [p for child in found for p in children(child)]


class Collector:
    def __init__(self, name, args, fleet, directory, write_interval):
        self.name, self.directory = name, directory
        os.makedirs(directory)
        with open(f"{directory}/inventory.csv", "w") as f:
            f.write("id,kind,name,address,port,profile,credential\n")
            for i in range(fleet.devices):
                f.write(f"hs-{i},hotspot,Hotspot {i},{peers.address(i)},{fleet.port},if-mib,all\n")
        with open(os.open(f"{directory}/credentials.conf", os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            f.write('credential "all" { version = "v2c" community = "public" }\n')
        with open(f"{directory}/collector.conf", "w") as f:
            f.write(f"""inventory = "{directory}/inventory.csv"
credentials = "{directory}/credentials.conf"
profiles-dir = "{args.build}/conf/profiles"
web-dir = "{args.root}/collector/web"
state-dir = "{directory}/state"
rrd-dir = "{directory}/rrd"
run-dir = "{directory}/run"
user = ""
http-listen = {{"unix:{directory}/page.sock"}}
trap-listen = {{"127.0.0.1:{peers.free_port(2)}"}}
poll-interval = {args.interval}s
{write_interval}
""")
        for part in ("state", "run"):
            os.mkdir(f"{directory}/{part}")
        self.log = open(f"{directory}/log", "w")
        self.process = subprocess.Popen(
            [f"{args.build}/collector/pantau-collector", "-c", f"{directory}/collector.conf"],
            stdout=self.log, stderr=self.log)

    def pids(self):
        return [self.process.pid] + children(self.process.pid)


class Collectd(peers.Collectd):
    def __init__(self, name, args, fleet, directory, cache):
        self.name, self.cache = name, cache
        self.interval = float(args.interval)
        os.makedirs(directory)
        args.root = ""
        peers.Collectd.__init__(self, args, fleet, directory)

    def write_conf(self, f, plugins, directory):
        f.write(f'LoadPlugin rrdtool\n')
        peers.Collectd.write_conf(self, f, plugins, directory)
        f.write(f'<Plugin rrdtool>\nDataDir "{directory}/rrd"\nCreateFilesAsync false\n'
                f"CacheTimeout {self.cache}\nRRARows 1200\n</Plugin>\n")

    def pids(self):
        return [self.process.pid]


def floor_us(directory, files, values, interval):
    """CPU of rrd_update_r with so many values a call, per value, of a file like ours."""
    os.makedirs(directory)
    begin = int(time.time()) // 60 * 60 - 86400
    tool = subprocess.Popen(["rrdtool", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                            cwd=directory, text=True)
    for i in range(files):
        tool.stdin.write(f"create {i}.rrd -b {begin} -s {interval} DS:in:GAUGE:{3 * interval}:0:U "
                         f"DS:out:GAUGE:{3 * interval}:0:U {' '.join(ARCHIVES)}\n")
    tool.stdin.flush()
    done(directory, tool, files)
    cpu, rounds = peers.cpu_s(tool.pid), 3
    for turn in range(rounds):
        at = [begin + (turn * values + k + 1) * interval for k in range(values)]
        for i in range(files):
            tool.stdin.write(f"update {i}.rrd " + " ".join(f"{t}:{t % 1000}.5:{i}.25" for t in at) + "\n")
    tool.stdin.write(f"create end.rrd -s 60 DS:a:GAUGE:120:0:U RRA:LAST:0.5:1:1\n")
    tool.stdin.flush()
    while not os.path.exists(f"{directory}/end.rrd"):
        time.sleep(0.05)
    cpu = peers.cpu_s(tool.pid) - cpu
    tool.stdin.close()
    tool.wait()
    return cpu * 1e6 / (rounds * files * values)


def done(directory, tool, files):
    while len(os.listdir(directory)) < files:
        if tool.poll() is not None:
            sys.exit("rrdtool ended")
        time.sleep(0.05)
    time.sleep(0.5)


def measure(runners, args):
    print(f"{args.devices} devices x 4 links every {args.interval} s; warm {args.warm} s, window {args.window} s",
          flush=True)
    time.sleep(args.warm)
    before = [[(peers.cpu_s(p), written_octets(p)) for p in one.pids()] for one in runners]
    pids = [one.pids() for one in runners]
    begun = time.monotonic()
    time.sleep(args.window)
    polls = args.devices * (time.monotonic() - begun) / args.interval
    rows = []
    for i, one in enumerate(runners):
        cpu = octets = 0
        for p, (c, w) in zip(pids[i], before[i]):
            try:
                cpu += peers.cpu_s(p) - c
                octets += written_octets(p) - w
            except (OSError, StopIteration):
                pass
        rows.append((one.name, cpu * 1e6 / polls, octets / (polls * args.interval / args.devices) / 1024))
    return rows


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(here, "../../build"))
    parser.add_argument("--devices", type=int, default=271)
    parser.add_argument("--interval", type=int, default=10)
    parser.add_argument("--warm", type=int, default=330)
    parser.add_argument("--window", type=int, default=300)
    parser.add_argument("--dir", default=None, help="on the file system that is to be measured")
    args = parser.parse_args()
    args.build = os.path.abspath(args.build)
    args.root = os.path.abspath(os.path.join(here, "../.."))
    with tempfile.TemporaryDirectory(dir=args.dir) as directory:
        fleet = peers.Fleet(args.build, args.devices, directory)
        runners = []
        try:
            runners.append(Collector("pantau, shipped", args, fleet, directory + "/shipped", ""))
            runners.append(Collector("pantau, each at once", args, fleet, directory + "/once",
                                     "rrd-write-interval = 0"))
            for name, cache in (("collectd", 0), ("collectd, cache 300", 300)):
                try:
                    runners.append(Collectd(name, args, fleet, f"{directory}/collectd-{cache}", cache))
                except peers.Unusable as why:
                    print(f"{name}: skipped: {why}")
            rows = measure(runners, args)
        finally:
            for one in runners:
                peers.stop(one.process)
            peers.stop(fleet.process)
        values = max(1, 300 // args.interval)
        many = floor_us(directory + "/many", 200, values, args.interval)
        single = floor_us(directory + "/single", 200, 1, args.interval)
    peer = next((us for name, us, _ in rows if name == "collectd"), None)
    print(f"{'':24} us CPU per device and poll   of collectd   KiB/s written")
    for name, us, octets in rows:
        share = f"{us / peer:12.2f}" if peer else ""
        print(f"{name:24} {us:26.1f}   {share}   {octets:13.1f}")
    print(f"{'rrdtool update':24} {many:.2f} us a value, {values} a call; {single:.2f} us, one a call")


if __name__ == "__main__":
    main()
