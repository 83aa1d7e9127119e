"""Gives a must line its meaning: which metric it names, on what part, in which unit, and whether that can be asked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin

from zhinan.contract.durations import duration
from zhinan.contract.frozen import FrozenMap
from zhinan.contract.grammar import (
    Argument,
    Quantity,
    Reference,
    Sentence,
    Spot,
    parse_sentence,
    quoted,
    render_part,
    render_text,
)  # fmt: skip
from zhinan.contract.tree import shown
from zhinan.contract.types import Line, Part
from zhinan.contract.units import UNITS, siblings, written
from zhinan.core import Duration, UserError, Words, entries, find, suggest
from zhinan.core.registry import Parameter, Registered

__all__ = ["DISTURBANCES", "in_use", "parse_line", "read_line"]

DISTURBANCES: Mapping[str, str] = MappingProxyType(
    {"typos": "错别字", "case": "大小写", "truncation": "截断", "noise": "噪声", "missing": "缺失"}
)
"""What may stand behind `under`, with its alias in 中文; evaluate/disturb.py says what each does to a row."""

RESERVED = frozenset({"part", "k"})
"""Options of a metric that a line gives by `[part]` and `@k`, never by name."""


def parse_line(text: str, where: str = "") -> Line:
    """One must line, checked against the registered metrics.

    Args:
        text: such as "recall[refund] >= 85%".
        where: what messages name; when it ends in line:col, they point into the line.
    Raises:
        UserError: E004, E019–E025, E027–E029, E052, E535, E536, E541–E544, E901, E902.
    """
    ends = re.fullmatch(r"(.*:\d+:)(\d+)", where)
    spot: Spot = (lambda offset: f"{ends[1]}{int(ends[2]) + offset}") if ends else (lambda offset: where)
    return read_line(text, spot, where)


def read_line(text: str, spot: Spot, where: str) -> Line:
    """As `parse_line`, with a function that says where each character of the text is."""
    sentence = parse_sentence(text, spot)
    subject = sentence.subject
    entry = _metric(subject, spot)
    part = _part(entry, subject, spot)
    args, shown_args = _arguments(entry, sentence, spot)
    if sentence.op != (needed := "<=" if entry.facts.get("better") == "lower" else ">="):
        raise UserError("E024", spot(sentence.op_at), metric=entry.name, op=sentence.op, needed=needed)
    relative = sentence.target.relative
    number, unit = (_compared if relative else _quantity)(entry, _unit(entry, args), sentence.target, spot)
    if _of_use(entry):
        _sound(entry, args, (relative, float(number * UNITS[unit].factor)), sentence, spot)
    cutoff = "" if subject.k is None else f"@{subject.k}"
    head = f"{entry.name}{cutoff}{render_part(part)}"
    return Line(
        text=f"{head}{shown_args} {sentence.op} {_rendered(number, unit, relative)}",
        metric=entry.name,
        k=subject.k,
        part=part,
        args=FrozenMap(args),
        op="<=" if sentence.op == "<=" else ">=",
        target=float(number * UNITS[unit].factor),
        unit=unit,
        where=where,
        relative=relative,
    )


def in_use(line: Line) -> bool:
    """Whether a line is about what people do once they use the product, which no test before launch can tell."""
    return _of_use(entries("metric")[line.metric])


def _of_use(entry: Registered) -> bool:
    return entry.facts.get("family") == "business"


def _metric(reference: Reference, spot: Spot) -> Registered:
    at = spot(reference.name_at)
    if len(reference.name) > 80:
        known = entries("metric")
        raise UserError("E019", at, kind="metric", name=shown(reference.name), suggestion=suggest("", known))
    entry = find("metric", reference.name, at)
    if reference.k is not None and not entry.facts.get("at_k", False):
        allowed = [name for name, other in entries("metric").items() if other.facts.get("at_k")]
        raise UserError("E028", spot(reference.k_at), metric=entry.name, k=reference.k, choices=_choices(allowed))
    return entry


def _part(entry: Registered, reference: Reference, spot: Spot) -> Part | None:
    """The part a metric is asked of, its disturbance by the name in English."""
    part, at = reference.part, spot(reference.part_at)
    if part is None:
        return None
    if entry.facts.get("family", "quality") != "quality":
        raise UserError("E027", at, metric=entry.name, part=render_part(part), choices=_choices([]))
    if part.label is not None and not entry.facts.get("per_class", False):
        allowed = [f"{name}{render_part(Part(part.label))}" for name, other in entries("metric").items()
                   if other.facts.get("per_class")]  # fmt: skip
        raise UserError("E027", at, metric=entry.name, part=f"[{render_text(part.label)}]", choices=_choices(allowed))
    if part.under is None or part.under in DISTURBANCES:
        return part
    named = {alias: name for name, alias in DISTURBANCES.items()}
    if part.under not in named:
        wrong, near = Words("disturbance", "扰动"), suggest(part.under[:80], [*DISTURBANCES, *named])
        raise UserError("E052", at, kind=wrong, name=shown(part.under), suggestion=near)
    return replace(part, under=named[part.under])


def _arguments(entry: Registered, sentence: Sentence, spot: Spot) -> tuple[dict[str, Any], str]:
    """The arguments by name, defaults filled in, and how the canonical form writes them.

    Two names have a meaning of their own: `of` is another metric, whose class goes to `part`; a text whose default
    is empty (`by`) has to be given.
    """
    known = {name: option for name, option in entry.parameters().items() if name not in RESERVED}
    given = _given(entry, known, sentence, spot)
    args: dict[str, Any] = {}
    pieces = []
    for name, option in known.items():
        if name in given:
            piece = _value(entry, option, given[name], args, spot)
        elif option.default == "":
            problem = Words(f"'{name}' is missing", f"缺少“{name}”")
            fix = Words(f"add it: {entry.name}({name}=…)", f"请加上：{entry.name}({name}=…)")
            raise _misused(entry, spot(sentence.arguments_at), problem, fix)
        else:
            piece = str(option.default) if name == "of" else ""
            if option.default is not None:
                args[name] = option.default
        if piece:
            pieces.append(piece)
    return args, f"({', '.join(pieces)})" if pieces else ""


def _given(entry: Registered, known: dict[str, Parameter], sentence: Sentence, spot: Spot) -> dict[str, Argument]:
    """The arguments written, by name; one without a name is the first option's."""
    if sentence.arguments and not known:
        fix = Words("leave the parentheses out", "请去掉括号")
        raise _misused(entry, spot(sentence.arguments_at), Words("it takes no arguments", "它不接受参数"), fix)
    given: dict[str, Argument] = {}
    for index, argument in enumerate(sentence.arguments):
        at, text = spot(argument.at), shown(argument.text)
        name = argument.name or next(iter(known))
        if argument.name is None and index > 0:
            names = ", ".join(known)
            fix = Words(f"write name={text}; names: {names}", f"请写成 名称={text}；可用名称：{names}")
            raise _misused(entry, at, Words(f"'{text}' has no name", f"“{text}”没有参数名"), fix)
        if name not in known:
            raise UserError("E901", at, kind="metric", name=entry.name, option=shown(name),
                            suggestion=suggest(name[:80], known))  # fmt: skip
        if name in given:
            problem = Words(f"'{name}' is given twice", f"“{name}”给出了两次")
            raise _misused(entry, at, problem, Words("keep one", "只保留一个"))
        given[name] = argument
    return given


