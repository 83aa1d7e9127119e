"""`zhinan explain`: what spoke for an answer and what against it, in colour and with signs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhinan.cli.options import Asked, example, with_options

if TYPE_CHECKING:
    from rich.text import Text

    from zhinan.evaluate.explain import Explanation, NumberExplanation, Part
    from zhinan.package import Version

__all__ = ["explain"]

WIDTH = 20
"""Characters of the longest bar."""

METHODS = {
    "linear": ("exact: the weights add up to the log odds", "精确：各权重之和即为对数几率"),
    "trees": (
        "exact Shapley values of the trees: they add up to the log odds",
        "树模型的精确 Shapley 值：各权重之和即为对数几率",
    ),
    "linear + trees": (
        "exact: linear weights and Shapley values of the trees add up to the log odds",
        "精确：线性权重与树模型的 Shapley 值之和即为对数几率",
    ),
    "occlusion": ("estimated by leaving pieces out", "估计：逐一遮去片段"),
    "linear + occlusion": (
        "exact for n-grams and columns, the encoder estimated by leaving pieces out",
        "n-gram 与表格列精确，编码器部分为逐一遮去片段的估计",
    ),
}
NUMBER_METHODS = {
    "linear": ("exact: base and weights add up to the number", "精确：基准与各权重之和即为该数值"),
    "trees": (
        "exact Shapley values of the trees: with the base they add up to the number",
        "树模型的精确 Shapley 值：与基准之和即为该数值",
    ),
    "linear + trees": (
        "exact: base, linear weights and Shapley values of the trees add up to the number",
        "精确：基准、线性权重与树模型的 Shapley 值之和即为该数值",
    ),
}


@click.command(epilog=example('zhinan explain @live message="卡丢了"'))
@click.argument("version")
@click.argument("values", nargs=-1, metavar="[COLUMN=VALUE]...")
@click.option("--input", "source", help="A file of rows, or - for JSON lines.")
@click.option("--against", metavar="LABEL", help="The label to compare the answer with; default: the runner-up.")
@click.option("--label", metavar="LABEL", help="The label to explain; default: the answer.")
@click.option("--top", default=12, show_default=True, type=click.IntRange(min=1), help="Pieces shown of a row.")
@click.option("--contract", "product", type=click.Path(path_type=Path), default=Path("product.yaml"))
@with_options
def explain(
    asked: Asked,
    version: str,
    values: tuple[str, ...],
    source: str | None,
    against: str | None,
    label: str | None,
    top: int,
    product: Path,
) -> int:
    """Why it answers so: what each word or column says for the answer, against another label."""
    from zhinan.cli.running import find_place
    from zhinan.engine.batch import read_rows
    from zhinan.evaluate.explain import explain as look
    from zhinan.package import open_version

    given = _rows(values, source)
    opened: Version = open_version(find_place(asked, version, product))
    rows = read_rows(source) if source is not None else given
    found = look(opened, rows, against=against, label=label, top=top)
    shown = {"rows": len(found), "explanations": [one.to_dict() for one in found]}
    asked.answer(shown, lambda: _show(found, asked.zh))
    return 0


def _rows(values: tuple[str, ...], source: str | None) -> list[dict[str, str]]:
    from zhinan.core import UserError, Words

    if (source is None) == (not values):
        what = Words("give either --input or COLUMN=VALUE", "请给出 --input 或 列=值 中的一种")
        raise UserError("E317", what=what, command="zhinan explain")
    row = {}
    for text in values:
        column, equals, value = text.partition("=")
        if not equals:
            raise UserError("E315", "explain", text=text)
        row[column] = value
    return [row]


def _show(found: Sequence[Explanation | NumberExplanation], zh: bool) -> None:
    from zhinan.cli.show import console

    out = console()
    for place, one in enumerate(found):
        if place:
            out.print()
        for text in _lines(one, zh):
            out.print(text, soft_wrap=True)


def _lines(one: Explanation | NumberExplanation, zh: bool) -> list[Text]:
    """One row as a person reads it: the answer, the text in colour, then the pieces by what they count."""
    from rich.text import Text

    from zhinan.evaluate.explain import Explanation

    labels = "probability" in one.__dict__
    head = _head(one, zh)
    lines = [head, *(_painted(name, str(value), one.parts) for name, value in one.row.items() if value is not None)]
    ordered = sorted(one.parts, key=lambda part: -abs(part.weight))
    width = max((abs(part.weight) for part in ordered), default=0.0)
    least = 0.005 if labels else 0.005 * width
    for part in ordered:
        if abs(part.weight) >= least:
            lines.append(_bar(part, width))
    told = [("基准" if zh else "base", one.base), ("其余" if zh else "the rest", one.rest)]
    told.append(("共同作用" if zh else "together only", one.unexplained))
    for name, weight in told:
        if abs(weight) >= least:
            lines.append(Text(f"{_weight(weight)}  {name}", "dim"))
    for place, reason in enumerate(one.reasons() if isinstance(one, Explanation) else (), 1):
        lines.append(Text(f"  {place}. {reason.words().zh if zh else reason.words().en}", "default"))
    lines.append(Text((METHODS if labels else {**METHODS, **NUMBER_METHODS})[one.method][zh], "dim"))
    if one.shared:
        both = f"{one.shared} hashed features hold several n-grams of this text; their weight is shared out evenly"
        lines.append(Text(f"{one.shared} 个散列特征含有多个 n-gram，权重已平分" if zh else both, "dim"))
    return lines


def _head(one: Explanation | NumberExplanation, zh: bool) -> Text:
    """The answer and what it is compared with; of a number its interval and in what its parts are."""
    from rich.text import Text

    from zhinan.evaluate.explain import Explanation

    head = Text()
    if isinstance(one, Explanation):
        head.append(one.answer, "bold").append(f" {one.probability:.3f}  ")
        if one.against:
            head.append("对比 " if zh else "against ", "dim").append(one.against)
        else:
            head.append("有此标签与没有相比" if zh else "having this label against not having it", "dim")
        return head.append(f"  {one.difference:+.2f} " + ("对数几率" if zh else "log odds"), "dim")
    head.append(f"{one.value:.6g}{one.unit and f' {one.unit}'}", "bold").append(f"  [{one.low:.6g}, {one.high:.6g}]")
    if one.scale == "log":
        head.append("  各部分为对数，相加后取指数" if zh else "  parts are logarithms: they multiply", "dim")
    return head


def _weight(weight: float) -> str:
    """Two decimals, or as many digits as a large or small number needs."""
    return f"{weight:+7.2f}" if 0.005 <= abs(weight) < 10_000 or not weight else f"{weight:+.3g}"


def _painted(column: str, value: str, parts: tuple[Part, ...]) -> Text:
    """A column with the pieces that count in the colour of their sign."""
    from rich.text import Text

    painted = Text(f"{column}: ", "dim")
    start = len(painted)
    painted.append(value, "default")
    for part in parts:
        if part.column == column and part.start is not None and part.end is not None and abs(part.weight) >= 0.005:
            length = len(part.text.rstrip())
            painted.stylize(_colour(part.weight), start + part.start, start + part.start + length)
    return painted


def _bar(part: Part, width: float) -> Text:
    from rich.text import Text

    name = part.text.strip() if part.start is not None else f"{part.column}={part.text}"
    length = round(WIDTH * abs(part.weight) / width) if width else 0
    line = Text(f"{_weight(part.weight)}  ", _colour(part.weight))
    return line.append("█" * max(length, 1), _colour(part.weight)).append(f" {name}", "default")


def _colour(weight: float) -> Any:
    return "green" if weight > 0 else "red"
