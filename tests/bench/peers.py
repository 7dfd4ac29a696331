#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU per device poll beside other pollers, in turn, on the same fleet: what is polled is
sysUpTime and 4 interfaces x 7 columns, v2c, nothing stored.

    tests/bench/peers.py [--build DIR] [--root DIR | --fetch] [--sqe PROGRAM] [--devices N]
                         [--rounds N]

Peers are Debian's collectd-core, prometheus-snmp-exporter and cacti-spine (this one with
mariadb-server-core, a database of its own below a temporary directory): those installed,
or unpacked below --root (apt-get download; dpkg -x), which --fetch does in a temporary
directory. snmp-query-engine (github.com/tobez/snmp-query-engine) is not in Debian: build it
with libjudy-dev and libmsgpack-dev and name the program with --sqe; python3-msgpack drives
it. A peer that cannot run is skipped with the reason. CPU is user + system time of
the poller's own process, that of spine's database in a line apart; medians of the rounds,
and ratios, which is what counts. Exit status: 0, or 1 if not even Pantau could be measured.
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
PACKAGES = ["collectd-core", "prometheus-snmp-exporter", "cacti-spine", "mariadb-server-core",
            "libmariadb3", "libaio1", "libnuma1", "liburing2"]
VARBINDS = 1 + 4 * len(COLUMNS)
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
    """All threads' user + system time, by the clock of that process (clock_getcpuclockid(3)):
    to the nanosecond, where /proc counts hundredths of a second. OSError: it is gone."""
    return time.clock_gettime((~pid << 3) | 2)


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


class Peer:
    """What is measured, in turn with the others."""

    process = None

    def lines(self):
        """The report's lines of one round: CPU, requests per device poll, memory."""
        return {self.name: self.measure() + (rss_mib(self.process.pid) if self.process else 0,)}

    def close(self):
        stop(self.process)


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


class Collectd(Peer):
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


class SnmpExporter(Peer):
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


