"""`predict`: answers one row, or a file of them, and counts the rows of a file that have no answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhinan.cli.options import Asked, example, with_options
from zhinan.cli.progress import told
from zhinan.cli.run import USER

if TYPE_CHECKING:
    from zhinan.package import Version

__all__ = ["predict"]

SHOWN = 3
"""Rows without an answer that are told on standard error; the output has them all."""


@click.command(epilog=example('zhinan predict @live message="卡丢了"'))
@click.argument("version")
@click.argument("values", nargs=-1, metavar="[COLUMN=VALUE]...")
@click.option("--input", "source", help="A file of rows, or - for JSON lines.")
@click.option("--output", "target", default="-", show_default=True, help=".csv, .tsv, .jsonl, or -.")
@click.option("--strict", is_flag=True, help="End at the first row that cannot be answered, and write nothing.")
@click.option("--probabilities", is_flag=True, help="The probability of every label (one row).")
@click.option("--contract", "product", type=click.Path(path_type=Path), default=Path("product.yaml"))
@with_options
def predict(
    asked: Asked,
    version: str,
    values: tuple[str, ...],
    source: str | None,
    target: str,
    strict: bool,
    probabilities: bool,
    product: Path,
) -> int:
    """Answer one row, or a file of them in its order; exit 3 when a row of the file has an error for an answer."""
    from zhinan.cli.running import find_place
    from zhinan.core import UserError, Words
    from zhinan.package import open_version

    if source is not None and values:
        what = Words("give either --input or COLUMN=VALUE", "--input 与 列=值 只能给一种")
        raise UserError("E317", what=what, command="zhinan predict")
    opened = open_version(find_place(asked, version, product), threads=1)
    if source is not None:
        return _predict_file(asked, opened, source, target, strict)
    row = {}
    for text in values:
        column, equals, value = text.partition("=")
        if not equals:
            raise UserError("E315", "predict", text=text)
        row[column] = value
    answer = opened.predict([row], probabilities=probabilities)[0]
    _note(asked, opened.notes([row], opened.check([row])))
    asked.answer(answer, lambda: _say(answer, asked.zh))
    return 0


def _with(notes: Mapping[str, Any]) -> dict[str, Any]:
    return {"notes": dict(notes)} if notes else {}


def _note(asked: Asked, notes: Mapping[str, Any]) -> None:
    """What was answered although it did not quite fit, on standard error."""
    text = "{0}：{1:,} 行的取值不为该版本所知" if asked.zh else "{0}: {1:,} rows with a value the version does not know"
    said = [text.format(*one) for one in notes.get("unknown_values", {}).items()]
    if ignored := notes.get("ignored_columns"):
        said.append(f"忽略了 {ignored} 个非输入列" if asked.zh else f"{ignored} other columns were not looked at")
    for name, sign in notes.get("decimal_signs", {}).items():
        zh, en = (
            f"{name}：文件中的小数点写作“{sign}”，已按此读取",
            f"{name}: read with the decimal sign '{sign}' that the file shows",
        )
        said.append(zh if asked.zh else en)
    for name in notes.get("doubted_signs", ()):
        zh = f"{name}：每个数的分隔符后都是三位数字，可能是千位分隔，请核对文件"
        en = f"{name}: three digits stand behind the sign in each number, which may be thousands: look at the file"
        said.append(zh if asked.zh else en)
    for text in said if not asked.quiet else ():
        click.secho(text, fg="yellow", err=True)


def _say(answer: Mapping[str, Any], zh: bool) -> None:
    """The answer with its probability, whether a person has to look, the set, then each label's probability.

    Of a number the interval stands behind it. Of several labels each has a line of its own.
    """
    if "value" in answer:
        unit = f" {answer['unit']}" if "unit" in answer else ""
        click.echo(f"{answer['value']:.6g}{unit}  [{answer['low']:.6g}, {answer['high']:.6g}]")
        return
    if "label" not in answer:
        said = [f"{label}  {answer['probabilities'][label]:.3f}" for label in answer["labels"]]
        rest = [f"  {label}  {p:.3f}" for label, p in answer["probabilities"].items() if label not in answer["labels"]]
        click.echo("\n".join([*(said or ["没有标签" if zh else "no label"]), *rest]))
        return
    text = f"{answer['label']}  {answer['probability']:.3f}"
    if answer.get("handover"):
        text += "  转人工" if zh else "  handed to a person"
    if "labels" in answer:
        text += f"  {{{', '.join(answer['labels'])}}}"
    click.echo(text)
    for label, probability in answer.get("probabilities", {}).items():
        click.echo(f"  {label}  {probability:.3f}")


def _predict_file(asked: Asked, opened: Version, source: str, target: str, strict: bool) -> int:
    from zhinan.engine.batch import predict_file, predict_rows

    notes: dict[str, Any] = {}
    with told(asked.quiet or target == "-", asked.zh) as tell:

        def progress(done: int, total: int) -> None:
            tell("predict", done, total)

        how = (progress, notes.update, strict, asked.lang)
        if target == "-" and asked.json:
            answers = predict_rows(opened, source, *how)
        else:
            answers = predict_file(opened, source, target, *how)
    errors = [answer["error"] for answer in answers if "error" in answer]
    counts = {"rows": len(answers), "errors": len(errors)}
    if target != "-":
        shown = f"{len(answers) - len(errors):,} → {target}"
        asked.answer({**counts, "output": target, **_with(notes)}, lambda: click.echo(shown))
    elif asked.json:
        asked.answer({**counts, "outputs": answers, **_with(notes)}, lambda: None)
    if not asked.json:
        _note(asked, notes)
    _unanswered(asked, errors, len(answers))
    return USER if errors else 0


def _unanswered(asked: Asked, errors: Sequence[Mapping[str, Any]], rows: int) -> None:
    """Which rows have an error for an answer, on standard error: how many, of which columns, and the first."""
    if not errors:
        return
    of = Counter(str(error.get("column", "无法读取" if asked.zh else "unreadable")) for error in errors)
    columns = (", ".join if not asked.zh else "、".join)(f"{name} {n:,}" for name, n in of.most_common())
    text = (
        f"{rows:,} 行中有 {len(errors):,} 行没有回答（{columns}）；输出中相应位置是 error"
        if asked.zh
        else f"{len(errors):,} of {rows:,} rows have no answer ({columns}); their place in the output holds the error"
    )
    click.secho(text, fg="yellow", err=True)
    for error in errors[:SHOWN]:
        click.echo(f"  {error['where']}  {error['what']}", err=True)
