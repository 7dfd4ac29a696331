# SPDX-License-Identifier: GPL-3.0-or-later
"""A small WebDriver client (W3C WebDriver over HTTP) for headless Chromium: enough to open
the page, run script in it, press keys and take pictures. Nothing but Python's own library
and Debian's chromium-driver."""

import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ARGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--force-color-profile=srgb",
]


class Failed(Exception):
    pass


class Browser:
    def __init__(self, width=1920, height=1080):
        self.profile = tempfile.mkdtemp(prefix="pantau-browser-")
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.base = None
        for line in self.driver.stdout:
            if "started successfully on port" in line:
                self.base = "http://127.0.0.1:" + line.split()[-1].rstrip(".")
                break
        if not self.base:
            raise Failed("chromedriver did not start")
        options = {"args": [*ARGS, f"--user-data-dir={self.profile}", f"--window-size={width},{height}"]}
        answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.session = f"/session/{answer['sessionId']}"

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.base + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Failed(json.load(error)["value"]["message"]) from None

    def size(self, width, height):
        """The size of the page itself."""
        self.call("POST", f"{self.session}/goog/cdp/execute", {
            "cmd": "Emulation.setDeviceMetricsOverride",
            "params": {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}})

    def open(self, url):
        self.call("POST", f"{self.session}/url", {"url": url})

    def run(self, script, *args):
        """The value of a function body run in the page; it may return a promise."""
        return self.call("POST", f"{self.session}/execute/sync", {"script": script, "args": list(args)})

    def wait(self, script, *args, seconds=10, what=None):
        """Runs script until it is true; returns its value and the seconds it took."""
        begun = time.monotonic()
        while True:
            value = self.run(script, *args)
            took = time.monotonic() - begun
            if value:
                return value, took
            if took > seconds:
                raise Failed(f"not within {seconds} s: {what or script}")
            time.sleep(0.02)

    def keys(self, text):
        actions = [{"type": kind, "value": c} for c in text for kind in ("keyDown", "keyUp")]
        self.call("POST", f"{self.session}/actions", {"actions": [{"type": "key", "id": "k", "actions": actions}]})

    def log(self):
        """Console messages since the last call."""
        return self.call("POST", f"{self.session}/se/log", {"type": "browser"})

    def picture(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("GET", f"{self.session}/screenshot")))

    def close(self):
        try:
            self.call("DELETE", self.session)
        except (OSError, Failed):
            pass
        self.driver.terminate()
        self.driver.wait(10)
        shutil.rmtree(self.profile, ignore_errors=True)
