"""Checks that look at the target: balance, labels that contradict or nearly repeat each other, columns that tell it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.core import Column, Dataset
from zhinan.data.copies import Copies
from zhinan.data.drift import independent
from zhinan.data.files import media_columns
from zhinan.data.findings import finding
from zhinan.data.marks import marks_of
from zhinan.data.predictors import gives_away, told_by
from zhinan.data.rows import Rows, examples
from zhinan.data.types import Finding, Loaded, Split
from zhinan.steps.values.lists import ASKED, items_of, read_list
from zhinan.steps.values.words import MISSING, ORDINARY

__all__ = ["check_answers", "contradictions", "free_text", "tellers"]

TELLS = 0.9
"""Lower bound of what one column tells (area under the curve, share of variance) from which it is said."""

MARKS = 0.85
"""That of one mark alone, such as a word, of which little tells so much."""

_FEW, _TEXTS, _RARE, _UNEVEN, _SHARE = 100, 50, 10, 10, 0.10
_CODED = re.compile(r"[_\d/\\|:#]|[a-z][A-Z]")


def free_text(loaded: Loaded) -> bool:
    """Whether the target's values are nearly all different, of rows enough to tell: they name no classes."""
    target, count = loaded.dataset.target, len(loaded.dataset)
    return target is not None and target.kind == "category" and 2 * len(loaded.classes) > count >= _TEXTS


def check_answers(rows: Rows, loaded: Loaded, sealed: Dataset) -> list[Finding]:
    """What is to say about a target of classes and the inputs beside it; what an input tells of the target never among
    sealed rows."""
    target = loaded.dataset.target
    if target is None or target.kind not in ("category", "list"):
        return []
    labels = rows.frame[target.name].to_list()
    each = [label for text in labels for label in items_of(text)] if target.kind == "list" else labels
    found = _balance(each, len(labels))
    found += _variants(each)
    found += _unsaid(each)
    if target.kind == "list":  # what a column tells of a row with several labels is not looked at
        return found
    found += _joined(labels)
    texts = [column.name for column in loaded.dataset.inputs if column.kind == "text"]
    known = rows.without(sealed)
    found += _spelled_out(known, texts, known.frame[target.name].to_list())
    return found + _gaps_that_tell(known, loaded.dataset.inputs, target.name)


def _unsaid(labels: Sequence[str]) -> list[Finding]:
    """Classes that read as if nobody had said anything, such as - or N/A."""
    counts = Counter(label for label in labels if label.lower() in MISSING - ORDINARY)
    return [finding("missing_labels", n, label=label) for label, n in counts.most_common(5)]


def tellers(rows: Rows, loaded: Loaded, parts: Split) -> list[Finding]:
    """Columns that alone tell all, or nearly all, of the target: without an error on all rows but sealed ones, or
    fitted on train and judged on dev."""
    target = loaded.dataset.target
    if target is None or target.kind == "list":
        return []
    inputs = [column for column in loaded.dataset.inputs if column.kind not in ("text", "image", "audio")]
    sure = []
    if target.kind == "category":
        known = rows.without(parts.sealed).frame
        sure = [c.name for c in inputs if gives_away(known[c.name], known[target.name])]
    told = [t for t in told_by(parts.train, parts.dev, inputs) if t.lower >= TELLS and t.name not in sure]
    measure = "R²" if target.kind == "number" else "AUC"
    nearly = [
        f"{t.name}{f' ({t.part})' if t.part else ''}: {measure} {t.value:.3f} (≥ {t.lower:.3f}, n = {t.n:,})"
        for t in told
    ]
    said = {*sure, *(t.name for t in told)}
    asked = [column for column in loaded.dataset.inputs if column.name not in said]
    nearly += [
        f"{m.name}: {m.mark} → {m.label}: AUC {m.value:.3f} (≥ {m.lower:.3f}, n = {m.n:,})"
        for m in marks_of(parts.train, parts.dev, asked)
        if m.value >= TELLS and m.lower >= MARKS
    ]
    found = [finding("leaks", len(sure), sure)] if sure else []
    return found + ([finding("strong_columns", len(nearly), nearly)] if nearly else [])


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
    alike: dict[str, list[str]] = defaultdict(list)
    for label in counts:
        plain = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", label).casefold()).strip()
        alike[plain or label].append(label)
    groups = [sorted(group, key=lambda label: -counts[label]) for group in alike.values() if len(group) > 1]
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


def _spelled_out(rows: Rows, texts: Sequence[str], labels: Sequence[str]) -> list[Finding]:
    """Texts that hold their own label as it is written, where that is a name ("card_arrival") and no word."""
    coded = {label for label in set(labels) if len(label) >= 4 and _CODED.search(label) and not label.isdigit()}
    if not coded or not texts:
        return []
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(coded, key=len, reverse=True))) + r")(?!\w)")
    hits, columns = [], []
    for name in texts:
        maybe = rows.frame[name].str.contains_any(sorted(coded)).fill_null(False).arg_true().to_list()
        own = [i for i in maybe if labels[i] in pattern.findall(rows.frame[name][i])]
        hits += own
        columns += [name] if own else []
    return [finding("label_in_text", len(hits), rows.shown(hits, columns))] if hits else []


def _gaps_that_tell(rows: Rows, inputs: Sequence[Column], target: str) -> list[Finding]:
    """Columns whose gaps depend on the target: chi-square at .001 over all columns, and at least 10 points apart."""
    found = []
    for column in inputs:
        gone = rows.frame[column.name].is_null()
        if not 20 <= gone.sum() <= len(gone) - 20:
            continue
        by = rows.frame.select(pl.col(target), gone.alias("gone")).group_by(target).agg(
            pl.col("gone").sum(), pl.len().alias("n")
        ).filter(pl.col("n") >= 20).sort(target)  # fmt: skip
        share = by["gone"] / by["n"]
        if by.height < 2 or share.max() - share.min() < _SHARE:  # type: ignore[operator]
            continue
        table = np.array([by["gone"].to_numpy(), (by["n"] - by["gone"]).to_numpy()], float)
        if independent(table) < 0.001 / len(inputs):
            ends = [int(share.arg_max() or 0), int(share.arg_min() or 0)]
            shown = [f"{by[target][i]}: {share[i]:.0%}" for i in ends]
            found.append(finding("missing_tells", int(gone.sum()), shown, name=column.name))
    return found
