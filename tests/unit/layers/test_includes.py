#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file includes says where it stands: core/ and codec/ and the pure half of common/
decide and translate, so they name nothing of the world, themselves or by a header of ours; a
layer knows only those below it; and a room is of a size that can be looked through.

    test_includes.py SOURCE_ROOT GENERATED_HEADER... -- PURE_SOURCE_OF_COMMON...
"""

import pathlib
import re
import sys
import tempfile
import unittest

import rooms

MOST_SOURCES = 14

ROW = re.compile(r"^\| `([\w/]+)` \|", re.M)
# In backquotes: a file by its ending, or a path that begins with a directory of ours.
PATH = re.compile(r"(?<![\w/.-])((?:agent|collector|common|core|codec|io|ctl)/[\w/]*\w(?:\.[ch])?)")
NAME = re.compile(r"`((?:[\w.-]+/)*[\w.-]+\.(?:[ch]|py|sh|md|conf|in|txt|build)"
                  r"|(?:agent|collector|common|conf|mibs|tests)/[\w./-]*\w)`")

# Words, arithmetic, memory, and the layout of what comes from a network or a kernel. Not here:
# <time.h>, <unistd.h>, <fcntl.h>, <poll.h>, <pthread.h>, the rest of <sys/>, and every library
# but the one that writes JSON into memory.
HARMLESS = re.compile(
    r"(assert|ctype|errno|inttypes|limits|math|stdarg|stdbool|stddef|stdint|stdio|stdlib|string"
    r"|strings|fnmatch)\.h|linux/\w+\.h|sys/(types|socket)\.h|netinet/in\.h|arpa/inet\.h"
    r"|jansson\.h")


def upward(tree):
    """Includes of a layer that is not below the file's own."""
    for user, used in tree.include_edges():
        if not tree.may_use(user, used):
            yield f"{user} includes {used}"


def worldly(tree):
    """Ways from a pure file to a header of the world."""
    for name in tree.files:
        if tree.is_pure(name):
            yield from walk(tree, [name], set())


def walk(tree, way, seen):
    for ours, what in tree.includes(way[-1]):
        if what in seen:
            continue
        seen.add(what)
        if ours:
            yield from walk(tree, [*way, what], seen)
        elif not HARMLESS.fullmatch(what):
            yield " -> ".join([*way, f"<{what}>"])


def untidy(tree):
    """Rooms that are too full, or lack what each has."""
    for name in tree.rooms:
        sources = len(list((tree.root / name).glob("*.c")))
        if sources > MOST_SOURCES:
            yield f"{name} has {sources} sources, more than {MOST_SOURCES}"
        for what in ("meson.build", "README.md"):
            if not (tree.root / name / what).exists():
                yield f"{name} has no {what}"


def unmapped(tree):
    """Rooms that the map of their directory does not show, and rows of it that are no rooms."""
    for top in rooms.TOPS:
        page = tree.root / top / "README.md"
        text = page.read_text(encoding="utf-8") if page.exists() else ""
        shown = {f"{top}/{row}" for row in ROW.findall(text)}
        there = {name for name in tree.rooms if name.startswith(top + "/")}
        yield from (f"{top}/README.md does not show {name}" for name in sorted(there - shown))
        yield from (f"{top}/README.md shows {name}, no room" for name in sorted(shown - there))


def misleading(tree, pages):
    """Names in a page that are of nothing: a path from the root, from the page's directory or its
    program's, with or without .c, or a file somewhere below the page."""
    for page in pages:
        here = tree.root / rooms.room(page)
        program = tree.root / page.partition("/")[0]
        for name in NAME.findall((tree.root / page).read_text(encoding="utf-8")):
            there = any((place / (name + ending)).exists()
                        for place in (here, program, tree.root) for ending in ("", ".c", ".h"))
            if not there and not ("/" not in name and any(here.glob(f"**/{name}"))):
                yield f"{page} names {name}"


def strayed(tree):
    """Paths in the text of a C file that lead nowhere, from the root or from its program's."""
    for name in tree.files:
        text = (tree.root / name).read_text(encoding="utf-8")
        program = tree.root / name.partition("/")[0]
        for path in PATH.findall(rooms.INCLUDE.sub("", text)):
            if not any((place / (path + ending)).exists()
                       for place in (tree.root, program) for ending in ("", ".c", ".h")):
                yield f"{name} speaks of {path}"


def homeless(tree):
    """Tests of a room that is not there."""
    for path in sorted((tree.root / "tests/unit").glob("**/test_*.c")):
        name = rooms.room(path.relative_to(tree.root / "tests/unit").as_posix())
        if name.partition("/")[0] in rooms.TOPS and name not in tree.rooms:
            yield f"tests/unit/{name}/{path.name} is of no room"


