#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make words_names.h and words_texts.h from one LANG.json per language.

A catalogue is one JSON object: a key and its text in a line. "{name}" in a text is a place
that the program fills; "@other.key" says the same as that key. What is wrong is named as
FILE:LINE, and nothing is written: a program with half its words would be worse than none.
"""

import argparse
import json
import pathlib
import re
import sys

KEY = re.compile(r"[a-z0-9_-]+(\.[a-zA-Z0-9_-]+)+")
PLACE = re.compile(r"\{([a-z_]+)\}")
LINE = re.compile(r'^\s*"((?:[^"\\]|\\.)*)"\s*:', re.M)


class Catalogue:
    """One language: texts by key as they stand, with the line of each."""

    def __init__(self, path):
        self.path, self.lang = path, pathlib.Path(path).stem
        self.texts, self.lines, self.wrong = {}, {}, []
        source = pathlib.Path(path).read_text(encoding="utf-8")
        numbers = [(m[1], source.count("\n", 0, m.start(1)) + 1) for m in LINE.finditer(source)]
        try:
            pairs = json.loads(source, object_pairs_hook=list)
        except json.JSONDecodeError as error:
            self.wrong.append(f"{path}:{error.lineno}: {error.msg}")
            return
        if [key for key, _ in pairs] != [key for key, _ in numbers]:
            self.wrong.append(f"{path}:1: write one key with its text in a line")
            return
        for (key, text), (_, line) in zip(pairs, numbers):
            if key in self.texts:
                self.wrong.append(f"{path}:{line}: {key} stands in line {self.lines[key]} already")
            self.texts[key], self.lines[key] = text, line

    def text(self, key):
        """What it says, by way of @."""
        text = self.texts[key]
        return self.texts[text[1:]] if text.startswith("@") else text

    def at(self, key):
        return f"{self.path}:{self.lines[key]}: {key}"


def check_alone(catalogue):
    for key, text in catalogue.texts.items():
        at = catalogue.at(key)
        if not KEY.fullmatch(key):
            yield f"{at}: write a key like status.down"
        if not isinstance(text, str) or not text.strip() or text != text.strip():
            yield f"{at}: the text is empty or has blanks at an end"
        elif any(ord(c) < 32 or ord(c) == 127 for c in text):
            yield f"{at}: a text is one line"
        elif text.startswith("@"):
            if catalogue.texts.get(text[1:], "@").startswith("@"):
                yield f"{at}: {text} is no key with a text of its own"
        elif re.search(r"[{}]", PLACE.sub("", text)):
            yield f"{at}: a place is written {{name}}"


def places(text):
    return sorted(set(PLACE.findall(text)))


def check_together(catalogues):
    """All say the same things, by the same places, in the same order, and each once."""
    first = catalogues[0]
    for other in catalogues[1:]:
        for key in first.texts:
            if key not in other.texts:
                yield f"{first.at(key)}: {other.path} lacks it"
            elif places(first.text(key)) != places(other.text(key)):
                yield (f"{other.at(key)}: has the places {places(other.text(key))}, "
                       f"but {places(first.text(key))} in {first.path}")
        for key in other.texts:
            if key not in first.texts:
                yield f"{other.at(key)}: {first.path} lacks it"
        shared = [key for key in first.texts if key in other.texts]
        for key, theirs in zip(shared, [key for key in other.texts if key in first.texts]):
            if key != theirs:
                yield f"{other.at(theirs)}: here stands {key} in {first.path}; keep one order"
                break


def check_once(catalogues):
    known = {}
    for key in catalogues[0].texts:
        if any(one.texts[key].startswith("@") for one in catalogues):
            continue
        said = tuple(one.texts[key].lower() for one in catalogues)
        if said in known:
            yield f'{catalogues[0].at(key)}: says what {known[said]} says; write "@{known[said]}"'
        known.setdefault(said, key)


def check_names(catalogues):
    names = {}
    for key in catalogues[0].texts:
        if names.setdefault(word_name(key), key) != key:
            yield f"{catalogues[0].at(key)}: in C it has the name of {names[word_name(key)]}"


def check(catalogues):
    """Everything that is wrong, as FILE:LINE: KEY: WHAT."""
    wrong = [line for one in catalogues for line in one.wrong]
    for step in ([check_alone(one) for one in catalogues], [check_together(catalogues)],
                 [check_once(catalogues), check_names(catalogues)]):
        if wrong:
            break
        wrong = [line for lines in step for line in lines]
    return wrong


def word_name(key):
    return "WORD_" + re.sub(r"[^A-Z0-9]", "_", key.upper())


def c_string(text):
    return json.dumps(text, ensure_ascii=False).replace("\\/", "/")


HEAD = "/* Made by words.py: edit the catalogues instead. */\n"


def names_of(catalogues, keys):
    """The header for all: what languages and words there are."""
    langs = [f"\tWORDS_{one.lang.upper()}," for one in catalogues]
    words = [f"\t{word_name(key)}," for key in keys]
    return "\n".join([HEAD + "#pragma once\n", "enum words_lang {", *langs, "\tWORDS_LANG_N", "};\n",
                      "enum word {", *words, "\tWORD_N", "};", ""])


def texts_of(catalogues, keys):
    """What words.c alone includes: keys, ascending, and texts."""
    lines = [HEAD, "static const char *const LANGS[WORDS_LANG_N] = {"]
    lines += [f"\t[WORDS_{one.lang.upper()}] = {c_string(one.lang)}," for one in catalogues]
    lines += ["};\n", "static const char *const KEYS[WORD_N] = {"]
    lines += [f"\t[{word_name(key)}] = {c_string(key)}," for key in keys]
    lines += ["};\n", "static const char *const TEXTS[WORDS_LANG_N][WORD_N] = {"]
    for one in catalogues:
        lines += [f"\t[WORDS_{one.lang.upper()}] = {{"]
        lines += [f"\t\t[{word_name(key)}] = {c_string(one.text(key))}," for key in keys]
        lines += ["\t},"]
    return "\n".join([*lines, "};", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", required=True)
    parser.add_argument("--texts", required=True)
    parser.add_argument("catalogue", nargs="+")
    args = parser.parse_args()
    catalogues = [Catalogue(path) for path in args.catalogue]
    wrong = check(catalogues)
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    keys = sorted(catalogues[0].texts)
    pathlib.Path(args.names).write_text(names_of(catalogues, keys), encoding="utf-8")
    pathlib.Path(args.texts).write_text(texts_of(catalogues, keys), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
