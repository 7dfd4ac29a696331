#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What receivers got against the alerts that there were: check_told.py ALERTS-JSON LOG...

Of each alert that is over a receiver was told the begin and the end, or neither: two messages, or
none. A message may have come twice, with the same key, when somebody was killed in between.
"""

import collections
import json
import sys

TWICE_MAX = 2


def messages(path):
    with open(path, encoding="utf-8") as log:
        return [json.loads(line) for line in log]


def wrong(alerts, log):
    """What is wrong with what one receiver got, a line each."""
    times = collections.Counter(m["key"] for m in log)
    yield from (f"{key} came {n} times" for key, n in times.items() if n > TWICE_MAX)
    told = collections.defaultdict(set)
    for m in log:
        if m["what"] in ("begin", "list", "recovery"):
            for alert in m["alerts"]:
                told[alert["id"]].add(m["key"])
    for alert in alerts:
        n = len(told[alert["id"]])
        if alert["end_ms"] is not None and n not in (0, 2):
            yield f"alert {alert['id']} ({alert['kind']} {alert['link']}): told by {sorted(told[alert['id']])}"
        if alert["end_ms"] is None and n != 1:
            yield f"alert {alert['id']} lasts: told by {sorted(told[alert['id']])}"


with open(sys.argv[1], encoding="utf-8") as file:
    ALERTS = json.load(file)["alerts"]
FOUND = [f"{path}: {line}" for path in sys.argv[2:] for line in wrong(ALERTS, messages(path))]
print("\n".join(FOUND) or f"{len(ALERTS)} alerts, " + ", ".join(str(len(messages(p))) for p in sys.argv[2:]) + " messages")
sys.exit(bool(FOUND))
