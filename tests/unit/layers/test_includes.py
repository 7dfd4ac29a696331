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
        if not (tree.root / name / "meson.build").exists():
            yield f"{name} has no meson.build"


class Rules(unittest.TestCase):
    tree = None

    def test_layers(self):
        self.assertEqual(list(upward(self.tree)), [])

    def test_pure(self):
        self.assertEqual(list(worldly(self.tree)), [])

    def test_rooms(self):
        self.assertEqual(list(untidy(self.tree)), [])

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
            for i in range(MOST_SOURCES):
                made[f"collector/io/rrd/file{i}.c"] = ""
                made[f"collector/io/http/file{i}.c"] = ""
            made["collector/io/http/one_more.c"] = ""
            for name, text in made.items():
                path = pathlib.Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                if name != "common/loop/socket.c":
                    (path.parent / "meson.build").touch()
            pathlib.Path(root, "common/loop/meson.build").unlink()
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
                "collector/io/http has 15 sources, more than 14",
                "common/loop has no meson.build",
            ])


if __name__ == "__main__":
    split = sys.argv.index("--")
    Rules.tree = rooms.Tree(sys.argv[1], sys.argv[2:split],
                            [pathlib.Path(name).resolve().relative_to(sys.argv[1]).as_posix()
                             for name in sys.argv[split + 1:]])
    unittest.main(argv=sys.argv[:1])
