"""Prints results for people: tables on a terminal, in English or 中文."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhinan.contract import parse_line
from zhinan.contract.units import UNITS
from zhinan.evaluate.figures import told_in

if TYPE_CHECKING:
    from rich.console import Console

    from zhinan.contract import Contract
    from zhinan.engine import Build

__all__ = ["amount", "build", "console", "facts", "labels", "next_command", "rows", "verdicts"]

COLOUR = {"PROVED": "green", "REFUTED": "red", "UNDECIDED": "yellow"}
STEPS = {
    "clean labels": "清理标签", "more data": "更多数据", "larger recipe": "更大的配方", "relax": "放宽条款",
    "label test rows": "标注检验样本",
}  # fmt: skip
WORD = {"PROVED": "达标", "REFUTED": "不达标", "UNDECIDED": "证据不足"}


def console() -> Console:
    """Standard output, as wide as the terminal and never narrower than a table needs in a pipe."""
    from rich.console import Console

    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=120)


def amount(line: str, value: float | None, target: str = "") -> str:
    """A measured value or bound in the unit of its line: 93.4 %, 12.1 ms. Args: target: the unit of the target."""
    if value is None:
        return "–"
    parsed = parse_line(line)
    unit = parsed.unit
    number = value / float(UNITS[unit].factor)
    if not unit:
        text = f"{number:.3g}" if abs(number) < 1000 else f"{number:,.0f}"
        return f"{text} {told_in(parsed, target)}".rstrip()
    if 0 < abs(number) < 0.1 and unit not in ("%", "pt"):
        return f"{number:.2g} {unit}".strip()
    return f"{number:.1f} {unit}".strip() if abs(number) < 1000 else f"{number:,.0f} {unit}".strip()


ON = {"dev": (" on dev", "（开发集）"), "production": (" in use", "（线上）")}
"""Where a verdict comes from, when that is not the sealed set or a measurement of the build."""


def verdicts(rows: Sequence[Mapping[str, Any]], confidence: float, zh: bool, unit: str = "") -> None:
    """The table of verdicts, the most important thing Zhinan prints. Args: unit: that of a target of numbers."""
    from rich.markup import escape
    from rich.table import Table

    heads = (
        ("合同条款", "结论", "测得", "界限", "n", "还需")
        if zh
        else ("must", "verdict", "value", "bound", "n", "to decide")
    )
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place in (2, 3, 4) else "left", no_wrap=place != 5)
    for row in rows:
        word = f"{WORD[row['verdict']]}" if zh else row["verdict"]
        on = ON.get(row["on"], ("", ""))[zh]
        table.add_row(
            escape(row["line"]),
            f"[{COLOUR[row['verdict']]}]{word}[/]{on}",
            amount(row["line"], row["value"], unit),
            amount(row["line"], row["bound"], unit),
            f"{row['n']:,}",
            _to_decide(row["to_decide"], zh),
        )
    out = console()
    out.print(table)
    out.print(
        f"[dim]{'置信度' if zh else 'at'} {confidence:.4g}[/]" if zh else f"[dim]at {confidence:.4g} confidence[/]"
    )
    late = sum(row["on"] == "production" for row in rows)
    if late:
        them = "it" if late == 1 else "them"
        out.print(
            f"[dim]{late} 条由 zhinan status 依据线上事件判定，不影响上线[/]"
            if zh
            else f"[dim]{late} judged by zhinan status from what people do; going live does not wait for {them}[/]"
        )


def _interval(given: Mapping[str, Any], zh: bool) -> str:
    """How often the interval held the truth of sealed rows, and what that proves."""
    value, n, bound = f"{given['value']:.1%}", f"{given['n']:,}", given["bound"]
    if bound is None:
        return (
            f"区间包含真值：{value}（{n} 条，太少）"
            if zh
            else f"interval: held the truth {value} of {n}, too few to prove"
        )
    least = f"{math.floor(bound * 1000) / 10:.1f}%"
    if zh:
        return f"区间包含真值：{n} 条中 {value}，可证明至少 {least}（δ = {given['delta']:.4g}）"
    return f"interval: held the truth {value} of {n}, proved at least {least} (δ = {given['delta']:.4g})"


def _lacks(given: Mapping[str, Any], zh: bool) -> str:
    """Why every interval is as wide as can be."""
    if zh:
        return (
            f"每个区间都宽到极限：目标 {given['level']:.1%} 需要 {given['need']:,} 个独立样本（同一人的行只算一个），"
            f"开发集只有 {given['have']:,} 个；可写 train.folds"
        )
    return (
        f"each interval is as wide as can be: at {given['level']:.1%} it takes {given['need']:,} independent examples"
        f" (rows of one person are one), and dev has {given['have']:,}; train.folds reads it from more"
    )


def _widths(found: Sequence[Mapping[str, Any]], unit: str, zh: bool) -> list[str]:
    """What each line about coverage costs: how wide the interval is with it, and how wide it would be without."""
    usual, *others = found or [{}]
    said = []
    for one in others:
        width, less = (f"{each['width']:.4g}{unit and f' {unit}'}" for each in (one, usual))
        level, least = (f"{each['level']:.1%}" for each in (one, usual))
        said.append(
            f"{one['line']}：区间目标定为 {level} 才能证明，平均宽 {width}；没有该条款时为 {least}，宽 {less}"
            if zh
            else f"{one['line']}: the interval is aimed at {level} to prove it, {width} wide on average;"
            f" without the line, at {least}, {less}"
        )
    return said


def build(built: Build, contract: Contract, zh: bool) -> None:
    """What a build gave and what to type next."""
    from rich.markup import escape

    from zhinan.cli.ledger import MANY, changes, override

    changes(built.diff, zh)
    verdicts(built.verdicts, contract.confidence, zh, built.unit)
    override(built.ledger, zh)
    out = console()
    if built.interval:
        out.print(_interval(built.interval, zh))
        if lacks := built.interval.get("lacks"):
            _say(_lacks(lacks, zh))
    for text in _widths(built.widths, built.unit, zh):
        _say(text)
    chosen = next((r for r in built.recipes if r["chosen"]), None)
    if chosen:
        out.print(f"\n{'配方' if zh else 'recipe'}: {chosen['recipe']} ({chosen['encoder']})")
        if chosen["alone"]:
            what = "未用开发集重新训练" if zh else "not trained on dev as well"
            out.print(f"[dim]{what}: {escape(chosen['alone'])}[/]")
    for recipe in built.recipes:
        if recipe["skipped"]:
            out.print(f"[dim]{'跳过' if zh else 'skipped'} {recipe['encoder']}: {escape(recipe['skipped'])}[/]")
    opening, left = built.ledger["opening"], built.ledger["left"]
    times = (f"{MANY} 次以上" if left > MANY else f"{left} 次") if zh else f"more than {MANY}" if left > MANY else left
    if opening:
        of = f"of the sealed set ({times} left)" if left > MANY else f"of {opening + left} of the sealed set"
        text = f"封存集第 {opening} 次开启，还可开启 {times}" if zh else f"opening {opening} {of}"
    else:
        text = f"封存集未开启，还可开启 {times}" if zh else f"the sealed set stayed closed ({times} openings left)"
    out.print(text)
    for place, step in enumerate(built.offer["next"] if built.offer else (), 1):
        _say(f"{place}. {_step(step, zh)}")
    out.print(
        f"\n{WORD[built.outcome] if zh else built.outcome} · @{built.version} {built.stage} · {built.seconds:.0f} s"
    )
    out.print(f"{'报告' if zh else 'report'}: {built.report}", soft_wrap=True, markup=False)
    out.print(f"{'下一步' if zh else 'next'}: {next_command(built, contract.path)}", soft_wrap=True, markup=False)


def next_command(built: Build, product: Path) -> str:
    """What one would type next: serve what is live, label where labels would decide, else look at the report.

    Args: product: its file, which is named where it is not the one that commands look for.
    """
    here = product.resolve() == Path("product.yaml").resolve()
    named = "" if here else f" {shlex.quote(str(product))}"
    if built.stage == "live":
        return f"zhinan serve{named}"
    if built.outcome == "PROVED":
        return f"zhinan promote{named} @{built.version}"
    wanted = {step["do"] for step in built.offer["next"]} if built.offer else set()
    labels = built.data.get("unlabeled") and wanted & {"label test rows", "more data", "clean labels"}
    return f"zhinan label{named}" if labels else f"zhinan report @{built.version}{named and f' --contract{named}'}"


def _step(step: Mapping[str, Any], zh: bool) -> str:
    """One way forward with what it is likely to gain."""
    from zhinan.evaluate.figures import amount as figure

    gain, unit = step["gain"], step["unit"]
    shown = ""
    if gain is not None:
        low, high = (figure(gain[end], unit) for end in ("low", "high"))
        shown = f" (+{low} – {high})" if gain["low"] >= 0 else f" ({low} – {high})"
    name = STEPS[step["do"]] if zh else step["do"]
    return f"{name}{shown}: {step['evidence']['zh' if zh else 'en']}"


def facts(pairs: Mapping[str, Any]) -> None:
    """Names and values, a line each."""
    out = console()
    width = max(map(len, pairs), default=0)
    for name, value in pairs.items():
        out.print(f"[dim]{name:<{width}}[/]  ", end="")
        out.print(str(value), markup=False, soft_wrap=True)


def rows(heads: Sequence[str], found: Sequence[Sequence[Any]]) -> None:
    """A plain table."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(head)
    for row in found:
        table.add_row(*(escape(str(cell)) for cell in row))
    console().print(table)


