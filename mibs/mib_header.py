#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make PANTAU-MIB.txt and pantau_mib.h from PANTAU-MIB.txt.in.

The input is an SMIv2 module (RFC 2578, 2579, 2580) with four placeholders for its root:
@ROOT@ (parent and arc of the MODULE-IDENTITY), @ROOT_NODES@ (declarations that the
parent needs), @ROOT_IMPORT_SMI@ and @ROOT_IMPORT_MIB@ (what has to be imported for it).

This reads as much of SMIv2 as PANTAU-MIB uses and refuses all else with the line's
number: a header that is wrong without a word would be worse than none. Whether the
module is good SMIv2 is smilint's to say, not ours.
"""

import argparse
import re
import sys

ENTERPRISES = [1, 3, 6, 1, 4, 1]
PLAYPEN = [8072, 9999, 9999]
ARC_MAX = 4294967295
OID_LEN_MAX = 128
PLACEHOLDERS = ("@ROOT@", "@ROOT_NODES@", "@ROOT_IMPORT_SMI@", "@ROOT_IMPORT_MIB@")
BASE_TYPES = {"Integer32", "Unsigned32", "Gauge32", "Counter32", "Counter64", "TimeTicks",
              "INTEGER", "OCTET STRING", "OBJECT IDENTIFIER"}
ACCESS = {"not-accessible", "accessible-for-notify", "read-only"}

TOKEN = re.compile(r"""
    (?P<space>[ \t]+)
  | (?P<newline>\n)
  | (?P<comment>--[^\n]*)
  | (?P<string>"[^"]*")
  | (?P<place>@[A-Z_]+@)
  | (?P<word>[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)
  | (?P<number>-?[0-9]+)
  | (?P<sign>::=|\.\.|[{}(),;|])
""", re.VERBOSE)


class MibError(Exception):
    """What is wrong with the input; line is None when no single line is to blame."""

    def __init__(self, line, text):
        super().__init__(text)
        self.line = line


class Token:
    def __init__(self, kind, text, line):
        self.kind, self.text, self.line = kind, text, line


def tokenize(text):
    tokens, pos, line = [], 0, 1
    while pos < len(text):
        m = TOKEN.match(text, pos)
        if not m:
            raise MibError(line, f"unexpected character {text[pos]!r}")
        kind, word = m.lastgroup, m.group()
        if kind == "comment" and "--" in word.lstrip("-"):
            # To ASN.1 the second '--' ends the comment; tools differ about it.
            raise MibError(line, "a comment with a second '--'")
        if kind not in ("space", "newline", "comment"):
            tokens.append(Token(kind, word, line))
        line += word.count("\n")
        pos = m.end()
    tokens.append(Token("end", "the end of the file", line))
    return tokens


class Node:
    """A name in the tree: kind is node, scalar, table, entry, column or notification."""

    def __init__(self, name, kind, parent, arc, line):
        self.name, self.kind, self.parent, self.arc, self.line = name, kind, parent, arc, line


class Module:
    def __init__(self):
        self.name = None
        self.root = None            # name of the MODULE-IDENTITY
        self.nodes = {}             # name -> Node, in the order of the file
        self.imports = set()
        self.types = {}             # textual convention -> [(label, value)] or None
        self.sequences = {}         # type name -> [(column, type name)]
        self.syntax = {}            # object -> (type name, row type or None, enum or None)
        self.places = set()


class Parser:
    """Recursive descent over the tokens of one module; fills in a Module."""

    def __init__(self, text):
        self.tokens = tokenize(text)
        self.pos = 0
        self.mod = Module()

    @property
    def tok(self):
        return self.tokens[self.pos]

    def fail(self, text, line=None):
        raise MibError(line or self.tok.line, text)

    def take(self, kind, what):
        t = self.tok
        if t.kind != kind:
            self.fail(f"expected {what}, found {t.text[:40]!r}")
        self.pos += 1
        return t

    def name(self, what="a name"):
        return self.take("word", what)

    def expect(self, *texts):
        for text in texts:
            if self.tok.text != text or self.tok.kind == "string":
                self.fail(f"expected {text!r}, found {self.tok.text[:40]!r}")
            self.pos += 1

    def accept(self, *texts):
        window = self.tokens[self.pos:self.pos + len(texts)]
        if [t.text for t in window] != list(texts):
            return False
        self.pos += len(texts)
        return True

    def place(self, want):
        t = self.take("place", f"the placeholder {want}")
        if t.text != want:
            self.fail(f"expected {want}, found {t.text}", t.line)
        if want in self.mod.places:
            self.fail(f"{want} a second time", t.line)
        self.mod.places.add(want)

    def names(self):
        """{ a, b, c }: the tokens of the names."""
        self.expect("{")
        out = [self.name()]
        while self.accept(","):
            out.append(self.name())
        self.expect("}")
        return out

    def value(self):
        """{ parent arc }"""
        self.expect("::=", "{")
        parent = self.name("the parent's name")
        arc = self.take("number", "an arc")
        self.expect("}")
        if not 0 <= int(arc.text) <= ARC_MAX:
            self.fail(f"arc {arc.text} is out of range", arc.line)
        return parent, int(arc.text)

    def add_node(self, name, kind):
        if name.text in self.mod.nodes:
            first = self.mod.nodes[name.text].line
            self.fail(f"{name.text} is defined a second time (first in line {first})", name.line)
        parent, arc = self.value()
        self.mod.nodes[name.text] = Node(name.text, kind, parent.text, arc, name.line)

    # --- the parts of a module ------------------------------------------------------

    def module(self):
        self.mod.name = self.name("the module's name").text
        self.expect("DEFINITIONS", "::=", "BEGIN")
        self.imports()
        self.identity()
        self.place("@ROOT_NODES@")
        while not self.accept("END"):
            self.definition()
        if self.tok.kind != "end":
            self.fail("text after END")
        return self.mod

    def imports(self):
        self.expect("IMPORTS")
        while not self.accept(";"):
            self.mod.imports.add(self.name("an imported name").text)
            while self.accept(","):
                self.mod.imports.add(self.name("an imported name").text)
            if self.tok.text == "@ROOT_IMPORT_SMI@":
                self.place("@ROOT_IMPORT_SMI@")
            self.expect("FROM")
            self.name("a module's name")
            if self.tok.text == "@ROOT_IMPORT_MIB@":
                self.place("@ROOT_IMPORT_MIB@")

    def clauses(self, *words):
        """WORD "text", each of words once, in that order."""
        for word in words:
            self.expect(word)
            self.take("string", f"the text of {word}")

    def identity(self):
        name = self.name("the module identity's name")
        self.expect("MODULE-IDENTITY")
        self.clauses("LAST-UPDATED", "ORGANIZATION", "CONTACT-INFO", "DESCRIPTION")
        while self.tok.text == "REVISION":
            self.clauses("REVISION", "DESCRIPTION")
        self.expect("::=", "{")
        self.place("@ROOT@")
        self.expect("}")
        self.mod.root = name.text
        self.mod.nodes[name.text] = Node(name.text, "node", None, None, name.line)

    def definition(self):
        name = self.name("a definition")
        if self.accept("::=", "TEXTUAL-CONVENTION"):
            return self.convention(name)
        if self.accept("::=", "SEQUENCE"):
            return self.sequence(name)
        parsers = {
            "OBJECT": self.identifier,
            "OBJECT-TYPE": self.object_type,
            "NOTIFICATION-TYPE": self.notification,
            "OBJECT-GROUP": self.group,
            "NOTIFICATION-GROUP": self.group,
            "MODULE-COMPLIANCE": self.compliance,
        }
        kind = self.tok
        if kind.text not in parsers:
            self.fail(f"cannot read a definition of the kind {kind.text!r}")
        self.pos += 1
        return parsers[kind.text](name)

    def identifier(self, name):
        self.expect("IDENTIFIER")
        self.add_node(name, "node")

    def status(self):
        self.expect("STATUS")
        if self.name().text not in ("current", "deprecated", "obsolete"):
            self.fail("STATUS is current, deprecated or obsolete")

    def convention(self, name):
        if name.text in self.mod.types:
            self.fail(f"{name.text} is defined a second time", name.line)
        if self.tok.text == "DISPLAY-HINT":
            self.clauses("DISPLAY-HINT")
        self.status()
        self.clauses("DESCRIPTION")
        self.expect("SYNTAX")
        self.mod.types[name.text] = self.syntax()[2]

    def sequence(self, name):
        self.expect("{")
        columns = []
        while True:
            column = self.name("a column's name")
            columns.append((column.text, self.type_name()))
            if not self.accept(","):
                break
        self.expect("}")
        self.mod.sequences[name.text] = columns

    def type_name(self):
        for words in ("OCTET STRING", "OBJECT IDENTIFIER"):
            if self.accept(*words.split()):
                return words
        return self.name("a type").text

    def syntax(self):
        """Returns (type name, row type for SEQUENCE OF or None, enumeration or None)."""
        if self.accept("SEQUENCE", "OF"):
            return "SEQUENCE OF", self.name("the row's type").text, None
        line = self.tok.line
        base = self.type_name()
        if self.tok.text == "{":
            if base != "INTEGER":
                self.fail(f"named numbers on {base}")
            return base, None, self.enumeration()
        if base == "INTEGER":
            self.fail("INTEGER without named numbers: use Integer32 or Unsigned32", line)
        if self.accept("("):
            self.restriction()
        return base, None, None

    def restriction(self):
        """(1..3) or (SIZE (0..32)); checked for form only."""
        if self.accept("SIZE"):
            self.expect("(")
            self.restriction()
            self.expect(")")
            return
        while True:
            low = int(self.take("number", "a number").text)
            high = int(self.take("number", "a number").text) if self.accept("..") else low
            if low > high:
                self.fail(f"the range {low}..{high} is empty")
            if not self.accept("|"):
                break
        self.expect(")")

    def enumeration(self):
        self.expect("{")
        labels = []
        while True:
            label = self.name("a label")
            self.expect("(")
            number = self.take("number", "the label's number")
            self.expect(")")
            if label.text in [n for n, _ in labels]:
                self.fail(f"label {label.text} a second time", label.line)
            if int(number.text) in [v for _, v in labels]:
                self.fail(f"number {number.text} a second time", number.line)
            labels.append((label.text, int(number.text)))
            if not self.accept(","):
                break
        self.expect("}")
        return labels

    def object_type(self, name):
        self.expect("SYNTAX")
        syntax = self.syntax()
        if self.tok.text == "UNITS":
            self.clauses("UNITS")
        self.expect("MAX-ACCESS")
        access = self.name("the access")
        if access.text not in ACCESS:
            self.fail(f"MAX-ACCESS {access.text}: Pantau's objects are read-only", access.line)
        self.status()
        self.clauses("DESCRIPTION")
        indexed = self.accept("INDEX")
        if indexed:
            self.names()
        kind = "table" if syntax[1] else "entry" if indexed else "scalar"
        self.add_node(name, kind)
        self.mod.syntax[name.text] = syntax

    def notification(self, name):
        if self.accept("OBJECTS"):
            self.references(self.names(), "object")
        self.status()
        self.clauses("DESCRIPTION")
        self.add_node(name, "notification")

    def group(self, name):
        if not self.accept("OBJECTS"):
            self.expect("NOTIFICATIONS")
        self.references(self.names(), "member")
        self.status()
        self.clauses("DESCRIPTION")
        self.add_node(name, "conformance")

    def references(self, tokens, what):
        for t in tokens:
            if t.text not in self.mod.nodes:
                self.fail(f"{what} {t.text} is not defined above", t.line)

    def compliance(self, name):
        self.status()
        self.clauses("DESCRIPTION")
        while self.accept("MODULE"):
            if self.tok.text not in ("MANDATORY-GROUPS", "GROUP"):
                self.name("a module's name")
            if self.accept("MANDATORY-GROUPS"):
                self.names()
            while self.accept("GROUP"):
                self.name("a group's name")
                self.clauses("DESCRIPTION")
        self.add_node(name, "conformance")


# --- what no single definition can tell ------------------------------------------------

def check_tree(mod):
    """Parents exist, no two names share an OID; entries' children become columns."""
    seen = {}
    for node in mod.nodes.values():
        if node.parent is None:
            continue
        parent = mod.nodes.get(node.parent)
        if parent is None:
            raise MibError(node.line, f"the parent {node.parent} of {node.name} is not defined")
        if (node.parent, node.arc) in seen:
            other = seen[node.parent, node.arc]
            raise MibError(node.line, f"{node.name} has the same OID as {other}")
        seen[node.parent, node.arc] = node.name
        if node.kind == "scalar" and parent.kind == "entry":
            node.kind = "column"
        if node.kind == "entry" and parent.kind != "table":
            raise MibError(node.line, f"{node.name} has an INDEX but is in no table")
        if node.kind == "scalar" and parent.kind != "node":
            raise MibError(node.line, f"{node.name} is below {parent.name}, a {parent.kind}")


def check_types(mod):
    known = BASE_TYPES | mod.imports | set(mod.types) | set(mod.sequences)
    for name, (base, row, _) in mod.syntax.items():
        if (row or base) not in known:
            raise MibError(mod.nodes[name].line, f"{name}: the type {row or base} is not known")


def check_rows(mod):
    """A SEQUENCE lists exactly the entry's columns, in the order of their arcs."""
    for entry in [n for n in mod.nodes.values() if n.kind == "entry"]:
        row = mod.syntax[entry.name][0]
        if mod.syntax[entry.parent][1] != row or row not in mod.sequences:
            raise MibError(entry.line, f"{entry.name}: no SEQUENCE that fits its table")
        columns = [n for n in mod.nodes.values() if n.parent == entry.name]
        columns.sort(key=lambda n: n.arc)
        have = [(n.name, mod.syntax[n.name][0]) for n in columns]
        for want, got in zip(mod.sequences[row] + [None], have + [None]):
            if want != got:
                what = " ".join(want or got)
                raise MibError(entry.line, f"{row} and its columns differ at {what}")


def parse(text):
    parser = Parser(text)
    mod = parser.module()
    missing = [p for p in PLACEHOLDERS if p not in mod.places]
    if missing:
        raise MibError(None, f"the placeholder {missing[0]} is missing")
    check_tree(mod)
    check_types(mod)
    check_rows(mod)
    return mod


def oid_of(mod, node, root):
    arcs = []
    while node.parent is not None:
        arcs.insert(0, node.arc)
        node = mod.nodes[node.parent]
    return root + arcs


# --- the root ------------------------------------------------------------------------

def parse_root(text):
    """'8072.9999.9999.51', an OID below enterprises, as a list of arcs."""
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)*", text):
        raise MibError(None, f"mib_root {text!r}: write arcs below 1.3.6.1.4.1, as in '99999.1'")
    arcs = [int(a) for a in text.split(".")]
    if max(arcs) > ARC_MAX or any(a != str(int(a)) for a in text.split(".")):
        raise MibError(None, f"mib_root {text!r}: an arc is a number from 0 to {ARC_MAX}")
    if arcs[:6] == ENTERPRISES:
        raise MibError(None, f"mib_root {text!r}: leave out the leading 1.3.6.1.4.1")
    if len(arcs) > OID_LEN_MAX // 4:
        raise MibError(None, f"mib_root {text!r}: too long")
    return arcs


