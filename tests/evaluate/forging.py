"""What a forger can do to a proof beside changing what it says: mend the digest, even the root and the audit's hash."""

from __future__ import annotations

import hashlib
import json
from types import ModuleType
from typing import Any

from zhinan.evaluate.commitment import leaf
from zhinan.evaluate.proof_file import digest
from zhinan.proof import merkle_root


def refused(tool: ModuleType, content: Any, root: str | None = None) -> str:
    """Why a proof is refused; "" when it is taken."""
    try:
        tool.check(content, root)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def signed(content: Any) -> Any:
    """With the digest as a forger would write it."""
    content["digest"] = digest(content)
    return content


def recommitted(content: Any) -> Any:
    """With the root, the audit's hash and the digest as a forger with a store of their own would write them."""
    rows, said = content["sealed"], content["commitment"]
    ids, people = rows["rows"], rows.get("person", [None] * len(rows["rows"]))
    base = merkle_root([leaf("row", *row) for row in zip(ids, rows["truth"], people, strict=True)])
    roots = dict(said["hidden"])
    for name, values in rows["columns"].items():
        roots[name] = merkle_root(
            [leaf("cell", said["keys"][name], i, value) for i, value in zip(ids, values, strict=True)]
        )
    branches = [leaf("rows", base, len(ids)), *(leaf("column", name, roots[name]) for name in sorted(roots))]
    said["root"], said["rows"] = merkle_root(branches), len(ids)
    entry = said["entry"]
    why = json.loads(entry["why"]) | {"root": said["root"], "rows": len(ids)}
    entry["why"] = json.dumps(why, sort_keys=True, separators=(",", ":"))
    fields = ("product", "seq", "at", "who", "action", "number", "why", "stages", "previous")
    text = json.dumps([entry[name] for name in fields], ensure_ascii=False, separators=(",", ":"))
    entry["hash"] = said["audit"] = hashlib.sha256(text.encode()).hexdigest()
    return signed(content)
