#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What everybody writes alike, where no tool's form says so.

    test_manner.py SOURCE_ROOT
"""

import pathlib
import re
import sys
import unittest

TREES = ("agent", "collector", "common", "tests", "conf")
FOREIGN = {"vendor", "build-run"}

# A section's head: /* ---- what follows ---- */, and # in scripts.
RULER = re.compile(r"^[ \t]*(/\*|//|#)[ \t]*[-=*~_]{2,}(?:[ \t].*)?$", re.M)
RULERS = {
    ".c": re.compile(r"[ \t]*/\* ---- \S.*\S ---- \*/"),
    ".h": re.compile(r"[ \t]*/\* ---- \S.*\S ---- \*/"),
    ".css": re.compile(r"/\* ---- \S.*\S ---- \*/"),
    ".js": re.compile(r"[ \t]*// ---- \S.*\S ----"),
    ".sh": re.compile(r"# ---- \S.*\S ----"),
}

# kind of file, what is not written, what is instead
INSTEAD = [
    (r"\.[ch]", r"=\s*\{\s*\}[;,]|\)\s*\{\s*\}", "{0}"),
    (r"\.[ch]", r"memset\((\w+), 0, sizeof\(\*\1\)\)", "*x = (struct what_it_is){0}"),
    (r"\.[ch]", r"14695981039346656037|0xcbf29ce484222325|0x100000001b3|2166136261|16777619",
     "common/base/fnv1a.h"),
]
# Who may: the hash itself and its test; an address, which is compared as octets.
MAY = {
    "common/base/fnv1a.c", "common/base/fnv1a.h", "tests/unit/common/base/test_fnv1a.c",
    "agent/io/path/gateway.c",
}


def without_texts(text):
    """C without what its strings and comments say, line by line."""
    return re.sub(r'"(\\.|[^"\\\n])*"|/\*.*?\*/', lambda m: re.sub(r"[^\n]", "x", m[0]), text,
                  flags=re.S)


def wrong_rulers(name, text):
    right = RULERS.get(pathlib.Path(name).suffix)
    if right:
        for m in RULER.finditer(text):
            if not right.fullmatch(m[0]) and not (name.endswith(".sh") and m[0].startswith("#!")):
                yield f"{name}:{text.count(chr(10), 0, m.start()) + 1}: {m[0].strip()}"


def written_otherwise(name, text):
    for kind, pattern, instead in INSTEAD:
        if not re.fullmatch(kind, pathlib.Path(name).suffix) or name in MAY:
            continue
        for m in re.finditer(pattern, without_texts(text)):
            yield f"{name}:{text.count(chr(10), 0, m.start()) + 1}: {m[0]}: write {instead}"


class Manner(unittest.TestCase):
    root = None

    def files(self):
        for tree in TREES:
            for path in sorted((self.root / tree).rglob("*")):
                if path.is_file() and not FOREIGN & set(path.parts):
                    yield path.relative_to(self.root).as_posix(), path

    def found(self, look):
        return [line for name, path in self.files()
                if path.suffix in RULERS
                for line in look(name, path.read_text(encoding="utf-8"))]

    def test_rulers(self):
        self.assertEqual(self.found(wrong_rulers), [])

    def test_words(self):
        self.assertEqual(self.found(written_otherwise), [])

    def test_sees_what_is_wrong(self):
        for name, text in [("a.c", "int i;\n\n/* --- keys --- */\n"), ("a.sh", "# --- start\n"),
                           ("a.js", "\t/* ---- graphs ---- */\n"), ("a.h", "/* ==== x ==== */\n")]:
            self.assertEqual(len(list(wrong_rulers(name, text))), 1, name)
        for name, text in [("a.c", "/* ---- keys ---- */\n/* --once: what it sees */\n"),
                           ("a.sh", "#!/bin/sh\n# ---- start ----\n")]:
            self.assertEqual(list(wrong_rulers(name, text)), [], name)
        for text in ("struct x x = {};\n", "*x = (struct x){};\n", "memset(ret, 0, sizeof(*ret));\n",
                     "h = h * 16777619u;\n"):
            self.assertEqual(len(list(written_otherwise("a.c", text))), 1, text)
        self.assertEqual(list(written_otherwise("a.c", 'x = {0};\ny = "= {};"; /* = {}; */\n')), [])


if __name__ == "__main__":
    Manner.root = pathlib.Path(sys.argv[1])
    unittest.main(argv=sys.argv[:1])
