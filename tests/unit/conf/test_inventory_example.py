#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example inventory of Kota Mojokerto is whole: 1 core, 51 OPD, 220 hotspots, each
with an id and an address of its own, no parent missing, every kelurahan served. What the
collector's reader makes of it is that reader's test."""

import collections
import csv
import ipaddress
import re
import sys

COLUMNS = ("id,kind,name,address,port,profile,credential,parent,parent_port,medium,"
           "capacity_down_kbps,capacity_up_kbps,link_capacity_kbps,kecamatan,kelurahan,"
           "provider,contract,lat,lon,x,y,notes").split(",")
COUNTS = {"core": 1, "opd": 51, "hotspot": 220}
KELURAHAN = {
    "Prajurit Kulon": {"Surodinawan", "Prajurit Kulon", "Blooto", "Mentikan", "Kauman",
                       "Pulorejo"},
    "Magersari": {"Gunung Gedangan", "Kedundung", "Balongsari", "Gedongan", "Magersari",
                  "Wates"},
    "Kranggan": {"Kranggan", "Miji", "Meri", "Jagalan", "Sentanan", "Purwotengah"},
}
DOCUMENTATION = [ipaddress.ip_network(n)  # RFC 5737
                 for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
RANGES = {"x": (0, 1000), "y": (0, 1000), "lat": (-7.52, -7.43), "lon": (112.38, 112.49),
          "port": (161, 161), "capacity_down_kbps": (10000, 10000000),
          "capacity_up_kbps": (1000, 10000000)}


def row_errors(row, ids):
    address = ipaddress.ip_address(row["address"])
    if not any(address in net for net in DOCUMENTATION):
        yield f"{address} is not a documentation address"
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", row["id"]):
        yield "the id has a form that the collector refuses"
    if row["parent"] and row["parent"] not in ids:
        yield f"its parent {row['parent']} does not exist"
    if row["kelurahan"] not in KELURAHAN.get(row["kecamatan"], ()):
        yield f"there is no kelurahan {row['kelurahan']} in {row['kecamatan']}"
    for column, (low, high) in RANGES.items():
        if not low <= float(row[column]) <= high:
            yield f"{column} {row[column]} is not within {low}..{high}"
    if row["kind"] == "opd":
        k = int(row["id"].removeprefix("opd-"))
        want = (f"192.0.2.{2 * k + 1}", "core-1", row["id"])
        if (row["address"], row["parent"], row["parent_port"]) != want:
            yield f"address, parent and port ought to be {want}"


def whole_errors(rows):
    counts = collections.Counter(r["kind"] for r in rows)
    if counts != COUNTS:
        yield f"{dict(counts)} devices instead of {COUNTS}"
    for column in ("id", "address", "name"):
        for value, n in collections.Counter(r[column] for r in rows).items():
            if n > 1:
                yield f"{column} {value} {n} times"
    for kecamatan, names in KELURAHAN.items():
        for kelurahan in names:
            kinds = {r["kind"] for r in rows if r["kelurahan"] == kelurahan}
            if not {"opd", "hotspot"} <= kinds:
                yield f"kelurahan {kelurahan} ({kecamatan}) lacks an OPD or a hotspot"


def main(path):
    with open(path, encoding="utf-8", newline="") as f:
        reader = csv.DictReader(f, strict=True)
        rows = list(reader)
    if reader.fieldnames != COLUMNS:
        sys.exit(f"{path}:1: the columns ought to be {','.join(COLUMNS)}")
    ids = {r["id"] for r in rows}
    errors = [f"{path}: {e}" for e in whole_errors(rows)]
    errors += [f"{path}:{i}: {r['id']}: {e}" for i, r in enumerate(rows, 2)
               for e in row_errors(r, ids)]
    if errors:
        sys.exit("\n".join(errors))


if __name__ == "__main__":
    main(sys.argv[1])
