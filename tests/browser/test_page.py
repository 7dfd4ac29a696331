#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The NOC page in headless Chromium, over the collector's real outgoing side
(tests/integration/web_fixture.c) whose devices do as they are told here.

    test_page.py BUILD-DIR SOURCE-DIR [PICTURE-DIR]

Exit: 0, 1 at the first failed check, 77 (skipped) where Chromium is missing."""

import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from webdriver import Browser, Failed  # noqa: E402

checks = 0


def check(what, ok, seen=""):
    global checks
    checks += 1
    if not ok:
        raise Failed(f"{what}{f': {seen!r}' if seen != '' else ''}")
    print(f"ok - {what}")


CONF = """
inventory = "{source}/conf/kota-mojokerto/inventory.csv"
credentials = "{directory}/credentials.conf"
profiles-dir = "{build}/conf/profiles"
web-dir = "{source}/collector/web"
state-dir = "{directory}/state"
rrd-dir = "{directory}/rrd"
run-dir = "{directory}/run"
place = "Kota Mojokerto"
user = ""
http-listen = {{"unix:{directory}/not-served.sock"}}
trap-listen = {{"127.0.0.1:{traps}"}}
"""


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Fixture:
    """The program under the page, and its commands."""

    def __init__(self, build, source, directory):
        self.args = [f"{build}/tests/integration/web_fixture", f"{directory}/collector.conf", f"{directory}/ready"]
        for room in ("state", "run"):
            pathlib.Path(directory, room).mkdir()
        pathlib.Path(directory, "collector.conf").write_text(CONF.format(
            build=build, source=source, directory=directory, traps=free_port(socket.SOCK_DGRAM)))
        credentials = pathlib.Path(directory, "credentials.conf")
        credentials.touch(0o600)
        credentials.write_text("".join(f'credential "{name}" {{ version = "v2c" community = "rahasia" }}\n'
                                       for name in ("opd", "hotspot-v2c", "hotspot-v3")))
        self.directory = directory
        self.port = free_port()
        self.start()

    def start(self):
        ready = pathlib.Path(self.directory, "ready")
        ready.unlink(missing_ok=True)
        self.log = open(f"{self.directory}/log", "a")
        self.process = subprocess.Popen([*self.args, f"127.0.0.1:{self.port}", f"control=unix:{self.directory}/control.sock"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log)
        for _ in range(500):
            if ready.exists() and ready.read_text() == "ready\n":
                return
            time.sleep(0.02)
        raise Failed("the fixture did not start: " + pathlib.Path(self.directory, "log").read_text())

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        check(command, self.process.stdout.readline() == "ok\n")

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.log.close()

    url = property(lambda self: f"http://127.0.0.1:{self.port}/")


CARD = "return Number(document.querySelector('.card[data-status=\"%s\"] b')?.textContent)"
TEXT = "return document.querySelector('%s')?.textContent || ''"
# An image counts as loaded with content if its pixels differ: librrd's background alone would be of one colour.
IMAGES = """
const images = [...document.querySelectorAll('.images img')];
if (images.length !== 6 || !images.every((image) => image.complete && image.naturalWidth > 400 && !image.hidden))
	return null;