MORE = {"examples": "条样本", "people": "位用户", "minutes": "分钟流量"}


def _to_decide(wanted: Mapping[str, int] | None, zh: bool) -> str:
    if not wanted:
        return ""
    (kind, count), *_ = wanted.items()
    if zh:
        return f"再 {count:,} {MORE.get(kind, '次请求')}"
    return f"{count:,} more {kind}"


def labels(result: Mapping[str, Any], zh: bool) -> None:
    """What labelling gave: how many, how far people agree, and what fresh labels prove."""
    counts = result["labelled"]
    if any(counts.values()):
        words = ("新增", "更改", "重复") if zh else ("new", "changed", "repeat")
        _say("  ".join(f"{word} {counts[key]:,}" for word, key in zip(words, counts, strict=True)))
    agreed = result["agreement"]
    if agreed:
        alpha = "" if agreed["alpha"] is None else f", alpha {agreed['alpha']:.2f}"
        text = f"{agreed['share']:.0%} · {agreed['rows']:,}{alpha}"
        _say(f"{'一致率' if zh else 'agreement'} {text}")
    for line in (result["fresh"] or {}).get("lines", ()):
        _say(_progress(line, zh))
    for line in (result["fresh"] or {}).get("needs_opening", ()):
        _say(f"{line}  " + ("由下一次 zhinan build 判定" if zh else "is decided by the next zhinan build"))
    if result["outcome"]:
        verdicts(result["verdicts"], result["confidence"], zh)


def _progress(line: Mapping[str, Any], zh: bool) -> str:
    share = "–" if line["value"] is None else f"{line['value']:.1%}"
    evidence = f"{line['evidence']:,.3g} / {line['needed']:,.0f}"
    shown = f"{line['line']}  n={line['n']:,}  {share}  {'证据' if zh else 'evidence'} {evidence}  {line['verdict']}"
    if line["verdict"] == "UNDECIDED" and line["more"]:
        shown += f"  ({'约还需' if zh else 'about'} {line['more']:,}{' 条' if zh else ' more'})"
    return shown


def _say(text: str) -> None:
    """A line as it is: names in brackets are no markup."""
    console().print(text, markup=False, highlight=False, soft_wrap=True)