def _misused(entry: Registered, at: str, problem: Words, fix: Words) -> UserError:
    return UserError("E029", at, metric=entry.name, problem=problem, fix=fix)


def _value(entry: Registered, option: Parameter, argument: Argument, args: dict[str, Any], spot: Spot) -> str:
    """Adds one argument's value to `args`; gives its canonical spelling, empty where it equals the default."""
    at = argument.text_at
    if option.name == "of":
        return _measured(entry, argument, args, spot)
    if argument.condition:
        inner = read_line(argument.text, lambda offset: spot(at + offset), spot(at))
        args[option.name] = inner.text
        if entries("metric")[inner.metric].facts.get("family", "quality") != "quality":
            raise UserError("E276", spot(at), condition=inner.text)
        first = next(name for name in entry.parameters() if name not in RESERVED)
        return inner.text if option.name == first else f"{option.name}={inner.text}"
    if option.name == "by" and argument.reference is not None:
        return _crossed(entry, argument, args, spot)
    value = argument.text
    if Duration in (option.annotation, *get_args(option.annotation)):
        args[option.name] = duration(value, spot(at))
        return "" if args[option.name] == option.default else f"{option.name}={render_text(value)}"
    if get_origin(option.annotation) is Literal and value not in get_args(option.annotation):
        kind = Words(f"value of {option.name} for {entry.name}", f" {entry.name} 的 {option.name} 取值")
        near = suggest(value[:80], get_args(option.annotation))
        raise UserError("E052", spot(at), kind=kind, name=shown(value), suggestion=near)
    if option.annotation is not str:
        value = entry.check({option.name: value}, spot(at))[option.name]
    args[option.name] = value
    plain = json.dumps(value) if isinstance(value, bool | int | float) else argument.text
    if value == option.default:
        return ""
    return f"{option.name}={quoted(plain) if option.name == 'by' and '*' in plain else render_text(plain)}"