# What spine 1.2.24 reads and writes, with the types and keys that Cacti gives them
SPINE_TABLES = """
CREATE DATABASE cacti;
USE cacti;
CREATE TABLE settings (name varchar(75) PRIMARY KEY, value varchar(4096) NOT NULL DEFAULT '');
CREATE TABLE version (cacti char(20));
CREATE TABLE poller (id smallint unsigned PRIMARY KEY, threads int unsigned NOT NULL);
CREATE TABLE poller_time (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, pid int unsigned,
  poller_id int unsigned, start_time timestamp NULL, end_time timestamp NULL);
CREATE TABLE poller_reindex (host_id mediumint unsigned, data_query_id mediumint unsigned,
  action tinyint unsigned, op char(1), assert_value varchar(100), arg1 varchar(255),
  PRIMARY KEY (host_id, data_query_id, arg1));
CREATE TABLE poller_output (local_data_id int unsigned, rrd_name varchar(19), time timestamp,
  output varchar(512), PRIMARY KEY (local_data_id, rrd_name, time));
CREATE TABLE host (id mediumint unsigned AUTO_INCREMENT PRIMARY KEY,
  poller_id int unsigned NOT NULL DEFAULT 1, hostname varchar(100),
  snmp_community varchar(100) DEFAULT 'public', snmp_version tinyint unsigned DEFAULT 2,
  snmp_username varchar(50) DEFAULT '', snmp_password varchar(50) DEFAULT '',
  snmp_auth_protocol char(6) DEFAULT '', snmp_priv_passphrase varchar(200) DEFAULT '',
  snmp_priv_protocol char(7) DEFAULT '', snmp_context varchar(64) DEFAULT '',
  snmp_engine_id varchar(64) DEFAULT '', snmp_port mediumint unsigned,
  snmp_timeout mediumint unsigned DEFAULT 1000, max_oids int unsigned DEFAULT 60,
  device_threads tinyint unsigned DEFAULT 1, availability_method smallint unsigned DEFAULT 0,
  ping_method smallint unsigned DEFAULT 0, ping_port int unsigned DEFAULT 0,
  ping_timeout int unsigned DEFAULT 500, ping_retries int unsigned DEFAULT 2,
  deleted char(2) DEFAULT '', disabled char(2) DEFAULT '', status tinyint DEFAULT 3,
  status_event_count mediumint unsigned DEFAULT 0, status_fail_date timestamp NULL DEFAULT 0,
  status_rec_date timestamp NULL DEFAULT 0, status_last_error varchar(255) DEFAULT '',
  min_time decimal(10,5) DEFAULT 0, max_time decimal(10,5) DEFAULT 0,
  cur_time decimal(10,5) DEFAULT 0, avg_time decimal(10,5) DEFAULT 0,
  polling_time double DEFAULT 0, total_polls int unsigned DEFAULT 0,
  failed_polls int unsigned DEFAULT 0, availability decimal(8,5) DEFAULT 100,
  snmp_sysUpTimeInstance bigint unsigned DEFAULT 0, snmp_sysDescr varchar(300) DEFAULT '',
  snmp_sysObjectID varchar(128) DEFAULT '', snmp_sysContact varchar(300) DEFAULT '',
  snmp_sysName varchar(300) DEFAULT '', snmp_sysLocation varchar(300) DEFAULT '',
  last_updated timestamp);
CREATE TABLE poller_item (local_data_id int unsigned, poller_id int unsigned DEFAULT 1,
  host_id mediumint unsigned, action tinyint unsigned DEFAULT 0, hostname varchar(100),
  snmp_community varchar(100) DEFAULT 'public', snmp_version tinyint unsigned DEFAULT 2,
  snmp_username varchar(50) DEFAULT '', snmp_password varchar(50) DEFAULT '',
  snmp_auth_protocol char(6) DEFAULT '', snmp_priv_passphrase varchar(200) DEFAULT '',
  snmp_priv_protocol char(7) DEFAULT '', snmp_context varchar(64) DEFAULT '',
  snmp_engine_id varchar(64) DEFAULT '', snmp_port mediumint unsigned,
  snmp_timeout mediumint unsigned DEFAULT 1000, rrd_name varchar(19),
  rrd_path varchar(255) DEFAULT '', rrd_num tinyint unsigned DEFAULT 1,
  rrd_step mediumint DEFAULT 300, rrd_next_step mediumint DEFAULT 0,
  arg1 text, arg2 varchar(255) DEFAULT '', arg3 varchar(255) DEFAULT '',
  PRIMARY KEY (local_data_id, rrd_name), KEY host_id (host_id));
INSERT INTO version VALUES ('1.2.24');
INSERT INTO poller VALUES (1, 8);
INSERT INTO settings VALUES ('max_get_size', '60'), ('log_destination', '4'),
  ('log_verbosity', '2'), ('availability_method', '0'), ('poller_interval', '300'),
  ('concurrent_processes', '1'), ('snmp_retries', '3'), ('active_profiles', '1');
"""


