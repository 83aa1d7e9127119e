"""What the audit page shows whoever checks: the self-report, the hashes, how to verify, and what no proof can show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhinan.evaluate.report_lines import Code, Said, words_of
from zhinan.evaluate.wording import TEXTS

__all__ = ["cannot", "hashes", "self_report", "verify"]

HASHES = ("contract", "data", "sealed", "draft")


def self_report(rows: Sequence[Mapping[str, Any]] | None) -> dict[str, Any] | None:
    """The ML Test Score's tests by group, each done or not and with its evidence; the weakest group is the score."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows or ():
        name = row.get("test")
        if test := words_of({"en": name, "zh": row.get("test_zh")} if isinstance(name, str) else name):
            told = {"test": test, "done": bool(row.get("done")), "evidence": words_of(row.get("evidence"))}
            groups.setdefault(str(row.get("group") or ""), []).append(told)
    if not groups:
        return None
    known = [row for told in groups.values() for row in told]
    done = {name: sum(1 for row in told if row["done"]) for name, told in groups.items()}
    weakest = min(groups, key=lambda name: done[name])
    tally: list[Said] = [("tests_done", {"done": sum(done.values()), "all": len(known)})]
    if len(groups) > 1:
        tally.append(("tests_weakest", {"done": done[weakest], "all": len(groups[weakest])}))
    shown = [{"name": _group(name), "rows": told, "done": f"{done[name]}/{len(told)}"} for name, told in groups.items()]
    return {"groups": shown, "tally": tally}


def _group(name: str) -> Said | None:
    if not name:
        return None
    return (f"tests_{name}", {}) if f"tests_{name}" in TEXTS else ("said", {"text": name})


def hashes(facts: Mapping[str, Any], build: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the report is about; the data's and the sealed set's are also known from elsewhere in the facts."""
    given = dict(facts.get("hashes") or {})
    given["data"] = given.get("data") or (build.get("data") or {}).get("fingerprint")
    given["sealed"] = given.get("sealed") or (facts.get("commitment") or {}).get("root")
    return [(f"hash_{name}", str(given[name])) for name in HASHES if given.get(name)]


def verify(facts: Mapping[str, Any], build: Mapping[str, Any], version: Any) -> list[Code]:
    """The commands that check this version, in the order to run them; none for one that was not sealed."""
    if version is None:
        return []
    place = str(build.get("path") or f"@{version}")
    found = [Code(f"zhinan verify {place}")]
    if facts.get("commitment"):
        found.append(Code(f"python tools/verify_proof.py {place}"))
    return found


def cannot(verdicts: Sequence[Mapping[str, Any]]) -> list[Said]:
    """What a reader must take on trust, whatever the verifier says."""
    found: list[Said] = [("cannot_labels", {}), ("cannot_origin", {}), ("cannot_outside", {})]
    if any(v["on"] == "measured" for v in verdicts):
        found.append(("cannot_time", {}))
    return [*found, ("cannot_bootstrap", {})]