def _sound(
    entry: Registered, args: Mapping[str, Any], asked: tuple[str | None, float], sentence: Sentence, spot: Spot
) -> None:
    """Refuses a measure of use that events could never judge: its own function reads its options and says so."""
    relative, target = asked
    if relative is not None:
        raise UserError("E541", spot(sentence.target.number_at), metric=entry.name)
    try:
        entry.target(**args).bet(target)
    except UserError as error:
        named = {argument.name or next(iter(args)): argument.at for argument in sentence.arguments}
        at = named.get(str(error.values.get("option")), sentence.arguments_at)
        at = sentence.target.number_at if error.values.get("option") == "target" else at
        raise UserError(error.code, spot(at), **error.values) from None


def _crossed(entry: Registered, argument: Argument, args: dict[str, Any], spot: Spot) -> str:
    """The columns whose groups are compared, crossed where two are named: `by=gender*age`."""
    names = [name.strip() for name in argument.text.split("*")]
    if not all(names) or len(names) > 2 or len(set(names)) < len(names):
        problem = Words(f"'{shown(argument.text)}' names no groups", f"“{shown(argument.text)}”没有指明分组")
        fix = Words("name a column, or two to be crossed: by=gender*age", "请写一列，或写两列以交叉分组：by=gender*age")
        raise _misused(entry, spot(argument.text_at), problem, fix)
    args["by"] = "*".join(names)
    return f"by={args['by'] if len(names) > 1 else render_text(names[0])}"


def _measured(entry: Registered, argument: Argument, args: dict[str, Any], spot: Spot) -> str:
    """The metric that another one compares: of quality, comparing nothing itself, at most on one class."""
    reference = argument.reference
    able = ", ".join(name for name, other in entries("metric").items() if _comparable(other))
    wrong = Words("it compares a metric of quality", "它只能比较质量指标")
    fix = Words(f"choose one of: {able}", f"可选：{able}")
    if reference is None or argument.condition:
        raise _misused(entry, spot(argument.text_at), wrong, fix)
    inner = _metric(reference, spot)
    if reference.k is not None or not _comparable(inner):
        raise _misused(entry, spot(reference.name_at), wrong, fix)
    part = _part(inner, reference, spot)
    args["of"] = inner.name
    if part is None:
        return inner.name
    if part.label is None or part.column is not None or part.under is not None:
        text = f"{entry.name}{render_part(part)}(…)"
        outside = Words(f"write it outside: {text}", f"请写在外面：{text}")
        problem = Words("only a class may stand inside", "括号内只能指定类别")
        raise _misused(entry, spot(reference.part_at), problem, outside)
    args["part"] = part.label
    return f"{inner.name}{render_part(part)}"


def _comparable(entry: Registered) -> bool:
    return entry.facts.get("family", "quality") == "quality" and "of" not in entry.parameters()


def _unit(entry: Registered, args: dict[str, Any]) -> str:
    """The metric's unit; a difference of another metric is in points or, where that is no share, in its own unit."""
    declared: str = entry.facts.get("unit", "")
    if declared != "pt" or "of" not in args:
        return declared
    inner: str = entries("metric")[args["of"]].facts.get("unit", "")
    return declared if inner in ("%", "pt") else inner