return images.map((image) => {
	const canvas = document.createElement('canvas');
	canvas.width = image.naturalWidth;
	canvas.height = image.naturalHeight;
	const context = canvas.getContext('2d');
	context.drawImage(image, 0, 0);
	const data = context.getImageData(0, 0, canvas.width, canvas.height).data;
	let green = 0;
	for (let i = 0; i < data.length; i += 4)
		green += data[i + 1] > data[i] + 30 && data[i + 1] > data[i + 2] + 15;
	return green;
});
"""


def overview(browser, fixture):
    browser.open(fixture.url)
    browser.wait("return document.querySelectorAll('.tile').length === 52 && document.querySelectorAll('.spot').length === 220",
                 what="51 OPD and the core as tiles, 220 hotspots")
    check("every device is a tile or a mark", True)
    check("18 kelurahan", browser.run("return document.querySelectorAll('.kel').length") == 18)
    check("all counted", browser.run(CARD % "") == 272)
    check("language is Indonesian", browser.run("return document.documentElement.lang") == "id")
    check("the heading names the place", "Kota Mojokerto" in browser.run(TEXT % ".brand"))
    check("times are WIB", "WIB" in browser.run(TEXT % ".top .time"))
    check("nothing is wrong", "Tidak ada gangguan" in browser.run(TEXT % ".problems"))
    browser.wait("return document.querySelector('.live.is-live')", what="the live sign")
    check("the stream is live", True)
    check("a tile has a name for those who do not see",
          browser.run("return document.querySelector('[data-id=\"opd-02\"]').getAttribute('aria-label')") == "Inspektorat: Hidup")


def nothing_known(browser, fixture):
    """Before the first answer of the collector, and of a device, nothing is said to be well."""
    browser.call("POST", f"{browser.session}/goog/cdp/execute", {"cmd": "Network.enable", "params": {}})
    browser.call("POST", f"{browser.session}/goog/cdp/execute", {
        "cmd": "Network.setBlockedURLs", "params": {"urls": ["*/api/v1/devices"]}})
    browser.open("about:blank")
    browser.open(fixture.url)
    browser.wait("return document.querySelector('.problems .calm')", what="the list of problems")
    check("nothing known is not well", browser.run(TEXT % ".problems") == "Memuat…", browser.run(TEXT % ".problems"))
    check("nor are there zero devices", browser.run("return document.querySelector('.card b').textContent") == "–")
    browser.call("POST", f"{browser.session}/goog/cdp/execute", {"cmd": "Network.setBlockedURLs", "params": {"urls": []}})
    browser.wait("return document.querySelectorAll('.tile').length === 52", seconds=20, what="all tiles at last")
    fixture.tell("status opd-02 pending")
    browser.wait("return document.querySelector('.problems').textContent.includes('1 perangkat belum terdengar')", what="one pending")
    check("who was not heard of is said", "Semua" not in browser.run(TEXT % ".problems"))
    fixture.tell("status opd-02 up")
    browser.log()


def changes(browser, fixture):
    fixture.tell("status opd-07 down link-down")
    _, took = browser.wait("return document.querySelector('[data-id=\"opd-07\"]').classList.contains('s-down')", seconds=3,
                           what="opd-07 red")
    check(f"down arrives without reload ({took * 1000:.0f} ms)", took < 1)
    check("the strip counts it", browser.run(CARD % "down") == 1)
    problem = browser.run(TEXT % ".problem")
    check("it is listed with its cause", "Dinas Kesehatan" in problem and "tautan putus" in problem, problem)
    check("the title counts it", browser.run("return document.title").startswith("(1)"))
    check("the event is listed", "mati" in browser.run(TEXT % ".events .event"))
    check("state is a shape too", browser.run(
        "return document.querySelector('[data-id=\"opd-07\"] .icon path').getAttribute('d') !== "
        "document.querySelector('[data-id=\"opd-08\"] .icon path').getAttribute('d')"))
    fixture.tell("status opd-07 up")
    browser.wait("return document.querySelector('[data-id=\"opd-07\"]').classList.contains('s-up')", what="opd-07 green")
    check("up arrives too", browser.run(CARD % "down") == 0)
    check("one down and one up event since the collector's start",
          browser.run("return document.querySelectorAll('.events .event').length") == 3)


def parents(browser, fixture):
    """Hotspots behind a dead OPD are counted in its row and are no rows of their own."""
    fixture.tell("status opd-45 down no-answer")
    for spot in ("hs-001", "hs-002"):
        fixture.tell(f"status {spot} unreachable parent-down")
    browser.wait("return document.querySelector('.behind')?.textContent.startsWith('2 ')", what="two behind it")
    check("what is behind is one row", browser.run("return document.querySelectorAll('.problem').length") == 1)
    for device in ("opd-45", "hs-001", "hs-002"):
        fixture.tell(f"status {device} up")
    browser.wait("return document.querySelectorAll('.problem').length === 0", what="no problem")


def filters(browser):
    browser.keys("/")
    check("/ goes to the search", browser.run("return document.activeElement.id") == "search")
    browser.keys("puskesmas")
    browser.wait("return [...document.querySelectorAll('.tile')].filter((tile) => !tile.hidden).length === 6", what="six puskesmas")
    check("search filters", True)
    browser.keys("\ue00c")
    browser.wait("return [...document.querySelectorAll('.tile')].every((tile) => !tile.hidden)", what="all tiles again")
    browser.run("document.querySelector('.card[data-status=\"down\"]').click()")
    check("a state filters", browser.run("return [...document.querySelectorAll('.tile, .spot')].every((tile) => tile.hidden)"))
    browser.run("document.querySelector('.card[data-status=\"down\"]').click()")


def device(browser, fixture):
    browser.run("document.querySelector('[data-id=\"opd-01\"]').click()")
    browser.wait("return document.querySelector('.hero h1')?.textContent === 'Sekretariat DPRD'", what="the device's page")
    check("address has the device", browser.run("return location.hash") == "#/device/opd-01")
    check("and so has the title", browser.run("return document.title") == "Sekretariat DPRD · Pantau · Kota Mojokerto")
    check("text from devices stays text", "<b>pantau-agent</b>" in browser.run(TEXT % ".facts")
          and browser.run("return document.querySelectorAll('.facts b').length") == 0)
    check("links are listed", browser.run("return document.querySelectorAll('.scroll tbody tr').length") == 2)
    green, _ = browser.wait(IMAGES, seconds=20, what="six graphs")
    check("six graphs are drawn, with traffic on them", all(n > 500 for n in green), green)
    browser.wait("return document.querySelector('.chart canvas')", what="the interactive chart")
    check("the interactive chart is drawn", browser.run("return document.querySelector('.chart canvas').width") > 600)
    fixture.tell("rates")
    before = browser.run(TEXT % ".scroll tbody td:nth-child(4)")
    fixture.tell("rates")
    browser.wait("return document.querySelector('.scroll tbody td:nth-child(4)').textContent !== arguments[0]", before, what="new rates")
    check("rates are live", True)
    fixture.tell("status opd-01 degraded link-down")
    browser.wait("return document.querySelector('.hero').classList.contains('s-degraded')", seconds=3, what="degraded")
    check("its state is live", "Terganggu" in browser.run(TEXT % ".hero .state"))
    fixture.tell("status opd-01 up")
    browser.open(fixture.url + "#/device/opd-02")
    browser.wait("return [...document.querySelectorAll('.images span')].filter((note) => !note.hidden).length === 6",
                 what="six notes")
    check("nothing stored is said", "Belum ada data" in browser.run(TEXT % ".chart"))
    browser.open(fixture.url + "#/device/none")
    browser.wait("return document.querySelector('#main').textContent.includes('tidak dikenal')", what="unknown device")
    check("an unknown device is said to be unknown", True)
    browser.open("about:blank")
    browser.open(fixture.url + "#/device/%")
    browser.wait("return document.querySelector('#main').textContent.includes('tidak dikenal')", what="a broken address")
    check("a broken address is an unknown device", True)


def languages(browser, fixture):
    browser.open(fixture.url + "#/")
    browser.wait("return document.querySelectorAll('.tile').length === 52")
    browser.run("document.querySelector('#language').focus(); document.activeElement.click()")
    browser.wait("return document.documentElement.lang === 'en'", what="English")
    check("the keyboard stays at the button", browser.run("return document.activeElement.id") == "language")
    check("what is shown is marked", browser.run("return [...document.querySelectorAll('.nav a')].map((one) => one.getAttribute('aria-current'))")
          == ["page", None, None])
    check("English overview", "No outage" in browser.run(TEXT % ".problems") and "Hotspots by kelurahan" in browser.run(TEXT % "#main"))
    missing = browser.run("""return Promise.all(['id', 'en'].map((one) => fetch(`i18n/${one}.json`).then((r) => r.json()))).then(([id, en]) =>
        [...Object.keys(id).filter((key) => !(key in en)), ...Object.keys(en).filter((key) => !(key in id))])""")
    check("both catalogs have the same keys", missing == [], missing)
    browser.open(fixture.url + "#/events")
    browser.wait("return document.querySelectorAll('.events .event').length >= 4", what="events")
    check("events page in English", "up again" in browser.run(TEXT % ".events"))
    browser.run("document.querySelector('#language').click()")
    browser.wait("return document.documentElement.lang === 'id'")
    check("and back", "Kejadian" in browser.run(TEXT % "h1"))


def control(fixture, path):
    """A POST by the control socket, whose user may do everything."""
    out = subprocess.run(["curl", "-sSf", "-X", "POST", "--unix-socket", f"{fixture.directory}/control.sock",
                          f"http://localhost/api/v1/{path}"], check=True, capture_output=True, text=True).stdout
    return json.loads(out)


CHOOSE = """const select = document.querySelector(%r); select.value = %r; select.dispatchEvent(new Event('change'));"""
FACTS = "return document.querySelector('.alerts .alert .what')?.textContent || ''"


def alerts(browser, fixture):
    """Every alert has its line with what can be answered; work is planned and ended; a new alert calls."""
    control(fixture, "users?name=siti&role=operator")
    token = control(fixture, "tokens?user=siti&purpose=browser")["token"]
    fixture.tell("status opd-09 down no-answer")
    browser.open("about:blank")
    browser.open(fixture.url + "#/alerts")
    browser.wait("return document.querySelector('.alerts .alert')", what="the alert")
    check("without a token nothing can be answered", not browser.run("return document.querySelector('.answers')"))
    browser.run(f"document.querySelector('#token').value = '{token}'; document.querySelector('form.token button').click()")
    browser.wait("return document.querySelector('.answers select')", what="answers")
    browser.run(CHOOSE % (".answers select", "power"))
    browser.wait("return document.querySelector('.alerts .alert .what').textContent.includes('listrik')", what="the cause set right")
    check("the cause was set right", "listrik" in browser.run(FACTS))
    browser.run(CHOOSE % (".answers select:last-child", "4"))
    browser.wait("return document.querySelector('.alerts .alert .what').textContent.includes('dibungkam')", what="silenced")
    check("it is silenced", True)
    browser.run(CHOOSE % (".answers select:last-child", "0"))
    browser.wait("return !document.querySelector('.alerts .alert .what').textContent.includes('dibungkam')", what="not silenced any more")
    check("and told of again", True)
    browser.run("window.prompt = () => 'tiket 4711'; document.querySelector('.answers button').click()")
    browser.wait("return document.querySelector('.alerts .alert.is-acked')", what="acknowledged")
    check("who acknowledged is said, with the note", "siti" in browser.run(FACTS) and "tiket 4711" in browser.run(FACTS))
    browser.run("document.querySelector('.alerts .alert a.quiet').click()")
    browser.wait("return document.querySelector('.told p, .told li')", what="who was told")
    check("who was told is said", "Tidak ada yang diberi tahu." in browser.run(TEXT % ".told"))
    browser.run("""document.querySelector('#maintenance-target').value = 'opd-11'; document.querySelector('#maintenance-reason').value = 'ganti kabel <b>';
        document.querySelector('form.maintenance button').click()""")
    browser.wait("return document.querySelector('.planned')", what="planned work")
    check("work is planned, by whom and why", all(x in browser.run(TEXT % ".planned") for x in ("opd-11", "ganti kabel <b>", "siti")))
    browser.run("document.querySelector('.planned button').click()")
    browser.wait("return !document.querySelector('.planned')", what="the end of the work")
    check("and ended", True)
    browser.run("""window.shown = []; window.Notification = class { constructor(title, o) { window.shown.push(title + ': ' + o.body); }
        static get permission() { return 'granted'; } static requestPermission() { return Promise.resolve('granted'); } };
        document.querySelector('#call-notify').click()""")
    browser.wait("return document.querySelector('#call-notify').checked", what="the switch")
    fixture.tell("status opd-10 down no-answer")
    browser.wait("return window.shown.length === 1", what="a notification")
    check("a new alert calls once", "mati" in browser.run("return window.shown[0]"), browser.run("return window.shown"))
    browser.run("Object.defineProperty(window, 'isSecureContext', { value: false }); document.querySelector('#call-notify').click(); document.querySelector('#call-notify').click()")
    browser.wait("return document.querySelector('.attention [role=status]').textContent.includes('https')", what="why not")
    check("where the browser does not allow it, that is said", not browser.run("return document.querySelector('#call-notify').checked"))
    for device in ("opd-09", "opd-10"):
        fixture.tell(f"status {device} up ")
    browser.wait("return !document.querySelector('.alerts .alert .answers')", what="no open alert")
    check("what is over cannot be answered", True)
    browser.run("sessionStorage.clear()")


def left_pages(browser, fixture):
    """Pages that were left and are kept for the way back hold no connections."""
    for i in range(8):
        browser.open("about:blank")
        browser.open(f"{fixture.url}#/{'events' if i % 2 else ''}")
        browser.wait("return document.querySelector('.live.is-live')", seconds=5, what=f"page {i + 1} live")
    check("eight pages in a row are live", True)
    browser.run("history.go(-2)")
    fixture.tell("status opd-06 down no-answer")
    browser.wait("return document.title.startsWith('(1)') && document.querySelector('.live.is-live')", seconds=5, what="the page before is live again")
    check("and so is one to which its reader returns", True)
    fixture.tell("status opd-06 up")


def service(browser, fixture):
    """A collector that cannot store what happens says so itself."""
    browser.open(fixture.url + "#/")
    check("nothing is wrong with it", browser.run("return document.querySelector('#service').hidden"))
    fixture.tell("full yes")
    fixture.tell("status opd-06 down no-answer")
    fixture.tell("status opd-06 up")
    for what, hidden in (("a full disk is said", "false"), ("and no more when there is room", "true")):
        for _ in range(20):
            browser.open("about:blank")
            browser.open(fixture.url + "#/")
            browser.wait("return document.querySelector('.live.is-live')")
            if browser.run(f"return document.querySelector('#service').hidden === {hidden}"):
                break
            time.sleep(0.5)
        check(what, browser.run(f"return document.querySelector('#service').hidden === {hidden}"))
        if hidden == "false":
            check("in the reader's language", "Disk tidak menerima" in browser.run(TEXT % "#service"))
            fixture.tell("full no")


def lost(browser, fixture):
    browser.open(fixture.url + "#/")
    browser.wait("return document.querySelector('.live.is-live')")
    fixture.stop()
    browser.wait("return !document.querySelector('#lost').hidden", seconds=10, what="the banner")
    check("a lost connection is said", "terputus sejak" in browser.run(TEXT % "#lost"))
    fixture.start()
    fixture.tell("status opd-05 down no-answer")
    browser.wait("return document.querySelector('#lost').hidden", seconds=20, what="connected again")
    browser.wait("return document.querySelector('[data-id=\"opd-05\"]').classList.contains('s-down')", what="state after the return")
    check("what happened meanwhile is there", True)


def wall(browser, fixture):
    """Nobody scrolls a wall; 4K without scaling has text to be read from afar."""
    for n in range(10, 22):
        fixture.tell(f"status opd-{n} down no-answer")
    browser.size(1920, 1080)
    browser.open(fixture.url + "#/")
    browser.wait("return document.querySelectorAll('.problem').length >= 12", what="a bad day")
    tall = browser.run("return document.documentElement.scrollHeight")
    check("a bad day fits 1080 lines", tall <= 1080, tall)
    for n in range(10, 22):
        fixture.tell(f"status opd-{n} up")
    browser.size(3840, 2160)
    browser.open(fixture.url + "#/")
    browser.wait("return document.querySelectorAll('.tile').length === 52")
    size = browser.run("return parseFloat(getComputedStyle(document.querySelector('.tile .name')).fontSize)")
    check("a 4K wall has large text", size >= 22, size)
    tall = browser.run("return document.documentElement.scrollHeight")
    check("and all of it fits", tall <= 2160, tall)


def phone(browser, fixture):
    browser.size(390, 844)
    for where in ("#/", "#/device/opd-01"):
        browser.open(fixture.url + where)
        browser.wait("return document.querySelectorAll('.panel').length >= 2")
        wide = browser.run("return document.documentElement.scrollWidth")
        check(f"{where} fits a phone", wide <= 390, wide)
    fixture.tell("status opd-09 down no-answer")
    token = control(fixture, "tokens?user=siti&purpose=phone")["token"]
    browser.run(f"sessionStorage.setItem('pantau.token', '{token}'); location.hash = '#/alerts'")
    browser.wait("return document.querySelector('.answers select')", what="answers on a phone")
    wide = browser.run("return Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll('.answers *')].map((one) => one.getBoundingClientRect().right))")
    check("alerts and their answers fit a phone", wide <= 390, wide)
    fixture.tell("status opd-09 up ")


def errors_of(browser):
    """Console errors; those of a server that was stopped on purpose do not count."""
    return [entry["message"] for entry in browser.log() if entry["level"] == "SEVERE"]


def pictures(browser, fixture, directory):
    fixture.tell("status opd-19 degraded link-down")
    fixture.tell("status hs-003 down no-answer")
    for name, size, where in (("overview", (1920, 1080), "#/"), ("device", (1600, 1500), "#/device/opd-01"), ("phone", (400, 860), "#/")):
        browser.size(*size)
        browser.open(fixture.url + where)
        time.sleep(3)
        browser.picture(f"{directory}/{name}.png")


def main(build, source, directory=None):
    for need in ("chromium", "chromedriver"):
        if not shutil.which(need):
            print(f"skipped: {need} is not installed")
            return 77
    with tempfile.TemporaryDirectory(prefix="pantau-page-") as scratch:
        fixture = Fixture(build, source, scratch)
        browser = Browser()
        try:
            browser.size(1920, 1080)
            fixture.tell("history opd-01 wan0 32")
            fixture.tell("rates")
            fixture.tell("flush")
            overview(browser, fixture)
            nothing_known(browser, fixture)
            changes(browser, fixture)
            parents(browser, fixture)
            filters(browser)
            device(browser, fixture)
            languages(browser, fixture)
            alerts(browser, fixture)
            # An unknown device's 404 is what that check asked for.
            seen = [one for one in errors_of(browser) if "devices/none" not in one and "404" not in one]
            check("no error in the console", seen == [], seen)
            left_pages(browser, fixture)
            service(browser, fixture)
            lost(browser, fixture)
            wall(browser, fixture)
            phone(browser, fixture)
            if directory:
                pictures(browser, fixture, directory)
        except Failed as error:
            print(f"FAILED: {error}")
            browser.picture(f"{tempfile.gettempdir()}/pantau-page-failed.png")
            print(pathlib.Path(scratch, "log").read_text()[-2000:])
            return 1
        finally:
            browser.close()
            fixture.stop()
    print(f"{checks} checks")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
