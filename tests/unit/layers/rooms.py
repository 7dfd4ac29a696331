# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree as rooms and layers: who includes whom, who calls whom.

A room is a directory with .c or .h files. Its layer is agent/core, agent/codec, agent/io, the
same of collector/, collector/ctl, or the program's own directory, which wires; common/ is for
all, and its pure half, which the build names, is below everything.
"""

import pathlib
import re
import subprocess

TOPS = ("agent", "collector", "common")
# What may use what: a layer those with a lower number in its own program or in common/.
RANKS = {"core": 1, "codec": 2, "io": 4, "ctl": 5, "": 5}
COMMON_PURE, COMMON_REST = 0, 3
PURE_LAYERS = ("agent/core", "agent/codec", "collector/core", "collector/codec")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


def room(name):
    return name.rpartition("/")[0]


def layer(name):
    parts = name.split("/")
    if parts[0] not in TOPS or parts[0] == "common" or parts[1] not in RANKS:
        return parts[0]
    return "/".join(parts[:2])


class Tree:
    """Files by name, from the root. pure_common: the sources of common/'s pure half."""

    def __init__(self, root, generated, pure_common):
        self.root, self.generated = pathlib.Path(root), set(generated)
        self.pure_common = set(pure_common)
        self.files = [path.relative_to(self.root).as_posix()
                      for top in TOPS for path in sorted((self.root / top).glob("**/*.[ch]"))]
        self.rooms = sorted({room(name) for name in self.files})
        self.known = {}

    def includes(self, name):
        """(ours, what) for each include of a file."""
        if name not in self.known:
            text = (self.root / name).read_text(encoding="utf-8")
            self.known[name] = [(mark == '"', what) for mark, what in INCLUDE.findall(text)
                                if what not in self.generated]
        return self.known[name]

    def is_pure(self, name):
        return layer(name) in PURE_LAYERS or name in self.pure_common

    def rank(self, name):
        """A header of common/ may be had by all: what it may include is another rule's."""
        if layer(name) == "common":
            pure = name in self.pure_common or name.endswith(".h")
            return COMMON_PURE if pure else COMMON_REST
        return RANKS[layer(name).partition("/")[2]]

    def may_use(self, user, used):
        ours, theirs = layer(user), layer(used)
        if theirs == "common":
            return self.rank(used) <= self.rank(user)
        if theirs.partition("/")[0] != ours.partition("/")[0]:
            return False
        return theirs == ours or self.rank(used) < self.rank(user)

    def include_edges(self):
        """(file, file) for what is ours."""
        for name in self.files:
            for ours, what in self.includes(name):
                if ours:
                    yield name, what


class Symbols:
    """What `nm -A` says of objects: which file defines a symbol, which uses it."""

    def __init__(self, tree):
        self.tree = tree
        self.definers, self.users = {}, []
        self.unknown = []  # objects of no file of ours

    def read_target(self, nm, build, target):
        """A static library, or a program by its objects."""
        build, target = pathlib.Path(build).resolve(), pathlib.Path(target).resolve()
        objects = [target] if target.suffix == ".a" else sorted(
            pathlib.Path(f"{target}.p").glob("*.o"))
        listed = subprocess.run([nm, "-A", *objects], check=True, capture_output=True, text=True)
        self.read(listed.stdout, target.parent.relative_to(build).as_posix())

    def read(self, listed, directory):
        """directory: of the meson.build that made the objects; their names begin there."""
        names = {name[len(directory) + 1:].replace("/", "_") + ".o": name
                 for name in self.tree.files if name.startswith(directory + "/")}
        for line in listed.splitlines():
            words = line.split()
            if len(words) < 3 and words[-2:-1] != ["U"] or len(words) < 2:
                continue
            where, kind, symbol = words[0], words[-2], words[-1]
            made = re.search(r"([^/:]+\.o):", where)
            name = names.get(made[1]) if made else None
            if not name:
                self.unknown.append(where)
            elif kind == "U":
                self.users.append((name, symbol))
            elif kind in "TDBRVWGC":
                self.definers.setdefault(symbol, set()).add(name)

    def edges(self):
        """(file, file, symbol); of two programs' symbols of one name each has its own."""
        for user, symbol in self.users:
            definers = self.definers.get(symbol, set())
            near = {d for d in definers if d.split("/")[0] in (user.split("/")[0], "common")}
            for definer in near or definers:
                yield user, definer, symbol


def circles(edges):
    """The groups of rooms in which each can be reached from each (Tarjan); edges between files."""
    graph = {}
    for user, used in edges:
        if room(user) != room(used):
            graph.setdefault(room(user), set()).add(room(used))
    index, low, stack, found = {}, {}, [], []

    def visit(at):
        index[at] = low[at] = len(index)
        stack.append(at)
        for to in sorted(graph.get(at, ())):
            if to not in index:
                visit(to)
            if to in stack:
                low[at] = min(low[at], low[to])
        if low[at] == index[at]:
            group = stack[stack.index(at):]
            del stack[stack.index(at):]
            if len(group) > 1:
                found.append(sorted(group))

    for start in sorted(graph):
        if start not in index:
            visit(start)
    return sorted(found)
