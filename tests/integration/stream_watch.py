#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows the collector's live stream and prints one line for each message: the wall time
at which it came in milliseconds, the message's kind, its JSON.

    stream_watch.py ADDRESS:PORT
"""

import sys
import time
import urllib.request


def main():
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    kind = ""
    with opener.open(f"http://{sys.argv[1]}/api/v1/stream", timeout=60) as stream:
        for line in stream:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                print(time.time_ns() // 1000000, kind, value, flush=True)


if __name__ == "__main__":
    main()
