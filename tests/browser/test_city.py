#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo city's `cut` and `restore` on the open NOC page, in headless Chromium: red within a
second of the cut, without reload; one event down, one up; also again, when the outage outlasts
the polls' patience, and with hotspots behind the office.

    test_city.py BUILD-DIR SOURCE-DIR [SITE]

A city that runs already below PANTAU_DEMO_STATE is used and left running. SITE: default opd-03,
which has two hotspots behind it. Exit: 0, 1 at the first failed check, 77 (skipped)."""

import csv
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from webdriver import Browser, Failed  # noqa: E402

# The page notes each change of state itself, with the time at which the document changed.
WATCH = """
window.seen = [];
window.notReloaded = true;
for (const tile of document.querySelectorAll('[data-id]')) {
	const state = () => [...tile.classList].find((name) => name.startsWith('s-'));
	let last = state();
	const note = () => {
		if (state() !== last)
			window.seen.push([tile.dataset.id, state(), Date.now()]);
		last = state();
	};
	new MutationObserver(note).observe(tile, {attributes: true, attributeFilter: ['class']});
}
"""
CHANGE = """
const one = window.seen.find(([id, name, when]) =>
	id === arguments[0] && name === arguments[1] && when >= arguments[2]);
return one ? one[2] : null;
"""
EVENTS = """
return fetch(`api/v1/events?device=${arguments[0]}&limit=100`).then((answer) => answer.json()).then((all) =>
	(all.events || all).filter((one) => one.time_ms >= arguments[1]).map((one) => one.kind).sort());
"""
LONG_S = 75  # longer than any hysteresis and back-off of the demo's 10-second polls


def check(what, ok, seen=""):
    if not ok:
        raise Failed(f"{what}{f': {seen!r}' if seen != '' else ''}")
    print(f"ok - {what}", flush=True)


class City:
    def __init__(self, build, source):
        self.demo = f"{source}/tests/demo"
        self.environment = {**os.environ, "PANTAU_BUILD": build}
        self.ours = "PANTAU_DEMO_STATE" not in os.environ
        if self.ours:
            # Not below /run, where the city has its own.
            directory = tempfile.mkdtemp(prefix="pantau-city-")
            os.rmdir(directory)
            self.environment["PANTAU_DEMO_STATE"] = directory
        self.state = self.environment["PANTAU_DEMO_STATE"]

    def tell(self, *words):
        return subprocess.run([self.demo, *words], env=self.environment, text=True, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout

    def start(self):
        out = self.tell("start", "--opd", "3", "--hotspots", "220", "--no-install")
        return re.search(r"http://[0-9.:]+/", out)[0]

    def change(self, command, site):
        """Cuts or restores; returns when, as the command itself says, in ms since 1970."""
        said = datetime.time.fromisoformat(self.tell(command, site).split()[0])
        return int(datetime.datetime.combine(datetime.date.today(), said).timestamp() * 1000)

    def behind(self, site):
        with open(f"{self.state}/inventory.csv", newline="", encoding="utf-8") as file:
            living = pathlib.Path(self.state, "living").read_text().split()
            return [row["id"] for row in csv.DictReader(file) if row["parent"] == site and row["id"] in living]

    def stop(self):
        if self.ours:
            self.tell("stop")


def seen_within(browser, site, name, told_ms, most_ms):
    # The command reads the clock after the kernel has acted, so the page may be first.
    when, _ = browser.wait(CHANGE, site, name, told_ms - 200, seconds=15, what=f"{site} {name}")
    check(f"{site} {name} on the open page {when - told_ms} ms after", when - told_ms < most_ms)


def outage(city, browser, site, spots, seconds):
    begun_ms = int(time.time() * 1000) - 100
    cut_ms = city.change("cut", site)
    seen_within(browser, site, "s-down", cut_ms, 1000)
    row = "return [...document.querySelectorAll('.problem')].find((one) => one.textContent.includes(arguments[0]))?.textContent"
    clock = datetime.datetime.fromtimestamp(cut_ms / 1000, datetime.timezone(datetime.timedelta(hours=7)))
    text, _ = browser.wait(row, browser.run("return document.querySelector(`[data-id=\"${arguments[0]}\"]`)"
                                            ".getAttribute('aria-label').split(': ')[0]", site), what="its row")
    check("the row has the event's time", clock.strftime("%H") in text and clock.strftime("%M") in text, text)
    if seconds < LONG_S:
        time.sleep(seconds)
    else:
        # Each may have another path: only its own missed polls say that it has none.
        for spot in spots:
            browser.wait(CHANGE, spot, "s-unreachable", begun_ms, seconds=40, what=f"{spot} behind it")
        check(f"{len(spots)} hotspots behind it are unreachable, not down", not browser.run(
            "return window.seen.some(([id, name, when]) => when >= arguments[1] && arguments[0].includes(id)"
            " && name === 's-down')", spots, begun_ms))
        time.sleep(max(0, begun_ms / 1000 + seconds - time.time()))
    restored_ms = city.change("restore", site)
    seen_within(browser, site, "s-up", restored_ms, 2000)
    for spot in spots:
        browser.wait("return document.querySelector(`[data-id=\"${arguments[0]}\"]`).classList.contains('s-up')", spot,
                     seconds=40, what=f"{spot} up again")
    # What the site tells late, and the next two polls, are no news.
    time.sleep(25)
    kinds = browser.run(EVENTS, site, begun_ms)
    check("one event down, one up", [k for k in kinds if k.startswith("device-")] == ["device-down", "device-up"], kinds)
    for spot in spots:
        kinds = browser.run(EVENTS, spot, begun_ms)
        check(f"none of {spot}'s own", kinds == [], kinds)
    states = browser.run("return window.seen.filter(([id, , when]) => id === arguments[0] && when >= arguments[1])"
                         ".map(([, name]) => name)", site, begun_ms)
    check("red once, green once", states == ["s-down", "s-up"], states)
    check("the page was not loaded again", browser.run("return window.notReloaded === true"))


def main(build, source, site="opd-03"):
    for need in ("chromium", "chromedriver", "unshare", "ip"):
        if not shutil.which(need):
            print(f"skipped: {need} is not installed")
            return 77
    city = City(build, source)
    browser = None
    try:
        page = city.start()
        browser = Browser()
        browser.open(page)
        browser.wait("return document.querySelectorAll('[data-id]').length > 10 && document.querySelector('.live.is-live')",
                     what="the page is live")
        spots = city.behind(site)
        check("hotspots are behind it", len(spots) >= 1, spots)
        for device in (site, *spots):
            browser.wait("return document.querySelector(`[data-id=\"${arguments[0]}\"]`).classList.contains('s-up')", device,
                         seconds=40, what=f"{device} up")
        browser.run(WATCH)
        outage(city, browser, site, spots, 3)
        outage(city, browser, site, spots, LONG_S)
        seen = [one["message"] for one in browser.log() if one["level"] == "SEVERE"]
        check("no error in the console", seen == [], seen)
    except Failed as error:
        print(f"FAILED: {error}")
        return 1
    finally:
        if browser:
            browser.close()
        city.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
