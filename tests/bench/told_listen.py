#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""When something was seen, for told.sh: told_listen.py netlink|http|stream OUT [PORT]

A line for each link bk... that went down, its name and CLOCK_MONOTONIC in seconds: as a netlink
listener of this namespace sees it, as the first octet of a webhook that tells it, as the page's
stream has it.
"""

import http.client
import http.server
import json
import socket
import struct
import sys
import time

HOW, OUT = sys.argv[1], open(sys.argv[2], "w", buffering=1, encoding="ascii")  # pylint: disable=consider-using-with
LINKS, UP = "bk", 1
RTM_NEWLINK, IFLA_IFNAME, RTMGRP_LINK = 16, 3, 1


def note(link, at):
    if link.startswith(LINKS):
        OUT.write(f"{link} {at:.6f}\n")


def link_of(message):
    """Name and flags of an RTM_NEWLINK, or None."""
    length, kind = struct.unpack_from("=IH", message)
    if kind != RTM_NEWLINK:
        return None
    flags, at, name = struct.unpack_from("=I", message, 16 + 8)[0], 32, ""
    while at + 4 <= length:
        size, attribute = struct.unpack_from("=HH", message, at)
        if attribute == IFLA_IFNAME:
            name = message[at + 4:at + size - 1].decode()
        at += max(4, (size + 3) & ~3)
    return name, flags


def netlink():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    sock.bind((0, RTMGRP_LINK))
    down = set()
    while True:
        seen = link_of(sock.recv(65536))
        at = time.monotonic()
        if seen and not seen[1] & UP and seen[0] not in down:
            down.add(seen[0])
            note(seen[0], at)


class Handler(http.server.BaseHTTPRequestHandler):
    """One message a connection."""

    def setup(self):
        self.request.recv(1, socket.MSG_PEEK)
        self.first = time.monotonic()
        super().setup()

    def do_POST(self):  # pylint: disable=invalid-name
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        if body["what"] == "begin":
            note(body["alerts"][0]["link"], self.first)

    def log_message(self, *args):  # pylint: disable=arguments-differ
        pass


def stream():
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[3]))
    connection.request("GET", "/api/v1/stream")
    answer = connection.getresponse()
    while line := answer.readline():
        if line.startswith(b"data: ") and b'"change":"raised"' in line:
            at = time.monotonic()
            note(json.loads(line[6:])["link"], at)


if HOW == "netlink":
    netlink()
elif HOW == "stream":
    stream()
else:
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[3])), Handler).serve_forever()