class Spine(Peer):
    """One spine per cycle, as Cacti starts it, at its cheapest: all OIDs of a device in one
    GET, no availability test, eight threads, and nothing written (-R)."""

    name = "spine"

    def __init__(self, args, fleet, directory):
        self.fleet, self.directory, self.root = fleet, directory, args.root
        self.binary = program(args.root, "/usr/sbin/spine")
        self.socket = directory + "/db.sock"
        self.environment = dict(os.environ)
        if args.root:
            libraries = glob.glob(args.root + "/usr/lib/*-linux-gnu")
            self.environment["LD_LIBRARY_PATH"] = ":".join(libraries)
        with open(directory + "/spine.conf", "w") as f:
            f.write(f"DB_Host {self.socket}\nDB_Database cacti\nDB_User root\nDB_Pass x\n"
                    "DB_Port 3306\n")
        try:
            self.start_database(program(args.root, "/usr/sbin/mariadbd", "/usr/sbin/mysqld"))
            self.measure()
        except Unusable:
            self.close()
            raise

    def start_database(self, binary):
        command = self.database_command(binary)
        with open(self.directory + "/tables.sql", "w") as f:
            self.write_tables(f)
        with open(self.directory + "/tables.sql") as f, open(self.directory + "/log", "w") as log:
            made = subprocess.run(command + ["--bootstrap"], stdin=f, stdout=log, stderr=log,
                                  env=self.environment, check=False)
            if made.returncode:
                raise Unusable(f"mariadbd made no database: {self.complaint()}")
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=self.environment)
        for _ in range(100):
            if self.process.poll() is not None:
                break
            if os.path.exists(self.socket):
                return
            time.sleep(0.1)
        raise Unusable(f"mariadbd did not start: {self.complaint()}")

    def database_command(self, binary):
        """With files of its own and a Unix socket only; accounts are not looked at."""
        data, share = self.directory + "/data", self.root + "/usr/share/mysql"
        os.mkdir(data)
        command = [binary, "--no-defaults", f"--datadir={data}", f"--tmpdir={self.directory}",
                   f"--socket={self.socket}", f"--pid-file={self.directory}/db.pid",
                   f"--lc-messages-dir={share}", f"--character-sets-dir={share}/charsets",
                   "--skip-grant-tables", "--skip-networking"]
        return command + (["--user=root"] if os.geteuid() == 0 else [])

    def complaint(self):
        with open(self.directory + "/log", errors="replace") as f:
            lines = [line.strip() for line in f]
        wrong = [x for x in lines if any(w in x for w in ("ERROR", "FATAL", "error"))]
        return (wrong or lines[-1:] or ["no reason given"])[0][:160]

    def write_tables(self, f):
        f.write(SPINE_TABLES)
        oids = [("up", UPTIME)] + [(f"{c}{row}", f"{oid}.{row}")
                                   for row in range(1, 5) for c, oid in COLUMNS.items()]
        for i in range(self.fleet.devices):
            at = f"'{address(i)}', {self.fleet.port}"
            f.write(f"INSERT INTO host (id, hostname, snmp_port) VALUES ({i + 1}, {at});\n")
            for n, (name, oid) in enumerate(oids):
                f.write("INSERT INTO poller_item (local_data_id, host_id, hostname, snmp_port,"
                        f" rrd_name, arg1) VALUES ({i * len(oids) + n + 1}, {i + 1}, {at},"
                        f" '{name}', '{oid}');\n")

    def measure(self):
        before, database = self.fleet.stats(), cpu_s(self.process.pid)
        with open(self.directory + "/log", "w") as log:
            command = [self.binary, "-R", "-S", "-C", self.directory + "/spine.conf"]
            spine = subprocess.Popen(command, stdout=log, stderr=log, env=self.environment)
            _, status, used = os.wait4(spine.pid, 0)
            spine.returncode = os.waitstatus_to_exitcode(status)
        polls, after = self.fleet.devices, self.fleet.stats()
        if spine.returncode or after["varbinds"] - before["varbinds"] < polls * VARBINDS:
            raise Unusable(f"spine did not ask for all values: {self.complaint()}")
        self.database_us = (cpu_s(self.process.pid) - database) * 1e6 / polls
        self.own_mib = used.ru_maxrss / 1024
        asked = after["requests"] - before["requests"]
        return (used.ru_utime + used.ru_stime) * 1e6 / polls, asked / polls

    def lines(self):
        return {self.name: self.measure() + (self.own_mib,),
                "+ its mariadbd": (self.database_us, 0, rss_mib(self.process.pid))}