def root_places(arcs):
    """What to write for each placeholder. Every node on the way gets a name: smilint
    wants none implicit."""
    if arcs[:3] == PLAYPEN and len(arcs) > 3:
        parent, rest = "netSnmpPlaypen", arcs[3:]
        smi, mib = "", "\n    netSnmpPlaypen\n        FROM NET-SNMP-MIB"
    else:
        parent, rest = "enterprises", arcs
        smi, mib = ", enterprises", ""
    nodes = ""
    for i, arc in enumerate(rest[:-1]):
        name = f"pantauRoot{i + 1}"
        nodes += f"\n{name} OBJECT IDENTIFIER ::= {{ {parent} {arc} }}"
        parent = name
    return {
        "@ROOT@": f"{parent} {rest[-1]}",
        "@ROOT_NODES@": nodes + "\n" if nodes else "",
        "@ROOT_IMPORT_SMI@": smi,
        "@ROOT_IMPORT_MIB@": mib,
    }


def fill_in(text, arcs):
    for place, value in root_places(arcs).items():
        text = text.replace(place, value)
    return text.replace(
        "-- This is the source. The build fills in the root (meson option mib_root) and writes\n"
        "-- PANTAU-MIB.txt and the C header pantau_mib.h from it; see mib_header.py.",
        "-- Made from PANTAU-MIB.txt.in by mib_header.py, with the root filled in.")


