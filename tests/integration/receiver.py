#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A receiver of webhooks with bad days: receiver.py PORT LOG MOOD-FILE [DELAY-S]

Each message that it takes is a line of LOG: the JSON that came. The mood file says how it answers
now: "good", "busy" (500, not taken), "hang" (too late, not taken), "cut" (taken, but half of the
answer), or "mixed", which is each of these in turn.
"""

import http.server
import itertools
import json
import pathlib
import sys
import threading
import time

PORT, LOG, MOOD = int(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
DELAY_S = float(sys.argv[4]) if len(sys.argv) > 4 else 0
TURNS = itertools.cycle(["good", "busy", "good", "cut", "good", "hang"])
LOCK = threading.Lock()


def mood():
    now = MOOD.read_text(encoding="ascii").strip()
    return next(TURNS) if now == "mixed" else now


class Handler(http.server.BaseHTTPRequestHandler):
    """Takes a message, or does not."""

    def do_POST(self):  # pylint: disable=invalid-name
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with LOCK:
            now = mood()
        time.sleep(DELAY_S)
        if now == "hang":
            time.sleep(3)
        if now == "busy":
            self.send_error(500)
            return
        if now in ("good", "cut"):
            with LOCK, open(LOG, "a", encoding="utf-8") as log:
                log.write(json.dumps(json.loads(body)) + "\n")
        if now == "cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):  # pylint: disable=arguments-differ
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
