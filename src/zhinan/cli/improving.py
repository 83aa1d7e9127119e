"""`improve`: a challenger from what users taught, promoted by proof or kept; once, or whenever enough was said."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhinan.cli.options import Asked, Seconds, example, with_options
from zhinan.cli.progress import told
from zhinan.cli.watching import passes

if TYPE_CHECKING:
    from zhinan.contract import Contract

__all__ = ["improve"]

WORD = {"promoted": "已上线", "kept": "保留现任", "nothing new": "没有新内容"}
SHOWN = 5
LONGEST_PAUSE = 3_600.0
"""Seconds between two tries when one after the other fails: each waits twice as long as the one before."""


@click.command(epilog=example("zhinan improve --watch"))
@click.argument("product", type=click.Path(path_type=Path), default=Path("product.yaml"))
@click.option("--budget", help="Wall clock for a challenger, such as 10min; default: the contract's.")
@click.option("--watch", is_flag=True, help="Try whenever improve.events new words came; wait twice as long when kept.")
@click.option("--every", type=Seconds(0.1, 86_400), default=60.0, show_default=True, help="Seconds between two looks.")
@with_options
def improve(asked: Asked, product: Path, budget: str | None, watch: bool, every: float) -> int:
    """Learn from users: quarantine, a challenger, the paired proof against the live version, promote or keep."""
    from zhinan.cli.following import Following
    from zhinan.contract import duration

    follow = Following(asked, product)
    seconds = duration(budget, "--budget") if budget else None
    if not watch:
        _answer(asked, follow.contract, _learned(asked, follow.contract, seconds))
        return 0
    wanted, failed, known = follow.contract.improve.events, 0, dict[str, tuple[int, int, int]]()
    came = _waiting(asked, follow.contract, known)
    while True:
        if came >= wanted:
            decision = _tried(asked, follow.contract, seconds)
            failed = failed + 1 if decision is None else 0
            wanted = {"promoted": follow.contract.improve.events, "kept": 2 * wanted}.get(decision or "", wanted)
            sys.stdout.flush()
        time.sleep(min(every * 2 ** min(failed, 20), max(every, LONGEST_PAUSE)))
        if follow.look():  # other lines, classes or sources may let another challenger win
            wanted = follow.contract.improve.events
        came = _waiting_again(asked, follow.contract, known)


def _waiting_again(asked: Asked, contract: Contract, known: dict[str, tuple[int, int, int]]) -> int:
    """How many words wait now; none are known where the store cannot be asked for a moment."""
    try:
        return _waiting(asked, contract, known)
    except Exception as error:
        if not passes(error):
            raise
        return 0


def _waiting(asked: Asked, contract: Contract, known: dict[str, tuple[int, int, int]]) -> int:
    from zhinan.improve.improving import waiting
    from zhinan.store import Store

    with Store(asked.place(contract.path)) as store:
        return waiting(contract, store, known)


def _tried(asked: Asked, contract: Contract, seconds: float | None) -> str | None:
    """One try of many: its decision, "nothing new" where there was no time to make a challenger.

    None where something is wrong, such as a spent sealed set or a mistake of ours, which is said.
    """
    from zhinan.cli.run import complain
    from zhinan.core import UserError

    try:
        found = _learned(asked, contract, seconds)
    except UserError as error:
        complain(error, as_json=asked.json, lang=asked.lang)
        return None
    except Exception as error:
        if not passes(error):
            raise
        return None
    _answer(asked, contract, found)
    return "nothing new" if found["challenger"] is None else str(found["decision"])


def _learned(asked: Asked, contract: Contract, seconds: float | None) -> Mapping[str, Any]:
    from zhinan.improve.improving import improve as learn

    with told(asked.quiet, asked.zh) as tell:
        return learn(contract, asked.place(contract.path), budget=seconds, progress=tell).to_dict()


def _answer(asked: Asked, contract: Contract, found: Mapping[str, Any]) -> None:
    asked.answer(found, lambda: _show(found, contract.confidence, asked.zh))


def _show(found: Mapping[str, Any], confidence: float, zh: bool) -> None:
    from zhinan.cli import show

    lang = "zh" if zh else "en"
    heads: Sequence[str]
    taught = found["taught"]
    words = ("反馈", "用于学习") if zh else ("words", "taught")
    show.facts(dict(zip(words, (f"{taught['rows']:,}", f"{taught['used']:,}"), strict=True)))
    if taught["quarantined"]:
        from zhinan.improve.quarantine import REASONS

        heads = ("隔离", "原因") if zh else ("set aside", "because they")
        reasons = {name: getattr(REASONS[name], lang) for name in taught["quarantined"]}
        show.rows(heads, [(f"{count:,}", reasons[name]) for name, count in taught["quarantined"].items()])
    if judged := taught["judged"]:
        against, every, on_dev = f"{judged['against']:,}", f"{judged['words']:,}", f"{judged['on_dev']:.1%}"
        click.echo(
            f"{every} 条反馈中有 {against} 条与其他人的话及数据相悖；开发集中为 {on_dev}"
            if zh
            else f"{against} of {every} words go against all others' and the data; of dev's rows {on_dev} do"
        )
    if found["named"]:
        heads = ("请留意", "报告中的代号", "条数", "原因") if zh else ("look at", "in the report", "words", "why")
        named = found["named"][:SHOWN]
        show.rows(heads, [(one["person"], one["code"], f"{one['words']:,}", one["why"][lang]) for one in named])
    if found["verdicts"]:
        show.verdicts(found["verdicts"], confidence, zh)
    _changes(found, zh)
    if found["new_classes"]:
        heads = ("新类别", "封存行数", "答对") if zh else ("new class", "sealed rows", "found")
        shares = ["–" if one["found"] is None else f"{one['found']:.1%}" for one in found["new_classes"]]
        cells = [
            (one["class"], f"{one['n']:,}", share) for one, share in zip(found["new_classes"], shares, strict=True)
        ]
        show.rows(heads, cells)
    _proposals(found["proposals"], zh)
    for one in found["skipped"]:
        click.echo(f"{'时间不足' if zh else 'for lack of time'}: {one[lang]}")
    decision = WORD[found["decision"]] if zh else found["decision"]
    versions = f"@{found['champion']}" + (f" → @{found['challenger']}" if found["challenger"] else "")
    show.console().print(f"\n[bold]{versions} {decision}[/]: {found['why'][lang]} · {found['seconds']:.0f} s")


def _changes(found: Mapping[str, Any], zh: bool) -> None:
    """The paired proof, the slices that changed and a few rows that are answered otherwise."""
    from zhinan.cli import show

    heads: Sequence[str]
    paired = found["paired"]
    if paired:
        heads = ("比较", "改进", "界限", "n", "只有挑战者对", "只有现任对") if zh else (
            "compared by", "better by", "bound", "n", "only the challenger right", "only the champion")  # fmt: skip
        line, counts = paired["line"], [paired[key] for key in ("wins", "losses")]
        better = [show.amount(line, paired[key]) for key in ("value", "bound")]
        told = ["–" if count is None else f"{count:,}" for count in counts]
        show.rows(heads, [(line, *better, f"{paired['n']:,}", *told)])
    if found["slices"]:
        heads = ("开发集切片", "n", "之前", "之后") if zh else ("slice of dev", "n", "before", "after")
        cells = [(s["slice"], f"{s['n']:,}", f"{s['before']:.1%}", f"{s['after']:.1%}") for s in found["slices"]]
        show.rows(heads, cells[:SHOWN])
    if found["examples"]:
        heads = ("输入", "之前", "之后", "应为") if zh else ("input", "before", "after", "right")
        rows = [(_inputs(e["input"])[:70], e["before"], e["after"], e["right"]) for e in found["examples"][:SHOWN]]
        show.rows(heads, rows)


def _proposals(found: Sequence[Mapping[str, Any]], zh: bool) -> None:
    """Classes to think about, and how one is taken up."""
    from zhinan.cli import show

    if not found:
        return
    heads = ("可能的新类别", "条数", "依据", "特征词", "例") if zh else (
        "perhaps a new class", "rows", "by", "words", "such as")  # fmt: skip
    of = {"traffic": "流量" if zh else "traffic", "words": "反馈" if zh else "feedback"}
    rows = [
        (one["name"], f"{one['rows']:,}", of[one["by"]], " ".join(one["words"]),
         " / ".join(_inputs(example)[:40] for example in one["examples"][:2]))
        for one in found[:SHOWN]
    ]  # fmt: skip
    show.rows(heads, rows)
    how = f"improve: {{classes: [{found[0]['name']}]}}"
    click.echo(
        f"采纳：在合约中写入 {how}，然后 zhinan label --only new"
        if zh
        else f"to take one up: {how} in the contract, then zhinan label --only new"
    )


def _inputs(given: Mapping[str, Any] | None) -> str:
    return " · ".join(str(value) for value in (given or {}).values() if value is not None)
