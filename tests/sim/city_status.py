#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo city's devices by status, from the collector's API.

    city_status.py [--wait SECONDS] ADDRESS:PORT STATE

--wait: shows how many are up until every living one is; exit status 1 if it takes longer.
STATE/inventory.csv says which there are, STATE/living which of them answer.
"""

import argparse
import collections
import csv
import json
import signal
import sys
import time
import urllib.request


def fetch(page, path):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://{page}/api/v1/{path}", timeout=5) as reply:
        return json.load(reply)


def devices(page):
    reply = fetch(page, "devices")
    return reply if isinstance(reply, list) else reply["devices"]


def lines(path):
    with open(path, encoding="utf-8") as f:
        return f.read().split()


def by_status(found):
    count = collections.Counter(d["status"] for d in found)
    return ", ".join(f"{n} {status}" for status, n in sorted(count.items(), key=lambda c: -c[1]))


def show(page, state):
    found = devices(page)
    print(f"devices: {len(found)}: {by_status(found)}")
    living = set(lines(f"{state}/living"))
    for device in found:
        if device["status"] != "up":
            since_ms = device.get("since_ms")
            since = time.strftime("%T", time.localtime(since_ms / 1000)) if since_ms else "the start"
            note = "" if device["id"] in living else "   (dead on purpose)"
            print(f"  {device['id']:8} {device['status']:12} {device.get('cause') or '':16} "
                  f"since {since}  {device['name']}{note}")


def wait(page, state, seconds):
    begun = time.monotonic()
    living = set(lines(f"{state}/living"))
    with open(f"{state}/inventory.csv", newline="", encoding="utf-8") as f:
        known = sum(1 for _ in csv.DictReader(f))
    last = ""
    while True:
        passed = time.monotonic() - begun
        try:
            found = devices(page)
        except OSError as error:
            found, text = [], f"the page does not answer: {error}"
        else:
            text = f"{len(found)} devices known: {by_status(found)}"
        if text != last:
            print(f"  {passed:4.1f} s  {text}", flush=True)
            last = text
        up = {d["id"] for d in found if d["status"] == "up"}
        if len(found) == known and living <= up:
            print(f"  all {len(living)} living devices are up {passed:.1f} s after the collector's start")
            return 0
        if passed > seconds:
            missing = sorted(living - up)
            print(f"  not up: {' '.join(missing[:20])}{' ...' if len(missing) > 20 else ''}")
            return 1
        time.sleep(1)


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parser = argparse.ArgumentParser(description="the demo city's devices by status")
    parser.add_argument("--wait", type=float, default=0)
    parser.add_argument("page")
    parser.add_argument("state")
    args = parser.parse_args()
    try:
        if args.wait:
            return wait(args.page, args.state, args.wait)
        show(args.page, args.state)
    except OSError as error:
        print(f"the collector does not answer: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
