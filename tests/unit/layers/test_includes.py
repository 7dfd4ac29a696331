#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file includes says which layer it belongs to: core/ and codec/ and the pure half of
common/ decide and translate, so they name nothing of the world, themselves or by a header of
ours; and of the directories each may know only those below it.

    test_includes.py SOURCE_ROOT GENERATED_HEADER... -- PURE_SOURCE_OF_COMMON...
"""

import pathlib
import re
import sys
import tempfile
import unittest

# Whose headers a directory may include beside its own and common's.
BELOW = {
    "common": [],
    "agent/core": [],
    "agent/codec": ["agent/core"],  # the structs that bytes become
    "agent/io": ["agent/core", "agent/codec"],
    "agent": ["agent/core", "agent/codec", "agent/io"],
    "collector/core": [],
    "collector/codec": ["collector/core"],
    "collector/io": ["collector/core", "collector/codec"],
    "collector/ctl": ["collector/core", "collector/codec", "collector/io"],
    "collector": ["collector/core", "collector/codec", "collector/io"],
}
PURE = ("agent/core", "agent/codec", "collector/core", "collector/codec")

# Words, arithmetic, memory, and the layout of what comes from a network or a kernel. Not here:
# <time.h>, <unistd.h>, <fcntl.h>, <poll.h>, <pthread.h>, the rest of <sys/>, and every library
# but the one that writes JSON into memory.
HARMLESS = re.compile(
    r"(assert|ctype|errno|inttypes|limits|math|stdarg|stdbool|stddef|stdint|stdio|stdlib|string"
    r"|strings|fnmatch)\.h|linux/\w+\.h|sys/(types|socket)\.h|netinet/in\.h|arpa/inet\.h"
    r"|jansson\.h")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


def layer(name):
    """The directory of BELOW that a file belongs to, whatever its room."""
    return max((top for top in BELOW if name.startswith(top + "/")), key=len, default="")


class Tree:
    def __init__(self, root, generated, pure_common):
        self.root, self.generated = pathlib.Path(root), set(generated)
        self.pure_common = set(pure_common)
        self.known = {}

    def files(self):
        for directory in BELOW:
            for path in sorted((self.root / directory).glob("**/*.[ch]")):
                name = path.relative_to(self.root).as_posix()
                if layer(name) == directory:
                    yield directory, name

    def includes(self, name):
        if name not in self.known:
            text = (self.root / name).read_text(encoding="utf-8")
            self.known[name] = [(mark == '"', what) for mark, what in INCLUDE.findall(text)]
        return self.known[name]

    def upward(self):
        """Includes of a directory that is not below the file's own."""
        for directory, name in self.files():
            for ours, what in self.includes(name):
                if ours and what not in self.generated and \
                        layer(what) not in (directory, "common", *BELOW[directory]):
                    yield f"{name} includes {what}"

    def is_pure(self, directory, name):
        return directory in PURE or name in self.pure_common

    def worldly(self):
        """Ways from a pure file to a header of the world."""
        for directory, name in self.files():
            if self.is_pure(directory, name):
                yield from self.walk([name], set())

    def walk(self, way, seen):
        for ours, what in self.includes(way[-1]):
            if what in seen or what in self.generated:
                continue
            seen.add(what)
            if ours:
                yield from self.walk([*way, what], seen)
            elif not HARMLESS.fullmatch(what):
                yield " -> ".join([*way, f"<{what}>"])


class Rules(unittest.TestCase):
    tree = None

    def test_directories(self):
        self.assertEqual(list(self.tree.upward()), [])

    def test_pure(self):
        self.assertEqual(list(self.tree.worldly()), [])

    def test_common_names_its_pure_half(self):
        missing = [name for name in self.tree.pure_common if not (self.tree.root / name).exists()]
        self.assertTrue(self.tree.pure_common)
        self.assertEqual(missing, [])

    def test_sees_what_is_wrong(self):
        with tempfile.TemporaryDirectory() as root:
            tree = Tree(root, ["made.h"], ["common/words.c"])
            for name, text in {
                "collector/core/rate.c": '#include "collector/core/rate.h"\n#include "made.h"\n',
                "collector/core/rate.h": '#include "common/clock.h"\n#include <math.h>\n',
                "common/clock.h": "#include <time.h>\n",
                "common/words.c": '  # include <event2/event.h>\n#include "agent/io/store/shm.h"\n',
                "common/socket.c": "#include <unistd.h>\n",
                "agent/io/store/shm.h": "",
            }.items():
                path = tree.root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            self.assertEqual(list(tree.upward()), ["common/words.c includes agent/io/store/shm.h"])
            self.assertEqual(list(tree.worldly()), [
                "common/words.c -> <event2/event.h>",
                "collector/core/rate.c -> collector/core/rate.h -> common/clock.h -> <time.h>",
                "collector/core/rate.h -> common/clock.h -> <time.h>",
            ])


if __name__ == "__main__":
    split = sys.argv.index("--")
    Rules.tree = Tree(sys.argv[1], sys.argv[2:split],
                      [pathlib.Path(name).resolve().relative_to(sys.argv[1]).as_posix()
                       for name in sys.argv[split + 1:]])
    unittest.main(argv=sys.argv[:1])