class Sqe(Peer):
    """One GET of all values per device, through its MessagePack protocol. The client keeps
    WINDOW of them outstanding, its cheapest: many answers in one read and one write."""

    name = "snmp-query-engine"
    GET, REPLY, WINDOW, POLLS = 4, 0x10, 256, 10000

    def __init__(self, args, fleet, directory):
        del directory
        if not args.sqe:
            raise Unusable("not in Debian: build it (libjudy-dev, libmsgpack-dev) and name "
                           "the program with --sqe")
        try:
            import msgpack  # pylint: disable=import-outside-toplevel
        except ImportError as why:
            raise Unusable("its client needs python3-msgpack") from why
        self.fleet, self.unpacker = fleet, msgpack.Unpacker()
        oids = [UPTIME] + [f"{oid}.{row}" for row in range(1, 5) for oid in COLUMNS.values()]
        self.requests = [msgpack.packb([self.GET, i + 1, address(i), fleet.port, oids])
                         for i in range(fleet.devices)]
        port = free_port(socket.SOCK_STREAM)
        self.process = subprocess.Popen([os.path.abspath(args.sqe), "-q", "-p", str(port)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.connect(port)
            self.cycle()
        except (Unusable, OSError):
            self.close()
            raise

    def connect(self, port):
        for _ in range(50):
            try:
                self.client = socket.create_connection(("127.0.0.1", port), timeout=10)
                self.client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return
            except ConnectionRefusedError:
                time.sleep(0.1)
        raise Unusable(f"{self.process.args[0]} does not listen")

    def cycle(self):
        """Polls every device once."""
        n, asked, answered = len(self.requests), 0, 0
        while answered < n:
            until = min(n, answered + self.WINDOW)
            if asked < until:
                self.client.sendall(b"".join(self.requests[asked:until]))
                asked = until
            self.unpacker.feed(self.client.recv(1 << 20))
            for answer in self.unpacker:
                self.check(answer)
                answered += 1

    def check(self, answer):
        kind, _, values = answer
        if kind != self.GET | self.REPLY or len(values) != VARBINDS or any(
                isinstance(value, list) for _, value in values):
            raise Unusable(f"{self.name} answered {str(answer)[:160]}")

    def measure(self):
        before, cpu = self.fleet.stats(), cpu_s(self.process.pid)
        cycles = -(-self.POLLS // self.fleet.devices)
        for _ in range(cycles):
            self.cycle()
        polls = cycles * self.fleet.devices
        used = cpu_s(self.process.pid) - cpu
        asked = self.fleet.stats()["requests"] - before["requests"]
        return used * 1e6 / polls, asked / polls

    def close(self):
        if hasattr(self, "client"):
            self.client.close()
        super().close()


class Pantau(Peer):
    """bench_poller, with a fleet of its own of the same size."""

    name = "pantau"

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
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    except (OSError, subprocess.CalledProcessError) as failed:
        lines = (getattr(failed, "stderr", None) or str(failed)).splitlines()
        why = next((line for line in lines if line.startswith("E:")), lines[-1])
        print(f"cannot fetch packages: only what is installed is measured ({why[:200]})")
        return ""
    for package in glob.glob(directory + "/*.deb"):
        subprocess.run(["dpkg", "-x", package, directory + "/root"], check=True)
    return directory + "/root"


def start(args, fleet, directory):
    """Those that run; the others with the reason why not."""
    running = []
    for kind in (Pantau, Sqe, Collectd, SnmpExporter, Spine):
        own = f"{directory}/{kind.name}"
        os.mkdir(own)
        try:
            running.append(kind(args, fleet, own))
        except (Unusable, OSError) as why:
            print(f"skipped: {kind.name}: {why}")
    return running


def add_round(peer, figures):
    """Whether it could be measured; the rounds before one that fails stand."""
    try:
        lines = peer.lines()
    except (Unusable, OSError) as why:
        print(f"ended early: {peer.name}: {why}")
        return False
    for name, figure in lines.items():
        figures.setdefault(name, []).append(figure)
    return True


def run(args, directory):
    if args.fetch:
        args.root = fetch(directory)
    fleet = Fleet(args.build, args.devices, directory)
    running = start(args, fleet, directory)
    figures = {}
    failed = set()
    try:
        for _ in range(args.rounds):
            for p in running:
                if p not in failed and not add_round(p, figures):
                    failed.add(p)
    finally:
        for p in running:
            p.close()
        stop(fleet.process)
    report(args, figures)


def report(args, figures):
    base = statistics.median(f[0] for f in figures["pantau"])
    print(f"{args.devices} devices, {args.rounds} rounds in turn\n"
          f"{'poller':<18}{'us/poll':>10}{'least':>8}{'most':>8}{'x Pantau':>10}"
          f"{'requests':>10}{'RSS, MiB':>10}")
    for name, rounds in figures.items():
        us = [f[0] for f in rounds]
        print(f"{name:<18}{statistics.median(us):>10.1f}{min(us):>8.1f}{max(us):>8.1f}"
              f"{statistics.median(us) / base:>10.1f}"
              + (f"{rounds[-1][1]:>10.1f}" if rounds[-1][1] else f"{'-':>10}")
              + (f"{rounds[-1][2]:>10.0f}" if rounds[-1][2] else f"{'-':>10}"))


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--build", default=os.environ.get("PANTAU_BUILD", here + "/../../build"))
    p.add_argument("--root", default="")
    p.add_argument("--fetch", action="store_true")
    p.add_argument("--sqe", metavar="PROGRAM", help="a snmp-query-engine")
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
