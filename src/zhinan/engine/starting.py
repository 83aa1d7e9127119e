"""Writes a new product folder: the data beside a commented product.yaml with lines that this data can prove."""

from __future__ import annotations

import json
import math
import re
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

from zhinan.contract.places import parted_sheet
from zhinan.core import UserError, find, suggest
from zhinan.data import infer_contract
from zhinan.engine.needs import flawless_rows
from zhinan.proof import opening_delta

__all__ = ["EXAMPLES", "copy_example", "new_product"]

EXAMPLES = ("support", "credit", "fraud", "medical")

SEALED = 0.25


def new_product(folder: Path, source: Path | None, task: str | None = None) -> Path:
    """Makes a folder with product.yaml; with a source, its copy and what could be inferred from it.

    Args: source: also one sheet of a book, as in orders.xlsx[Orders].

    Returns:
        the path of product.yaml.

    Raises:
        UserError: E019 for an unknown task, E100 when there is no such source, E320 when the folder holds a product
            already, E321 when the source has no column to predict.
    """
    if task is not None:
        find("task", task, "--task")
    held = None if source is None else source if source.exists() else Path(parted_sheet(str(source))[0])
    if held is not None and not held.exists():
        raise UserError("E100", str(source))
    path = folder / "product.yaml"
    if path.exists():
        raise UserError("E320", str(path))
    if source is None:
        text = _written({"product": folder.resolve().name, "data": {"source": "data.csv", "target": "label"}}, task)
    else:
        known = infer_contract(source, task)
        task = known["task"] if known["task"] in ("regress", "tag") else task
        if known["data"]["target"] is None:
            raise UserError("E321", str(source))
        text = _written(known, task)
    folder.mkdir(parents=True, exist_ok=True)
    if held is not None and not (folder / held.name).exists():
        copy = shutil.copytree if held.is_dir() else shutil.copyfile
        copy(held, folder / held.name)
    path.write_text(text, encoding="utf-8")
    return path


def copy_example(name: str, folder: Path) -> Path:
    """Copies a shipped example into a folder and gives the path of its product.yaml.

    Raises:
        UserError: E322 for an unknown example, E320 when the folder holds a product already.
    """
    if name not in EXAMPLES:
        raise UserError("E322", name, suggestion=suggest(name, EXAMPLES))
    if (folder / "product.yaml").exists():
        raise UserError("E320", str(folder / "product.yaml"))
    shipped = Path(str(files("zhinan"))) / "examples" / name
    source = shipped if shipped.exists() else Path(__file__).parents[3] / "examples" / name
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.iterdir()):
        if file.is_file():
            shutil.copyfile(file, folder / file.name)
    return folder / "product.yaml"


def _written(known: dict[str, Any], task: str | None) -> str:
    """product.yaml as text: what was inferred with the reason, and must lines within reach of this much data."""
    data = known["data"]
    why = known.get("why", {})
    lines = [
        "# What this feature must do. Edit the must lines, then: zhinan check, zhinan build",
        f"product: {_text(_product(known['product']))}",
        "goal: Say in one sentence what it is for.",
        *([f"task: {task}"] if task else []),
        "data:",
        f"  source: {_text(data['source'])}{_because(why, 'data.source')}",
    ]
    if data.get("inputs"):
        lines.append("  inputs:")
        lines += [f"    {_text(n)}: {k}{_because(why, f'data.inputs.{n}')}" for n, k in data["inputs"].items()]
    for key in ("target", "person", "time"):
        if data.get(key):
            lines.append(f"  {key}: {_text(data[key])}{_because(why, f'data.{key}')}")
    if data.get("mask"):
        lines.append(f"  mask: [{', '.join(data['mask'])}]{_because(why, 'data.mask')}")
    lines += [
        "must:",
        *(f"  - {line}" for line in _lines(known, task or known.get("task"))),
        "confidence: 95%",
        "budget: 10 min",
    ]
    return "\n".join(lines) + "\n"


def _lines(known: dict[str, Any], task: str | None) -> list[str]:
    """Lines about answers to that task which, flawless on the sealed quarter, could be proved at the first opening."""
    rows = int(known.get("rows", 0) * SEALED)
    delta = opening_delta(1, 0.05)
    reachable = next((t for t in (90, 85, 80, 70, 60, 50) if (flawless_rows(t / 100, delta) or 1) * 2 <= rows), None)
    metric = "exact_match" if task == "tag" else "accuracy"
    quality = [f"{metric} >= {reachable or 80}%"]
    if task == "regress":
        off = known.get("off")
        quality = [f"coverage >= {min(reachable or 80, 85)}%  # the interval holds the truth this often"]
        if off is not None:
            quality.insert(0, f"mae <= {_up(off)}  # what always answering the median is off by, or less")
    note = "" if reachable or not rows else f"  # {rows} sealed rows are few: zhinan check says how many it takes"
    return [quality[0] + note, *quality[1:], "latency_p95 <= 50 ms", "size <= 100 MB"]


def _up(number: float) -> str:
    """A number above 0 rounded up to two digits, written plainly."""
    if not number > 0:
        return "1"
    step = 10.0 ** (math.floor(math.log10(number)) - 1)
    return f"{math.ceil(number / step - 1e-9) * step:.10f}".rstrip("0").rstrip(".")


def _product(name: str) -> str:
    """A name that a contract may have, from that of a file or folder."""
    return re.sub(r"[^\w.-]+", "-", name)[:64].strip("-.") or "product"


def _because(why: dict[str, Any], key: str) -> str:
    reason = why.get(key)
    if reason is None:
        return ""
    return f"  # {' '.join(getattr(reason, 'en', str(reason)).split())}"


def _text(value: object) -> str:
    plain = str(value)
    safe = plain[:1].isalpha() and plain.replace("_", "a").replace("-", "a").replace(".", "a").isalnum()
    words = {"true", "false", "null", "yes", "no", "on", "off"}
    return plain if safe and plain.lower() not in words else json.dumps(plain, ensure_ascii=False)
