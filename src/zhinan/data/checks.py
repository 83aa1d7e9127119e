"""Looks at data before anything is computed: what is wrong, what is too little, what gives the answer away."""

from __future__ import annotations

from collections import Counter

import polars as pl

from zhinan.contract import Contract
from zhinan.core import entries
from zhinan.data.cleaning import identities
from zhinan.data.copies import identify_examples
from zhinan.data.findings import finding
from zhinan.data.masking import found_in
from zhinan.data.splits import split
from zhinan.data.types import Finding, Loaded, Split

__all__ = ["check", "gives_away"]

_FEW, _RARE, _UNEVEN = 100, 10, 20
"""Fewer examples than this, fewer of a class, and classes that differ more than this many times are worth saying."""


def check(contract: Contract, loaded: Loaded, parts: Split | None = None) -> tuple[Finding, ...]:
    """Everything to say about a contract's data, the most damaging first.

    Names that the data does not have were refused by `load` already.

    Args: parts: the split, when the caller has it.
    Raises: UserError as `split`.
    """
    parts = parts or split(contract, loaded)
    frames = [loaded.dataset.frame] + ([loaded.test.frame] if loaded.test else [])
    frame = pl.concat(frames)
    found = [*loaded.findings, *parts.findings]
    found += _columns(loaded, frame)
    found += _personal(contract, loaded, frame)
    if loaded.classes:
        found += _examples(loaded, frame)
    return tuple(sorted(found, key=lambda f: -f.damage))


def _columns(loaded: Loaded, frame: pl.DataFrame) -> list[Finding]:
    found = []
    inputs = [column.name for column in loaded.dataset.inputs]
    missing = {name: frame[name].null_count() for name in inputs if frame[name].null_count()}
    if missing:
        shown = [f"{name}: {n:,}" for name, n in sorted(missing.items(), key=lambda item: -item[1])]
        found.append(finding("missing_values", sum(missing.values()), shown))
    constant = [name for name in inputs if frame[name].drop_nulls().n_unique() < 2]
    if constant:
        found.append(finding("constant_columns", len(constant), constant))
    return found


def _personal(contract: Contract, loaded: Loaded, frame: pl.DataFrame) -> list[Finding]:
    target = loaded.dataset.target
    declared = {spec.name for spec in contract.data.mask}
    others = [name for name in entries("mask") if name not in declared]
    found = []
    counts: Counter[str] = Counter()
    shown: dict[str, list[str]] = {}
    for name in frame.columns:
        if frame[name].dtype == pl.String and name != "_row" and (target is None or name != target.name):
            for mask, (count, example) in found_in(frame[name], others).items():
                counts[mask] += count
                shown.setdefault(mask, []).append(f"{name}: {example}")
    for mask, count in counts.items():
        found.append(finding("personal_data", count, shown[mask], masks=mask))
    return found


def _examples(loaded: Loaded, frame: pl.DataFrame) -> list[Finding]:
    target = loaded.dataset.target
    if target is None:
        return []
    found = []
    labels = frame[target.name].to_list()
    counts = Counter(labels)
    if frame.height < _FEW:
        found.append(finding("few_examples", frame.height))
    rare = [f"{c}: {n}" for c, n in sorted(counts.items(), key=lambda item: item[1]) if n < _RARE]
    if rare:
        found.append(finding("rare_classes", len(rare), rare, least=_RARE))
    least, most = min(counts.values()), max(counts.values())
    if most > _UNEVEN * least:
        found.append(finding("imbalance", least, [min(counts, key=counts.__getitem__)], most=f"{most:,}"))
    names = [column.name for column in loaded.dataset.inputs]
    examples = identities(frame, names)
    if identify_examples(loaded.dataset.frame, loaded.dataset.inputs):
        answers: dict[str, set[str]] = {}
        for example, label in zip(examples, labels, strict=True):
            answers.setdefault(example, set()).add(label)
        conflicts = [i for i, example in enumerate(examples) if len(answers[example]) > 1]
        if conflicts:
            rows = frame[conflicts[:5]].select(*names, target.name).rows()
            found.append(finding("label_conflicts", len(conflicts), (" · ".join(map(str, row)) for row in rows)))
    leaks = [
        c.name for c in loaded.dataset.inputs if c.kind != "text" and gives_away(frame[c.name], frame[target.name])
    ]
    if leaks:
        found.append(finding("leaks", len(leaks), leaks))
    return found


def gives_away(column: pl.Series, target: pl.Series) -> bool:
    """Whether a column alone tells the target without an error, on at least 20 rows and by values that repeat.

    A number does when the classes lie in as many separate ranges as there are classes.
    """
    known = pl.DataFrame([column.alias("value"), target.alias("label")]).drop_nulls()
    classes = known["label"].n_unique()
    if known.height < 20 or 2 * known.height < len(column) or classes < 2:
        return False
    if column.dtype.is_numeric() or column.dtype.is_temporal():
        ordered = known.sort("value", "label")["label"]
        changes = int((ordered != ordered.shift()).fill_null(False).sum())
        tied = known.unique().height > known["value"].n_unique()
        return changes == classes - 1 and not tied
    values = known["value"].n_unique()
    return 2 * values <= known.height and known.unique().height == values
