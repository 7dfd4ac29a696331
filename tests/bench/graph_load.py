#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wall screens on one collector: many connections that ask for the graphs of one device, over and over.

    graph_load.py URL DEVICE LINK [--seconds S] [--clients N] [--graphs K] [--etag] [--anew]

URL is http://127.0.0.1:8080; each client is a process with one connection. --graphs: how many different ones
(1 to 6 ranges). --etag: clients that keep what they got and ask whether it is new. --anew: a width of its own
for each request, so that none can be given again: what drawing costs. Prints one line of JSON: requests a
second, milliseconds at the median and the 99th percentile, octets a request, the replies by status, and what
the collector's cache counted meanwhile.
"""

import argparse
import collections
import http.client
import json
import multiprocessing
import time
import urllib.parse

RANGES = ("hour", "6h", "day", "week", "month", "year")


def ask(connection, path, etags):
    headers = {"If-None-Match": etags[path]} if etags is not None and path in etags else {}
    connection.request("GET", path, headers=headers)
    reply = connection.getresponse()
    body = reply.read()
    if etags is not None and reply.getheader("ETag"):
        etags[path] = reply.getheader("ETag")
    return reply.status, len(body)


def client(args, number, until, results):
    server = urllib.parse.urlparse(args.url)
    connection = http.client.HTTPConnection(server.hostname, server.port, timeout=30)
    base = f"/api/v1/graphs/{args.device}/{urllib.parse.quote(args.link, safe='')}"
    etags = {} if args.etag else None
    times, statuses, octets, n = [], collections.Counter(), 0, 0
    while time.monotonic() < until:
        path = f"{base}?range={RANGES[n % args.graphs]}"
        if args.anew:
            path += f"&width={600 + (n * 7 + number) % 300}&height={200 + n % 100}"
        begun = time.monotonic()
        status, size = ask(connection, path, etags)
        times.append(time.monotonic() - begun)
        statuses[status] += 1
        octets += size
        n += 1
    results.put((times, statuses, octets))


def counters(url):
    server = urllib.parse.urlparse(url)
    connection = http.client.HTTPConnection(server.hostname, server.port, timeout=30)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    return {line.split()[0]: float(line.split()[1]) for line in lines if line.startswith("pantau_graph_")}


def run(args):
    results = multiprocessing.Queue()
    before, begun = counters(args.url), time.monotonic()
    clients = [multiprocessing.Process(target=client, args=(args, i, begun + args.seconds, results))
               for i in range(args.clients)]
    for one in clients:
        one.start()
    parts = [results.get() for _ in clients]
    took, after = time.monotonic() - begun, counters(args.url)
    times = sorted(t for part in parts for t in part[0])
    statuses = sum((part[1] for part in parts), collections.Counter())
    print(json.dumps({
        "requests_per_s": round(len(times) / took, 1), "median_ms": round(times[len(times) // 2] * 1e3, 2),
        "p99_ms": round(times[len(times) * 99 // 100] * 1e3, 2),
        "octets_per_request": sum(part[2] for part in parts) // len(times), "statuses": statuses,
        "counted": {name: after[name] - before.get(name, 0) for name in sorted(after)
                    if name.startswith("pantau_graph_cache") and name.endswith("_total")}}))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("device")
    parser.add_argument("link")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--graphs", type=int, default=6, choices=range(1, 7))
    parser.add_argument("--etag", action="store_true")
    parser.add_argument("--anew", action="store_true")
    run(parser.parse_args())


if __name__ == "__main__":
    main()