def _quantity(entry: Registered, declared: str, target: Quantity, spot: Spot) -> tuple[Decimal, str]:
    """The target's number and unit.

    Raises:
        UserError: E022 no unit, E023 a unit of something else, E025 a target that cannot be meant.
    """
    number = Decimal(target.number)
    allowed = siblings(declared)
    share = declared in ("%", "pt")
    if not target.unit and declared:
        likely = written(number * 100 if share and 0 < number <= 1 else number, declared)
        raise UserError("E022", spot(target.number_at), metric=entry.name, number=target.number, near=likely)
    if target.unit not in allowed:
        near: object = written(number, "") if not declared else suggest(target.unit[:80], allowed)
        if len(allowed) == 1 and declared:
            near = Words(f"did you mean {written(number, declared)}?", f"是不是 {written(number, declared)}？")
        raise UserError("E023", spot(target.unit_at), metric=entry.name, unit=shown(target.unit), suggestion=near)
    higher = entry.facts.get("better") != "lower"
    if share:
        wrong = not (0 < number <= 100 if higher else 0 <= number < 100)
        if wrong or (declared == "%" and higher and number < 1):
            near = written(number * 100, declared) if 0 < number < 1 else None
            raise UserError("E025", spot(target.number_at), metric=entry.name, target=written(number, target.unit),
                            suggestion=_range(higher, declared, near))  # fmt: skip
    elif declared and number <= 0:
        raise UserError("E025", spot(target.number_at), metric=entry.name, target=written(number, target.unit),
                        suggestion=Words("give a number above 0", "请给出大于 0 的数"))  # fmt: skip
    return number, target.unit


def _compared(entry: Registered, declared: str, target: Quantity, spot: Spot) -> tuple[Decimal, str]:
    """The number and unit of a target relative to `current`: a share of it, or a difference in the metric's unit.

    Raises:
        UserError: E022 no unit, E023 a unit of something else, E025 a target that cannot be meant.
    """
    number, at = Decimal(target.number) + 0, spot(target.number_at)  # + 0: minus zero is zero
    higher = entry.facts.get("better") != "lower"
    if target.relative == "ratio":
        likely = number * 100
        if number <= 0 or (higher and number < 1) or number > 10_000:
            wanted = written(likely, "%") if 0 < number < 1 else "90%"
            raise UserError("E025", at, metric=entry.name, target=f"{written(number, '%')} of current",
                            suggestion=Words(f"write such as {wanted} of current",
                                             f"写法如：{wanted} of current"))  # fmt: skip
        return number, "%"
    share = declared in ("%", "pt")
    unit = "pt" if share else declared
    if target.unit == "" and number == 0 and target.number == "0" and target.unit_at == target.number_at:
        return number, unit
    allowed = siblings(unit)
    sign, size = "-" if target.number.startswith("-") else "+", abs(number)
    if not target.unit and unit:
        likely = size * 100 if share and 0 < size < 1 else size
        raise UserError("E022", at, metric=entry.name, number=target.number.lstrip("-"),
                        near=f"current {sign} {written(likely, unit)}")  # fmt: skip
    if target.unit not in allowed:
        near: object = suggest(target.unit[:80], allowed)
        if len(allowed) == 1:
            text = f"current {sign} {written(size, unit)}"
            near = Words(f"did you mean {text}?", f"是不是 {text}？")
        raise UserError("E023", spot(target.unit_at), metric=entry.name, unit=shown(target.unit), suggestion=near)
    if share and size >= 100:
        raise UserError("E025", at, metric=entry.name, target=_rendered(number, unit, "difference"),
                        suggestion=Words("give less than 100 pt", "请给出小于 100 pt 的数"))  # fmt: skip
    return number, target.unit


def _rendered(number: Decimal, unit: str, relative: str | None) -> str:
    """A target in canonical spelling."""
    if relative is None:
        return written(number, unit)
    if relative == "ratio":
        return f"{written(number, unit)} of current"
    return "current" if not number else f"current {'-' if number < 0 else '+'} {written(abs(number), unit)}"


def _range(higher: bool, unit: str, near: str | None) -> Words:
    if near:
        return Words(f"did you mean {near}?", f"是不是 {near}？")
    low, high = written(Decimal(1 if higher else 0), unit), written(Decimal(100), unit)
    if higher:
        return Words(f"give a number from {low} to {high}", f"请给出 {low} 到 {high} 之间的数")
    return Words(f"give a number from {low} to below {high}", f"请给出 {low} 到 {high}（不含）之间的数")


def _choices(names: list[str]) -> Words:
    if not names:
        return Words("leave it out", "请去掉它")
    return Words(f"with it: {', '.join(names[:8])}", f"可以这样用的有：{'、'.join(names[:8])}")