# --- the header ------------------------------------------------------------------------

def snake(name, lead="pantau"):
    """pantauLinkInP95Bps -> LINK_IN_P95_BPS"""
    for prefix in (lead, lead.capitalize()):
        if name.startswith(prefix):
            name = name[len(prefix):]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").upper()


class Names:
    """The C names given out so far: two objects must not end up with the same one."""

    def __init__(self):
        self.owner = {}

    def give(self, c_name, node_name, line=None):
        if c_name in self.owner:
            raise MibError(line, f"{node_name} and {self.owner[c_name]} both become {c_name}")
        self.owner[c_name] = node_name
        return c_name


def oid_lines(mod, root, names):
    out = []
    for node in mod.nodes.values():
        if node.kind == "conformance":
            continue
        name = "ROOT" if node.name == mod.root else snake(node.name)
        if node.kind == "notification":
            name = "NOTIFY_" + name
        c_name = names.give("PANTAU_OID_" + name, node.name, node.line)
        arcs = ", ".join(str(a) for a in oid_of(mod, node, root))
        if node.kind == "table" or (node.kind == "notification" and "NOTIFY" not in out[-1]):
            out.append("")
        out.append(f"#define {c_name} {arcs}")
        if node.kind == "column":
            c_name = names.give("PANTAU_COL_" + name, node.name, node.line)
            out.append(f"#define {c_name} {node.arc}")
    return out


