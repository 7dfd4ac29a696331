#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A symbol can reach where no include does: no file uses one of a layer above its own, and no
two rooms need each other, by includes and symbols together. Prints how many there are.

    test_symbols.py NM BUILD_ROOT SOURCE_ROOT GENERATED_HEADER... -- PURE_SOURCE_OF_COMMON...
        -- LIBRARY_OR_PROGRAM...
"""

import pathlib
import sys
import tempfile
import unittest

import rooms


def upward(tree, symbols):
    for user, definer, symbol in symbols.edges():
        if not tree.may_use(user, definer):
            yield f"{user} uses {symbol} of {definer}"


def ways(tree, symbols):
    """(file, file, by what) between rooms."""
    for user, used in tree.include_edges():
        if rooms.room(user) != rooms.room(used):
            yield user, used, "includes"
    for user, definer, symbol in symbols.edges():
        if rooms.room(user) != rooms.room(definer):
            yield user, definer, f"uses {symbol} of"


def round_ways(tree, symbols):
    """For each circle its rooms, then what makes it one."""
    found = list(ways(tree, symbols))
    for group in rooms.circles((user, used) for user, used, _ in found):
        yield " <-> ".join(group)
        for user, used, how in found:
            if rooms.room(user) in group and rooms.room(used) in group:
                yield f"    {user} {how} {used}"


def figures(tree, symbols):
    pairs = {(rooms.room(user), rooms.room(used)) for user, used, _ in ways(tree, symbols)}
    found = rooms.circles((user, used) for user, used, _ in ways(tree, symbols))
    return f"{len(tree.rooms)} rooms, {len(tree.files)} files, {len(pairs)} edges between rooms, " \
        f"{len(found)} circles"


class Rules(unittest.TestCase):
    tree = symbols = None

    def test_layers(self):
        self.assertEqual(sorted(set(upward(self.tree, self.symbols))), [])

    def test_circles(self):
        self.assertEqual(list(round_ways(self.tree, self.symbols)), [])

    def test_objects_are_known(self):
        self.assertEqual(sorted(set(self.symbols.unknown)), [])

    def test_sees_what_is_wrong(self):
        with tempfile.TemporaryDirectory() as root:
            for name, text in {
                "agent/main.c": "",
                "agent/core/link/rate.c": "",
                "agent/core/event/log.c": "",
                "agent/core/event/log.h": '#include "agent/core/link/rate.h"\n',
                "agent/core/link/rate.h": "",
                "agent/io/store/shm.c": "",
                "collector/main.c": "",
                "common/base/words.c": "",
                "common/loop/loop.c": "",
            }.items():
                path = pathlib.Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            tree = rooms.Tree(root, [], ["common/base/words.c"])
            symbols = rooms.Symbols(tree)
            symbols.read("libcore.a:libcore.a.p/link_rate.c.o:0000000000000000 T rate\n"
                         "libcore.a:libcore.a.p/link_rate.c.o:                 U event_log_add\n"
                         "libcore.a:libcore.a.p/link_rate.c.o:                 U memcpy\n"
                         "libcore.a:libcore.a.p/link_rate.c.o:                 U loop_run\n"
                         "libcore.a:event_log.c.o:0000000000000010 T event_log_add\n"
                         "libcore.a:event_log.c.o:0000000000000010 t helper\n", "agent/core")
            symbols.read("libio.a:store_shm.c.o:0000000000000000 T shm_open\n"
                         "libio.a:store_shm.c.o:                 U agent_name\n"
                         "libio.a:store_shm.c.o:                 U rate\n"
                         "libio.a:gone_gone.c.o:0000000000000000 T gone\n", "agent/io")
            symbols.read("x.p/main.c.o:0000000000000000 D agent_name\n"
                         "x.p/main.c.o:                 U shm_open\n", "agent")
            symbols.read("y.p/main.c.o:0000000000000000 D agent_name\n", "collector")
            symbols.read("l.a:base_words.c.o:                 U loop_run\n"
                         "l.a:loop_loop.c.o:0000000000000000 T loop_run\n", "common")
            self.assertEqual(list(upward(tree, symbols)), [
                "agent/core/link/rate.c uses loop_run of common/loop/loop.c",
                "agent/io/store/shm.c uses agent_name of agent/main.c",
                "common/base/words.c uses loop_run of common/loop/loop.c",
            ])
            self.assertEqual(list(round_ways(tree, symbols)), [
                "agent <-> agent/io/store",
                "    agent/io/store/shm.c uses agent_name of agent/main.c",
                "    agent/main.c uses shm_open of agent/io/store/shm.c",
                "agent/core/event <-> agent/core/link",
                "    agent/core/event/log.h includes agent/core/link/rate.h",
                "    agent/core/link/rate.c uses event_log_add of agent/core/event/log.c",
            ])
            self.assertEqual(symbols.unknown, ["libio.a:gone_gone.c.o:0000000000000000"])
            self.assertEqual(figures(tree, symbols),
                             "7 rooms, 9 files, 7 edges between rooms, 2 circles")


if __name__ == "__main__":
    nm, build, root = sys.argv[1:4]
    first = sys.argv.index("--")
    second = sys.argv.index("--", first + 1)
    Rules.tree = rooms.Tree(root, sys.argv[4:first],
                            [pathlib.Path(name).resolve().relative_to(root).as_posix()
                             for name in sys.argv[first + 1:second]])
    Rules.symbols = rooms.Symbols(Rules.tree)
    for target in sys.argv[second + 1:]:
        Rules.symbols.read_target(nm, build, target)
    if not Rules.symbols.users:
        print("no symbols: the objects are not machine code (LTO?)")
        sys.exit(77)
    print(figures(Rules.tree, Rules.symbols))
    unittest.main(argv=sys.argv[:1])