class Rules(unittest.TestCase):
    tree = None

    def test_layers(self):
        self.assertEqual(list(upward(self.tree)), [])

    def test_pure(self):
        self.assertEqual(list(worldly(self.tree)), [])

    def test_rooms(self):
        self.assertEqual(list(untidy(self.tree)), [])

    def test_maps(self):
        self.assertEqual(list(unmapped(self.tree)), [])

    def test_pages(self):
        pages = [path.relative_to(self.tree.root).as_posix()
                 for top in (*rooms.TOPS, "conf", "mibs", "tests")
                 for path in sorted((self.tree.root / top).glob("**/README.md"))]
        self.assertEqual(list(misleading(self.tree, ["README.md", *pages])), [])

    def test_comments(self):
        self.assertEqual(list(strayed(self.tree)), [])

    def test_tests(self):
        self.assertEqual(list(homeless(self.tree)), [])

    def test_common_names_its_pure_half(self):
        missing = [name for name in self.tree.pure_common if not (self.tree.root / name).exists()]
        self.assertTrue(self.tree.pure_common)
        self.assertEqual(missing, [])

    def test_sees_what_is_wrong(self):
        with tempfile.TemporaryDirectory() as root:
            made = {
                "agent/core/link/rate.c": '#include "agent/codec/netlink/rtnl.h"\n',
                "agent/codec/netlink/rtnl.h": "",
                "agent/io/store/shm.h": "",
                "collector/core/value/rate.c":
                    '#include "collector/core/value/rate.h"\n#include "made.h"\n',
                "collector/core/value/rate.h":
                    '#include "common/loop/clock.h"\n#include <math.h>\n',
                "collector/collector.h": '#include "collector/io/snmp/poller.h"\n',
                "collector/io/snmp/poller.h": '#include "collector/collector.h"\n'
                                              '#include "agent/io/store/shm.h"\n',
                "common/loop/clock.h": "#include <time.h>\n",
                "common/base/words.c":
                    '  # include <event2/event.h>\n#include "agent/io/store/shm.h"\n',
                "common/loop/socket.c": "#include <unistd.h>\n",
            }
            made["tests/unit/common/loop/test_socket.c"] = ""
            made["tests/unit/common/sockets/test_socket.c"] = ""
            made["common/README.md"] = "| `base` | words |\n| `net` | what was |\n"
            made["common/base/README.md"] = "`words.c`, `gone.c`, `common/loop`, `common/net`"
            for i in range(MOST_SOURCES):
                made[f"collector/io/rrd/file{i}.c"] = ""
                made[f"collector/io/http/file{i}.c"] = ""
            made["collector/io/http/one_more.c"] = \
                "/* core/value/rate, core/rate.h, agent/core/link/rate.c and/or io/http */"
            for name, text in made.items():
                path = pathlib.Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                for other in ("meson.build", "README.md"):
                    (path.parent / other).touch()
            for name in ("common/loop/meson.build", "agent/io/store/README.md"):
                pathlib.Path(root, name).unlink()
            tree = rooms.Tree(root, ["made.h"], ["common/base/words.c"])
            self.assertEqual(list(upward(tree)), [
                "agent/core/link/rate.c includes agent/codec/netlink/rtnl.h",
                "collector/io/snmp/poller.h includes collector/collector.h",
                "collector/io/snmp/poller.h includes agent/io/store/shm.h",
                "common/base/words.c includes agent/io/store/shm.h",
            ])
            self.assertEqual(list(worldly(tree)), [
                "collector/core/value/rate.c -> collector/core/value/rate.h"
                " -> common/loop/clock.h -> <time.h>",
                "collector/core/value/rate.h -> common/loop/clock.h -> <time.h>",
                "common/base/words.c -> <event2/event.h>",
            ])
            self.assertEqual(list(untidy(tree)), [
                "agent/io/store has no README.md",
                "collector/io/http has 15 sources, more than 14",
                "common/loop has no meson.build",
            ])
            self.assertEqual([line for line in unmapped(tree) if "common" in line], [
                "common/README.md does not show common/loop",
                "common/README.md shows common/net, no room",
            ])
            self.assertEqual(list(misleading(tree, ["common/base/README.md"])), [
                "common/base/README.md names gone.c",
                "common/base/README.md names common/net",
            ])
            self.assertEqual(list(strayed(tree)), [
                "collector/io/http/one_more.c speaks of core/rate.h",
            ])
            self.assertEqual(list(homeless(tree)), [
                "tests/unit/common/sockets/test_socket.c is of no room",
            ])


if __name__ == "__main__":
    split = sys.argv.index("--")
    Rules.tree = rooms.Tree(sys.argv[1], sys.argv[2:split],
                            [pathlib.Path(name).resolve().relative_to(sys.argv[1]).as_posix()
                             for name in sys.argv[split + 1:]])
    unittest.main(argv=sys.argv[:1])
