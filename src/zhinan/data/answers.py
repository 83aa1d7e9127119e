"""Checks that look at the target: its balance, labels that contradict each other, texts and gaps that tell them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.core import Dataset
from zhinan.data.copies import Copies
from zhinan.data.files import media_columns
from zhinan.data.findings import finding
from zhinan.data.gaps import gaps_that_tell
from zhinan.data.numeric import check_numbers, number_conflicts
from zhinan.data.rows import Rows, examples
from zhinan.data.types import Finding, Loaded, Split
from zhinan.data.variants import variants
from zhinan.steps.values.lists import ASKED, items_of, read_list
from zhinan.steps.values.words import MISSING, ORDINARY

__all__ = ["answerable", "check_answers", "contradictions", "free_text"]

_FEW, _TEXTS, _RARE, _UNEVEN = 100, 50, 10, 10
_CODED = re.compile(r"[_\d/\\|:#]|[a-z][A-Z]")


def free_text(loaded: Loaded) -> bool:
    """Whether the target's values are nearly all different, of rows enough to tell: they name no classes."""
    target, count = loaded.dataset.target, len(loaded.dataset)
    return target is not None and target.kind == "category" and 2 * len(loaded.classes) > count >= _TEXTS


def answerable(loaded: Loaded, parts: Split) -> float | None:
    """The share of sealed rows whose free text some row of train has, above which no answer can be right; None where
    the target is no free text."""
    target = loaded.dataset.target
    if target is None or not free_text(loaded):
        return None
    asked = parts.sealed.frame[target.name]
    return float(asked.is_in(parts.train.frame[target.name].implode()).mean() or 0.0)  # type: ignore[arg-type]


def check_answers(rows: Rows, loaded: Loaded, sealed: Dataset) -> list[Finding]:
    """What is to say about a target and the inputs beside it; what an input tells of the target never among sealed
    rows."""
    target = loaded.dataset.target
    if target is not None and target.kind == "number":
        return check_numbers(rows.without(sealed), loaded.dataset.inputs, target)
    if target is None or target.kind not in ("category", "list"):
        return []
    labels = rows.frame[target.name].to_list()
    each = [label for text in labels for label in items_of(text)] if target.kind == "list" else labels
    found = _balance(each, len(labels))
    found += _variants(each)
    found += _unsaid(each)
    found += _joined(labels) if target.kind == "category" else []
    texts = [column.name for column in loaded.dataset.inputs if column.kind == "text"]
    known = rows.without(sealed)
    held = known.frame[target.name].to_list()
    found += _spelled_out(known, texts, [items_of(text) if target.kind == "list" else (text,) for text in held])
    return found + gaps_that_tell(known, loaded.dataset.inputs, target)


def _unsaid(labels: Sequence[str]) -> list[Finding]:
    """Classes that read as if nobody had said anything, such as - or N/A."""
    counts = Counter(label for label in labels if label.lower() in MISSING - ORDINARY)
    return [finding("missing_labels", n, label=label) for label, n in counts.most_common(5)]


def _balance(labels: Sequence[str], rows: int) -> list[Finding]:
    counts = Counter(labels)
    found = []
    if rows < _FEW:
        found.append(finding("few_examples", rows))
    rare = [f"{c}: {n}" for c, n in sorted(counts.items(), key=lambda item: item[1]) if n < _RARE]
    if rare:
        found.append(finding("rare_classes", len(rare), rare, least=_RARE))
    least, most = min(counts.values()), max(counts.values())
    if most > _UNEVEN * least:
        found.append(finding("imbalance", least, [min(counts, key=counts.__getitem__)], most=f"{most:,}"))
    return found


def _variants(labels: Sequence[str]) -> list[Finding]:
    counts = Counter(labels)
    groups = variants(counts)
    shown = [" = ".join(f"{label} ({counts[label]:,})" for label in group) for group in groups]
    return [finding("label_variants", sum(len(group) - 1 for group in groups), shown)] if groups else []


