#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogues say the same things, each once, and nothing that nobody reads; and what is
wrong with one is found.

    test_words.py WORDS_PY SOURCE_ROOT CATALOGUE...
"""

import importlib.util
import pathlib
import re
import sys
import tempfile
import unittest

LITERAL = re.compile(r"""(["'])((?:(?!\1)[^\\\n])*)\1""")
JS_FAMILY = re.compile(r"\b(?:t|has|heading)\(`(\w+)\.\$\{")
C_FAMILY = re.compile(r'\bwords_(?:find|named)\([^;]*?"(\w+)"', re.S)
C_WORD = re.compile(r"\bWORD_[A-Z0-9_]+\b")


def load(path):
    spec = importlib.util.spec_from_file_location("words", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Readers:
    """What the program and the page ask for."""

    def __init__(self, root):
        read = lambda path: path.read_text(encoding="utf-8")
        trees = [root / top for top in ("collector", "common")]
        c = "\n".join(read(path) for tree in trees for path in sorted(tree.glob("**/*.[ch]")))
        js = "\n".join(read(path) for path in sorted((root / "collector/web/js").glob("*.js")))
        profiles = "\n".join(read(path) for path in sorted((root / "conf/profiles").glob("*.conf")))
        self.words = set(C_WORD.findall(c))
        self.families = set(JS_FAMILY.findall(js)) | set(C_FAMILY.findall(c))
        self.page = {m[2] for m in LITERAL.finditer(js)}
        self.names = self.page | {m[2] for m in LITERAL.finditer(c)} | set(
            re.findall(r"[\w-]+", profiles))

    def asks_for(self, key, name):
        family, _, member = key.partition(".")
        return name in self.words or key in self.page or (
            family in self.families and member in self.names)


class Shipped(unittest.TestCase):
    words = root = paths = None

    def setUp(self):
        self.catalogues = [self.words.Catalogue(path) for path in self.paths]
        self.first = self.catalogues[0]
        self.readers = Readers(self.root)

    def test_sound(self):
        self.assertEqual(self.words.check(self.catalogues), [])

    def test_none_unused(self):
        meant = {text[1:] for one in self.catalogues for text in one.texts.values()
                 if text.startswith("@")}
        unused = [key for key in self.first.texts if key not in meant
                  and not self.readers.asks_for(key, self.words.word_name(key))]
        self.assertEqual(unused, [])

    def test_none_missing(self):
        """The compiler misses what C names; the page's are looked for here."""
        families = {key.partition(".")[0] for key in self.first.texts}
        asked = [name for name in self.readers.page
                 if self.words.KEY.fullmatch(name) and name.partition(".")[0] in families]
        self.assertGreater(len(asked), 80)
        self.assertEqual([name for name in asked if name not in self.first.texts], [])
        self.assertEqual(self.readers.families - families, set())


class Mistakes(unittest.TestCase):
    """Each is named with its line."""

    words = None

    def wrong(self, *sources):
        with tempfile.TemporaryDirectory() as scratch:
            paths = []
            for name, source in zip(("id.json", "en.json"), sources):
                paths.append(pathlib.Path(scratch) / name)
                paths[-1].write_text(source, encoding="utf-8")
            found = self.words.check([self.words.Catalogue(path) for path in paths])
            return [line.replace(f"{scratch}/", "") for line in found]

    def test_sound(self):
        self.assertEqual(self.wrong('{\n "a.b": "x {n}",\n\n "a.c": "@a.b"\n}\n',
                                    '{\n "a.b": "y {n}",\n "a.c": "z {n}"\n}\n'), [])

    def test_alone(self):
        for line, what in [('"a.b": "x",,', "id.json:2: "),
                           ('"A.b": "x"', "id.json:2: A.b: write a key"),
                           ('"ab": "x"', "id.json:2: ab: write a key"),
                           ('"a.b": ""', "id.json:2: a.b: the text is empty"),
                           ('"a.b": "x "', "id.json:2: a.b: the text is empty or has blanks"),
                           ('"a.b": 7', "id.json:2: a.b: the text is empty"),
                           ('"a.b": "x\\ny"', "id.json:2: a.b: a text is one line"),
                           ('"a.b": "x {N}"', "id.json:2: a.b: a place is written"),
                           ('"a.b": "x {n"', "id.json:2: a.b: a place is written"),
                           ('"a.b": "@a.c"', "id.json:2: a.b: @a.c is no key"),
                           ('"a.b": "@a.b"', "id.json:2: a.b: @a.b is no key"),
                           ('"a.b": "x",\n "a.b": "y"', "id.json:3: a.b stands in line 2"),
                           ('"a.b": "x", "a.c": "y"', "id.json:1: write one key")]:
            found = self.wrong(f"{{\n {line}\n}}\n", '{\n "a.b": "x"\n}\n')
            self.assertEqual(len(found), 1, (line, found))
            self.assertTrue(found[0].startswith(what), (line, found))

    def test_together(self):
        for theirs, what in [('"a.b": "x"', "id.json:3: a.c: en.json lacks it"),
                             ('"a.b": "x", \n "a.c": "y {n}",\n "a.d": "z"',
                              "en.json:4: a.d: id.json lacks it"),
                             ('"a.b": "x",\n "a.c": "y"', "en.json:3: a.c: has the places []"),
                             ('"a.b": "x",\n "a.c": "y {m}"',
                              "en.json:3: a.c: has the places ['m']"),
                             ('"a.c": "y {n}",\n "a.b": "x"',
                              "en.json:2: a.c: here stands a.b in id.json")]:
            found = self.wrong('{\n "a.b": "p",\n "a.c": "q {n}"\n}\n', f"{{\n {theirs}\n}}\n")
            self.assertEqual(len(found), 1, (theirs, found))
            self.assertTrue(found[0].startswith(what), (theirs, found))

    def test_once(self):
        twice = '{\n "a.b": "X",\n "c.d": "x"\n}\n'
        self.assertEqual(self.wrong(twice, twice),
                         ['id.json:3: c.d: says what a.b says; write "@a.b"'])
        self.assertEqual(self.wrong(twice, '{\n "a.b": "one",\n "c.d": "two"\n}\n'), [])
        names = '{\n "a.b-c": "x",\n "a.b_c": "y"\n}\n'
        self.assertEqual(self.wrong(names, names),
                         ["id.json:3: a.b_c: in C it has the name of a.b-c"])


if __name__ == "__main__":
    Shipped.words = Mistakes.words = load(sys.argv[1])
    Shipped.root, Shipped.paths = pathlib.Path(sys.argv[2]), sys.argv[3:]
    unittest.main(argv=sys.argv[:1])