def enum_lines(owner, labels, names):
    stem = snake(re.sub("TC$", "", owner))
    tag = names.give("pantau_" + stem.lower(), owner)
    out = ["", f"enum {tag} {{"]
    for label, value in labels:
        out.append(f"\t{names.give(f'PANTAU_{stem}_{snake(label)}', owner)} = {value},")
    return out + ["};"]


def header(mod, root):
    names = Names()
    out = [
        "/* SPDX-License-Identifier: GPL-3.0-or-later */",
        "/*",
        f" * The object identifiers and enumerations of {mod.name}.",
        " * Made from PANTAU-MIB.txt.in by mib_header.py: change that, not this.",
        " *",
        " * PANTAU_OID_x   the arcs of x, to be written between braces: an object without",
        " *                its instance, a table, its entry, or (NOTIFY_) a notification",
        " * PANTAU_COL_x   the last arc of a column, below its entry",
        " * enum pantau_x  the values of an object or textual convention with named numbers",
        " */",
        "#ifndef PANTAU_MIB_H",
        "#define PANTAU_MIB_H",
        "",
        f"#define PANTAU_ROOT_TEXT \"{'.'.join(str(a) for a in root)}\"",
        "",
    ]
    out += oid_lines(mod, root, names)
    for name, labels in mod.types.items():
        if labels:
            out += enum_lines(name, labels, names)
    for name, (_, _, labels) in mod.syntax.items():
        if labels:
            out += enum_lines(name, labels, names)
    return "\n".join(out + ["", "#endif", ""])


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--root", required=True, help="the root's arcs below enterprises")
    ap.add_argument("--mib", help="the module to write")
    ap.add_argument("--header", help="the C header to write")
    ap.add_argument("source", help="PANTAU-MIB.txt.in")
    args = ap.parse_args()

    try:
        with open(args.source, encoding="ascii") as f:
            text = f.read()
        arcs = parse_root(args.root)
        mod = parse(text)
        outputs = {args.mib: fill_in(text, arcs), args.header: header(mod, ENTERPRISES + arcs)}
    except MibError as e:
        where = f"{args.source}:{e.line}" if e.line else args.source
        sys.exit(f"{where}: {e}")
    except UnicodeDecodeError as e:
        sys.exit(f"{args.source}: not ASCII at octet {e.start}")
    except OSError as e:
        sys.exit(f"{args.source}: {e.strerror}")
    for path, content in outputs.items():
        if path:
            with open(path, "w", encoding="ascii") as f:
                f.write(content)


if __name__ == "__main__":
    main()
