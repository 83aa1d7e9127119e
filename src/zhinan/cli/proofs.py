"""`verify --proof` and where later proofs are: the stand-alone verifier, held to the root that the store recorded."""

from __future__ import annotations

import importlib.util
import json
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from zhinan.cli.options import Asked
from zhinan.core import UserError, Words

__all__ = ["later_proof", "verifier", "verify_proof"]


def verify_proof(asked: Asked, reference: str, product: Path) -> int:
    """Recomputes a version's proof; by a name such as @3 its later proof if it has one, and by the root on record.

    Raises:
        UserError: E373 when it is refused.
    """
    content, root = _of_store(asked, reference, product) if "@" in reference else (None, None)
    if content is None:
        from zhinan.cli.running import find_place
        from zhinan.package import open_version

        content = open_version(find_place(asked, reference, product)).read("proof.json")
    with tempfile.TemporaryDirectory(prefix="zhinan-proof-") as folder:
        path = Path(folder) / "proof.json"
        path.write_bytes(content)
        result: Mapping[str, Any] = verifier().verify(path, root)
    if not result["ok"]:
        problem = str(result["problem"]).partition(": ")[2] or str(result["problem"])
        raise UserError("E373", reference, reason=problem)
    shown = {**result, "root": json.loads(content)["commitment"]["root"], "on_record": root is not None}
    asked.answer(shown, lambda: _say(shown, asked.zh))
    return 0


def later_proof(asked: Asked, reference: str, product: Path) -> str | None:
    """The path of the proof a version got after it was sealed; None when it has only the one in its folder."""
    from zhinan.contract import load
    from zhinan.engine.versions import number_of
    from zhinan.store import Store

    if "@" not in reference or not product.exists():
        return None
    name = load(product).product
    with Store(asked.place(product)) as store:
        named = reference.partition("@")[0] or name
        digest = store.version(named, number_of(reference, store, named)).summary.get("proof")
        return None if digest is None else str(store.blobs.shipped(str(digest)))


def verifier() -> ModuleType:
    """tools/verify_proof.py, which knows nothing of Zhinan."""
    shipped = Path(str(files("zhinan"))) / "tools" / "verify_proof.py"
    path = shipped if shipped.exists() else Path(__file__).parents[3] / "tools" / "verify_proof.py"
    spec = importlib.util.spec_from_file_location("zhinan_verify_proof", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _of_store(asked: Asked, reference: str, product: Path) -> tuple[bytes | None, str | None]:
    """A later proof, and the root on record for the rows of the proof that counts.

    Raises:
        UserError: E373 when the audit is broken or holds no such root.
    """
    from zhinan.contract import load
    from zhinan.engine.ledger import kept_proof
    from zhinan.engine.versions import number_of
    from zhinan.package import open_version
    from zhinan.store import Store

    name = reference.partition("@")[0] or (load(product).product if product.exists() else "")
    with Store(asked.place(product)) as store:
        name = name or next(iter(store.products()), "")
        number = number_of(reference, store, name)
        content = kept_proof(store, name, number) or open_version(store.version(name, number).path).read("proof.json")
        held = json.loads(content).get("commitment") or {}
        roots = {one.root for one in store.commitments(name) if one.entry.hash == held.get("audit")}
        if not store.verify_audit(name) or not roots:
            what = Words("the store has no record of its root", "库中没有它的根的记录")
            raise UserError("E373", reference, reason=what)
        return content, roots.pop()


def _say(shown: Mapping[str, Any], zh: bool) -> None:
    for row in shown["lines"]:
        click.echo(f"{row['verdict']:<10} {row['line']:<40} {row['checked']}")
    known = ("以库中记录的根核对" if zh else "by the root on record") if shown["on_record"] else shown["root"]
    click.echo(f"{'证明成立' if zh else 'the proof holds'}, {known}")
    click.echo(("它无法说明：" if zh else "it cannot show ") + "; ".join(shown["cannot_show"]))
