#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that curl cannot play, against the HTTP server at 127.0.0.1:PORT. Each prints one line.

    http_probe.py PORT raw TEXT     sends TEXT (with escapes), prints the answer's first line
    http_probe.py PORT pipeline     two requests in one datagram: "OK NOT-FOUND" counts
    http_probe.py PORT deaf         a stream that never reads; stays for 40 s
    http_probe.py PORT slow         a head that comes octet by octet: "cut" or "endless"
    http_probe.py PORT idle N       N idle connections, then the status of a request
    http_probe.py PORT streams N    N streams held open: how many were refused
    http_probe.py PORT crowd N      N clients at 127.0.0.2 that hold streams or half a request and come
                                    again when cut off, until they are stopped
    http_probe.py PORT besiege PATH the same by 40 clients of the unix socket PATH
    http_probe.py PORT hoard N SECONDS
                                    N clients that ask again and again and never read, for so long:
                                    how many were cut off
    http_probe.py PORT sip SECONDS  asks again and again and reads 200 octets ten times a second:
                                    "cut" or "endless"
    http_probe.py PORT metrics      /metrics by the rules that promtool checks: number of families
"""

import re
import socket
import sys
import time
import urllib.request


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def raw(port, text):
    with connect(port) as s:
        s.sendall(text.encode().decode("unicode_escape").encode("latin-1"))
        print(s.recv(4096).split(b"\r\n")[0].decode())


def pipeline(port):
    with connect(port) as s:
        s.sendall(b"GET /i18n/id.json HTTP/1.1\r\n\r\nGET /none HTTP/1.1\r\nConnection: close\r\n\r\n")
        data = b""
        while part := s.recv(65536):
            data += part
    print(data.count(b"HTTP/1.1 200 "), data.count(b"HTTP/1.1 404 "))


def deaf(port):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.connect(("127.0.0.1", port))
    s.sendall(b"GET /api/v1/stream HTTP/1.1\r\n\r\n")
    time.sleep(40)


def slow(port):
    begun = time.monotonic()
    with connect(port) as s:
        try:
            for octet in b"GET / HTTP/1.1\r\nX: " + b"a" * 80:
                s.sendall(bytes([octet]))
                time.sleep(0.1)
        except OSError:
            pass
    print("cut" if time.monotonic() - begun < 5 else "endless")


def idle(port, n):
    held = [connect(port) for _ in range(int(n))]
    print(urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/status", timeout=10).status)
    for s in held:
        s.close()


def streams(port, n):
    held, refused = [], 0
    for _ in range(int(n)):
        s = connect(port)
        s.sendall(b"GET /api/v1/stream HTTP/1.1\r\n\r\n")
        try:
            refused += not s.recv(20).startswith(b"HTTP/1.1 200")
        except OSError:
            refused += 1
        held.append(s)
    print(refused)


BIG = b"GET /vendor/uplot/uPlot.esm.js HTTP/1.1\r\nHost: localhost\r\n\r\n"


def hoard(port, n, seconds):
    held = []
    for _ in range(int(n)):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(("127.0.0.1", port))
        s.setblocking(False)
        held.append(s)
    cut, until = set(), time.monotonic() + float(seconds)
    while time.monotonic() < until:
        for s in set(held) - cut:
            try:
                s.send(BIG * 100)
            except BlockingIOError:
                pass
            except OSError:
                cut.add(s)
        time.sleep(0.01)
    print(len(cut))


def sip(port, seconds):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.connect(("127.0.0.1", port))
    s.sendall(BIG * 20)
    until = time.monotonic() + float(seconds)
    try:
        while time.monotonic() < until:
            if not s.recv(200):
                break
            time.sleep(0.1)
    except OSError:
        pass
    print("cut" if time.monotonic() < until else "endless")


def siege(connect_one, n):
    held = []
    while True:
        for s in list(held):
            try:
                if s.recv(65536) == b"":
                    held.remove(s)
            except BlockingIOError:
                pass
            except OSError:
                held.remove(s)
        while len(held) < n:
            try:
                s = connect_one()
                s.sendall((b"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET / H")[len(held) % 2])
                s.setblocking(False)
                held.append(s)
            except OSError:
                break
        time.sleep(0.02)


def crowd(port, n):
    siege(lambda: socket.create_connection(("127.0.0.1", port), 1, ("127.0.0.2", 0)), int(n))


def besiege(port, path):
    def connect_one():
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(1)
        s.connect(path)
        return s
    siege(connect_one, 40)


def metrics(port):
    """HELP and TYPE once and first, samples of a family together, counters and they alone end in _total."""
    seen, types, family = set(), {}, None
    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
    for line in text.split("\n")[:-1]:
        if line.startswith("# HELP "):
            family = line.split()[2]
            assert family not in seen, f"{family} twice"
            seen.add(family)
            assert re.search(r"HELP \w+ (1|[A-Z]).*\.$", line), f"no sentence: {line}"
        elif line.startswith("# TYPE "):
            types[line.split()[2]] = line.split()[3]
        else:
            match = re.fullmatch(
                r'([a-z_:][a-z0-9_:]*)(\{[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"\})? (-?[0-9][0-9.e+-]*|[+-]Inf)', line)
            assert match and match[1] == family, line
            assert (types[family] == "counter") == family.endswith("_total"), family
    print(len(seen))


if __name__ == "__main__":
    globals()[sys.argv[2]](int(sys.argv[1]), *sys.argv[3:])