def _joined(labels: Sequence[str]) -> list[Finding]:
    """Classes made of other classes with a sign between them: two at least."""
    counts = Counter(labels)
    for sign in ASKED[:-1]:
        parts = {label: set(read_list(label, sign) or ()) for label in counts if sign in label}
        made = [label for label, items in parts.items() if len(items) > 1 and items <= counts.keys() - parts.keys()]
        if len(made) > 1:
            shown = [f"{label}: {counts[label]:,}" for label in sorted(made, key=lambda label: -counts[label])]
            return [finding("joined_labels", sum(counts[label] for label in made), shown)]
    return []


def contradictions(loaded: Loaded, copies: Copies) -> list[Finding]:
    """Among all labelled rows, those of equal inputs, and pairs of nearly equal ones, that have different targets.

    Args: copies: of `copies_of`.
    """
    target = loaded.dataset.target
    if target is not None and target.kind == "number" and copies.identify:
        return number_conflicts(loaded, copies.same)
    if target is None or target.kind not in ("category", "list") or not copies.identify:
        return []
    names = [*(column.name for column in loaded.dataset.inputs), target.name]
    parts = [loaded.dataset] if loaded.test is None else [loaded.dataset, loaded.test]
    told = pl.DataFrame({"example": copies.same, "label": pl.concat(part.frame[target.name] for part in parts)})
    found = []
    pairs = told.unique()
    torn = pairs.filter(pairs["example"].is_duplicated())["example"].unique()
    conflicts = told.with_row_index("row").filter(pl.col("example").is_in(torn.implode())).sort("example", "row")["row"]
    if len(conflicts):
        found.append(finding("label_conflicts", len(conflicts), examples(loaded, conflicts[:5].to_list(), names)))
    near, shared = _of_one_file(loaded, copies)
    if len(shared):
        found.append(finding("shared_files", len(shared), examples(loaded, shared[:5].tolist(), names)))
    if len(near):
        shown = near[np.lexsort((near, copies.unit[near]))[:5]].tolist()
        code = "alike_files" if media_columns(loaded.dataset.inputs) else "near_duplicates"
        found.append(finding(code, len(near), examples(loaded, shown, names)))
    first, second = copies.same[copies.first], copies.same[copies.second]
    among = pairs.filter(pl.Series(np.isin(pairs["example"].to_numpy(), np.concatenate([first, second]))))
    answers: dict[int, set[str]] = defaultdict(set)
    for example, label in among.iter_rows():
        answers[example].add(label)
    unlike = np.array([answers[a] != answers[b] for a, b in zip(first.tolist(), second.tolist(), strict=True)], bool)
    if unlike.any():
        two = np.flatnonzero(unlike)[:2]
        shown = np.column_stack([copies.first[two], copies.second[two]]).ravel().tolist()
        found.append(finding("near_conflicts", int(unlike.sum()), examples(loaded, shown, names)))
    return found


def _of_one_file(loaded: Loaded, copies: Copies) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The rows that nearly repeat others, and those that only speak of the same picture or recording as others."""
    near, files = copies.near, [column.name for column in media_columns(loaded.dataset.inputs)]
    if not files or not len(near):
        return near, near[:0]
    rows = copies.inputs.select(files).with_columns(pl.Series("unit", copies.unit))
    alone = rows.select(pl.all_horizontal(pl.col(name).n_unique().over("unit") == 1 for name in files)).to_series()
    one = alone.gather(near).to_numpy()
    return near[~one], near[one]


def _spelled_out(rows: Rows, texts: Sequence[str], labels: Sequence[tuple[str, ...]]) -> list[Finding]:
    """Texts that hold a label of their own as it is written, where that is a name ("card_arrival") and no word."""
    coded = {
        label
        for label in set(chain.from_iterable(labels))
        if len(label) >= 4 and _CODED.search(label) and not label.isdigit()
    }
    if not coded or not texts:
        return []
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(coded, key=len, reverse=True))) + r")(?!\w)")
    hits, columns = [], []
    for name in texts:
        maybe = rows.frame[name].str.contains_any(sorted(coded)).fill_null(False).arg_true().to_list()
        own = [i for i in maybe if not {*labels[i]}.isdisjoint(pattern.findall(rows.frame[name][i]))]
        hits += own
        columns += [name] if own else []
    return [finding("label_in_text", len(hits), rows.shown(hits, columns))] if hits else []
