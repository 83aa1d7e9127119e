"""Prints what happened to the sealed set and to the contract: openings, an override, and what an edit changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhinan.cli import show

__all__ = ["changes", "ledger", "override", "sealed"]

MANY = 100
"""Openings left beyond which their number says nothing."""

CHANGES = {"added": "新增", "tightened": "收紧", "loosened": "放宽", "removed": "移除"}


def changes(diff: Sequence[Mapping[str, Any]], zh: bool) -> None:
    """What became of each line that was edited since the latest version: `tightened: accuracy >= 90% → 92%`."""
    for change in diff:
        if change["change"] == "same":
            continue
        word = CHANGES[change["change"]] if zh else change["change"]
        moved = change["was"] is not None and change["was"] != change["line"]
        text = f"{change['was']} → {_target(change['line'])}" if moved else change["line"]
        show.console().print(f"{word}{'：' if zh else ': '}{text}", markup=False, soft_wrap=True)


def override(ledger: Mapping[str, Any], zh: bool) -> None:
    """That the sealed set was opened outside the ledger, by whom and why, and what that leaves to be said."""
    said = ledger.get("override")
    if said is None:
        return
    text = (
        f"账本之外：{said['who']} 以“{said['reason']}”为由再次开启了已用尽的封存集。界限只对首次开启成立，"
        "此次没有任何条款得到证明。"
        if zh
        else f"outside the ledger: {said['who']} had the spent sealed set opened once more: {said['reason']}\n"
        "a bound holds for a first look; nothing is proved by this one"
    )
    show.console().print(text, style="yellow", markup=False, soft_wrap=True)


def ledger(told: Mapping[str, Any], zh: bool) -> None:
    """The openings so far, a row each, and what is left."""
    if told["openings"]:
        heads = ("次", "δ", "时间", "结论", "条款") if zh else ("opening", "δ", "at", "outcome", "lines")
        rows = [
            (
                f"{row['t']}{'*' if row['override'] else ''}", f"{row['delta']:.3g}", row["at"][:16].replace("T", " "),
                _outcome(row, zh), ", ".join(row["lines"]) or ("逐条到来的新标注" if zh else "labels as they came"),
            )
            for row in told["openings"]
        ]  # fmt: skip
        show.rows(heads, rows)
        if any(row["override"] for row in told["openings"]):
            show.console().print("* 账本之外" if zh else "* outside the ledger", style="dim")
    sealed(told, zh)


def sealed(told: Mapping[str, Any], zh: bool) -> None:
    """How often the sealed set may still be opened, and at what error next."""
    left = told["left"]
    if left is None:
        text = "封存集尚未开启" if zh else "the sealed set was never opened"
    elif left == 0:
        text = (
            "封存集已用尽：新标注的测试样本可更新它（zhinan label，或在 data.test 中加入新样本）"
            if zh
            else "the sealed set is used up: freshly labelled test rows renew it (zhinan label, or more data.test)"
        )
    else:
        often = f"more than {MANY} times" if left > MANY else f"{left} more {'time' if left == 1 else 'times'}"
        times = f"{MANY} 次以上" if left > MANY else f"{left} 次"
        text = f"封存集还可开启 {times}" if zh else f"the sealed set can be opened {often}"
        if told.get("delta") is not None:
            text += f"（下一次 δ = {told['delta']:.3g}）" if zh else f" (the next one at δ = {told['delta']:.3g})"
        if told.get("rows", 0) < told.get("of", 0):
            text += f"，用 {told['rows']:,} 条新样本" if zh else f", on the {told['rows']:,} fresh rows"
    show.console().print(text, markup=False, soft_wrap=True)


def _target(line: str) -> str:
    for op in (" >= ", " <= "):
        if op in line:
            return line.rpartition(op)[2]
    return line


def _outcome(row: Mapping[str, Any], zh: bool) -> str:
    if row["outcome"] is None:
        return "–"
    return show.WORD[row["outcome"]] if zh else str(row["outcome"])
