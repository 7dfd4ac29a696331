#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of PANTAU-MIB and its generator.

lint       smilint -l 6 has nothing to say of the module
oids       net-snmp resolves every name to the OID in the header, and both are the
           published ones (oids.txt)
generator  the generator refuses broken input, naming the line
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

SKIP = 77
HERE = os.path.dirname(os.path.abspath(__file__))


def run(args, **env):
    return subprocess.run(args, env={**os.environ, **env}, text=True, timeout=60, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


def need(tool):
    if not shutil.which(tool):
        print(f"skipped: {tool} is not installed")
        sys.exit(SKIP)


class Bench:
    """A directory of our own, and the generator run in it."""

    def __init__(self, opts, tmp):
        self.opts, self.tmp = opts, tmp
        self.mib = os.path.join(tmp, "PANTAU-MIB.txt")
        self.header = os.path.join(tmp, "pantau_mib.h")
        with open(opts.source, encoding="ascii") as f:
            self.source = f.read()

    def generate(self, text=None, root=None):
        path = self.opts.source
        if text is not None:
            path = os.path.join(self.tmp, "in.txt")
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        return run([sys.executable, self.opts.generator, "--root", root or self.opts.root,
                    "--mib", self.mib, "--header", self.header, path])

    def built(self):
        r = self.generate()
        if r.returncode or r.stdout:
            sys.exit(f"the generator failed: {r.stdout}")
        with open(self.mib, encoding="ascii") as m, open(self.header, encoding="ascii") as h:
            return m.read(), h.read()

    def smilint(self):
        r = run(["smilint", "-c", "/dev/null", "-l", "6", self.mib], SMIPATH=self.opts.ietf)
        return r.stdout if r.returncode == 0 else r.stdout or f"exit code {r.returncode}"


# --- lint ------------------------------------------------------------------------------

def lint(bench):
    need("smilint")
    text, _ = bench.built()
    said = bench.smilint()
    if said:
        sys.exit(f"smilint -l 6:\n{said}")
    # A linter that finds nothing in a module with a fault has not read it.
    faults = [
        ("SYNTAX      Gauge32\n", "SYNTAX      NoSuchType\n"),
        ("OBJECTS     { pantauAgentVersion, ", "OBJECTS     { "),
        ("INDEX       { ifIndex }", "INDEX       { noSuchIndex }"),
    ]
    for old, new in faults:
        if old not in text:
            sys.exit(f"cannot place the fault {new!r}: {old!r} is not in the module")
        with open(bench.mib, "w", encoding="ascii") as f:
            f.write(text.replace(old, new, 1))
        if not bench.smilint():
            sys.exit(f"smilint did not see the fault {new!r}")


# --- oids ------------------------------------------------------------------------------

DEFINITION = re.compile(
    r"^(pantau\w*) +(?:OBJECT-TYPE|NOTIFICATION-TYPE|MODULE-IDENTITY|OBJECT IDENTIFIER)\b", re.M)


def c_name(name, notifications):
    """The same rule as the generator's, written a second time."""
    if name == "pantauMIB":
        return "PANTAU_OID_ROOT"
    words = re.findall(r"[A-Z][a-z0-9]*|[A-Z]+", name[len("pantau"):])
    return "PANTAU_OID_" + "_".join((["NOTIFY"] if name in notifications else []) + words).upper()


def published():
    """oids.txt: name and OID below the root, one pair a line."""
    with open(os.path.join(HERE, "oids.txt"), encoding="ascii") as f:
        pairs = [line.split() for line in f if line.strip() and not line.startswith("#")]
    return {p[0]: p[1] if len(p) > 1 else "" for p in pairs}


def snmptranslate(bench, names):
    """snmptranslate prints an OID for each name, or complains."""
    os.mkdir(os.path.join(bench.tmp, "cert_indexes"))  # else it says that it made one
    r = run(["snmptranslate", "-M", f"{bench.opts.ietf}:{bench.tmp}", "-m", "PANTAU-MIB", "-On"]
            + [f"PANTAU-MIB::{n}" for n in names],
            SNMP_PERSISTENT_DIR=bench.tmp, SNMPCONFPATH=bench.tmp)
    lines = r.stdout.split()
    if r.returncode or len(lines) != len(names):
        sys.exit(f"snmptranslate: {r.stdout}")
    return dict(zip(names, lines))


def header_errors(bench, text, header, resolved):
    notifications = re.findall(r"^(pantau\w*) NOTIFICATION-TYPE", text, re.M)
    defines = dict(re.findall(r"^#define (PANTAU_OID_\w+) ([0-9, ]+)$", header, re.M))
    columns = dict(re.findall(r"^#define (PANTAU_COL_\w+) ([0-9]+)$", header, re.M))
    errors = []
    for name, oid in resolved.items():
        macro = c_name(name, notifications)
        arcs = defines.pop(macro, "nothing")
        if "." + arcs.replace(", ", ".") != oid:
            errors.append(f"{name} is {oid}, {macro} is {arcs}")
        col = columns.pop(macro.replace("_OID_", "_COL_"), None)
        if col is not None and col != oid.split(".")[-1]:
            errors.append(f"{name} is {oid}, its PANTAU_COL is {col}")
    errors += [f"{m} is the OID of nothing in the module" for m in [*defines, *columns]]
    root = f".1.3.6.1.4.1.{bench.opts.root}"
    if f'PANTAU_ROOT_TEXT "{root[1:]}"' not in header:
        errors.append("PANTAU_ROOT_TEXT is not the root")
    return errors


def oids(bench):
    need("snmptranslate")
    text, header = bench.built()
    names = [n for n in DEFINITION.findall(text) if not n.startswith("pantauRoot")]
    resolved = snmptranslate(bench, names)
    errors = header_errors(bench, text, header, resolved)
    root = f".1.3.6.1.4.1.{bench.opts.root}"
    want = {n: root + ("." + oid if oid else "") for n, oid in published().items()}
    for name in sorted(set(want) | set(resolved)):
        if want.get(name) != resolved.get(name):
            errors.append(f"{name}: published {want.get(name)}, now {resolved.get(name)}")
    if not names or errors:
        sys.exit("\n".join(errors or ["no names found"]))


# --- generator -------------------------------------------------------------------------

# What is replaced in the source, by what, and what the message must say.
BROKEN = [
    ("SYNTAX      Gauge32\n", "SYNTAX      Guage32\n", "type Guage32 is not known"),
    ("MAX-ACCESS  read-only", "MAX-ACCESS  read-write", "MAX-ACCESS read-write"),
    ("SYNTAX      TimeTicks", "SYNTAX      INTEGER", "INTEGER without named numbers"),
    ("::= { pantauAgent 2 }", "::= { pantauAgent 1 }", "same OID as pantauAgentVersion"),
    ("::= { pantauAgent 2 }", "::= { pantauAgnet 2 }", "parent pantauAgnet"),
    ("::= { pantauAgent 2 }", "::= { pantauAgent x }", "expected an arc, found 'x'"),
    ("::= { pantauAgent 2 }", "::= { pantauAgent 4294967296 }", "out of range"),
    ("::= { pantauAgent 2 }", "::= { pantauAgent -1 }", "out of range"),
    ("::= { pantauAgent 2 }", "::= { pantauAgent 2 1 }", "expected '}'"),
    ("pantauAgentSiteName OBJECT-TYPE", "pantauAgentSiteId OBJECT-TYPE", "a second time"),
    ("pantauAgentSiteName OBJECT-TYPE", "pantauAgentSiteName OBJECT-TYP", "of the kind 'OBJECT-TYP'"),
    ("-- The agent\n", "\npantauAgent-Version OBJECT IDENTIFIER ::= { pantauObjects 99 }\n",
     "both become"),
    ("pantauAgent OBJECT IDENTIFIER", "pantauAgent OBJECT-IDENTITY", "of the kind 'OBJECT-IDENTITY'"),
    ("{ up(1), down(2) }", "{ up(1), down(1) }", "number 1 a second time"),
    ("{ up(1), down(2) }", "{ up(1), up(2) }", "label up a second time"),
    ("{ up(1), down(2) }", "{ up(1) down(2) }", "expected '}'"),
    ("(SIZE (0..32))", "(SIZE (32..0))", "is empty"),
    ("pantauLinkMedium           INTEGER,", "pantauLinkMedium           Unsigned32,", "differ at"),
    ("OBJECTS     { pantauAgentSiteId,", "OBJECTS     { pantauNoSuch,", "pantauNoSuch is not defined"),
    ("-- The agent\n", "-- The agent -- and more\n", "a second '--'"),
    ("-- The agent\n", "$\n", "unexpected character '$'"),
    ("::= { @ROOT@ }", "::= { pantauObjects 9 }", "expected the placeholder @ROOT@"),
    ("@ROOT_IMPORT_MIB@", "", "placeholder @ROOT_IMPORT_MIB@ is missing"),
    ("\nEND\n", "\n", "expected a definition"),
    ("\nEND\n", "\nEND\nmore\n", "text after END"),
]
BAD_ROOTS = ["", "x", "1.", ".1", "1..2", "-1", "4294967296", "1.3.6.1.4.1.99999", "01", "1 2"]
GOOD_ROOTS = ["99999", "8072.9999.9999.51", "8072.9999.9999", "8072.9999.9999.1.2"]


def broken_error(bench, old, new, want):
    if old not in bench.source:
        return f"{old!r} is not in the source"
    r = bench.generate(bench.source.replace(old, new, 1))
    if r.returncode == 0:
        return f"{new!r} was accepted"
    if want not in r.stdout:
        return f"{new!r}: {want!r} is not in {r.stdout!r}"
    if "missing" not in want and not re.match(r"\S+:[0-9]+: ", r.stdout):
        return f"{new!r}: no line number in {r.stdout!r}"
    if os.path.exists(bench.header) or os.path.exists(bench.mib):
        return f"{new!r}: wrote its output all the same"
    return None


def line_error(bench):
    """The number of the line is the right one, also after strings of many lines."""
    lines = bench.source.split("\n")
    at = lines.index("pantauEventText OBJECT-TYPE")
    lines.insert(at, "$")
    r = bench.generate("\n".join(lines))
    return None if f":{at + 1}: " in r.stdout else f"line {at + 1} expected: {r.stdout!r}"


def generator(bench):
    errors = [broken_error(bench, *case) for case in BROKEN]
    errors.append(line_error(bench))
    if "not ASCII" not in bench.generate(bench.source + "-- \u00e9\n").stdout:
        errors.append("accepted what is not ASCII")
    for root in BAD_ROOTS:
        if bench.generate(root=root or " ").returncode == 0:
            errors.append(f"accepted the root {root!r}")
    for root in GOOD_ROOTS:
        r = bench.generate(root=root)
        if r.returncode:
            errors.append(f"refused the root {root!r}: {r.stdout}")
    errors = [e for e in errors if e]
    if errors:
        sys.exit("\n".join(errors))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--source", required=True)
    ap.add_argument("--ietf", required=True)
    ap.add_argument("--generator", required=True)
    ap.add_argument("--root", default="8072.9999.9999.51")
    ap.add_argument("what", choices=["lint", "oids", "generator"])
    opts = ap.parse_args()
    with tempfile.TemporaryDirectory(prefix="pantau-mib-") as tmp:
        {"lint": lint, "oids": oids, "generator": generator}[opts.what](Bench(opts, tmp))


if __name__ == "__main__":
    main()
