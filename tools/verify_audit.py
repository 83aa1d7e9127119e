"""Checks a Zhinan audit without Zhinan: python verify_audit.py STORE/zhinan.db [PRODUCT] [--holds HASH] [--json]

Each entry carries the hash of all it says and of the entry before, and the last says what is live. Who owns the
database could write all of them anew: --holds takes the hash of an entry that you were given, as every receipt of
`zhinan forget` has it under "audit", and asks whether it is still there. Rows of a server: copy the tables audit and
stages into such a file first.
"""

import argparse
import hashlib
import json
import sqlite3
import sys
from pathlib import Path

MOVES = ("promote", "rollback", "erase")  # every other entry leaves what is live as it was
SAID = ("product", "seq", "at", "who", "action", "number", "why")
NEVER = [None, None, 0]


def digest(row):
    said = [*(row[name] for name in SAID), state(row), row["previous"]]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def state(row):
    return [row["live"], row["previous_live"], row["revision"]]


def broken(rows, stages):
    """What is wrong with one product's entries, None when nothing is."""
    previous, last = "", NEVER
    for seq, row in enumerate(rows, 1):
        if row["seq"] != seq:
            return f"entry {seq} is missing"
        if row["hash"] != digest(row):
            return f"entry {seq} was changed"
        if row["previous"] != previous:
            return f"entry {seq} does not follow from the one before"
        moved = row["action"] in MOVES
        if row["revision"] != last[2] + moved or (not moved and state(row) != last):
            return f"entry {seq} moves what is live without saying so"
        previous, last = row["hash"], state(row)
    return None if last == stages else "it does not end in what is live"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("product", nargs="?")
    parser.add_argument("--holds", metavar="HASH")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    database = sqlite3.connect(f"{asked.file.resolve().as_uri()}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    found = {}
    for (name,) in database.execute("SELECT product FROM audit UNION SELECT product FROM stages ORDER BY 1").fetchall():
        rows = database.execute("SELECT * FROM audit WHERE product = ? ORDER BY seq", (name,)).fetchall()
        query = "SELECT live, previous, revision FROM stages WHERE product = ?"
        stages = [*(database.execute(query, (name,)).fetchone() or NEVER)]
        why = broken(rows, stages)
        if why is None and asked.holds and asked.product == name and asked.holds not in {row["hash"] for row in rows}:
            why = "the entry that was given out is not there"
        found[name] = {"entries": len(rows), "broken": why}
    if asked.product is not None:
        found = {asked.product: found.get(asked.product, {"entries": 0, "broken": "no entry"})}
    if asked.json:
        print(json.dumps(found))
    for name, one in {} if asked.json else found.items():
        print(f"{name}: {one['entries']} entries, {one['broken'] or 'whole'}")
    return 1 if any(one["broken"] for one in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
