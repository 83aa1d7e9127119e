"""Says what personal details nobody masks: in columns of words, and in columns of numbers, which no mask changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from zhinan.contract import Contract
from zhinan.core import Column, entries
from zhinan.data.findings import finding
from zhinan.data.masking import Found, Spot, around, held_by, personal_numbers, spots_in
from zhinan.data.media import MEDIA
from zhinan.data.rows import SHOWN
from zhinan.data.sandbox import Tell
from zhinan.data.types import Finding, Loaded

__all__ = [
    "asked", "holds_versions", "names_people", "numbers_that_are_somebodys", "said_of_masks", "said_of_numbers",
    "said_of_texts",
]  # fmt: skip

_BIRTH = re.compile(r"(?i)(?:^|[\W_])(?:birth|dob)|birth_?(?:day|date)|生日|出生")
"""What columns of dates of birth are called."""

BY_WORDS = {"person_name", "postal_address", "date_of_birth", "passport", "plate", "url_secret"}
"""Masks of what has no form or check digit of its own: the words around tell it, and mislead now and then."""

OFTEN, SOME, MOST = 0.01, 0.2, 0.5
"""Shares of a column's values: what has a form is grave from OFTEN on; what words tell may matter from SOME on, and is
grave from MOST on, where it is what the column is about."""

REPEATED, TIMES = 0.05, 20
"""Share of a mask's finds in a column of texts, and number of them, from which on one that is always the same is taken
for a thing's name (an app, the Tom of a textbook)."""

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SOMEONE = re.compile(
    r"(?i)(?:^|[\W_])(?:names?|owner|agent|client|customer|contact|requester|assignee|reporter|submitter|seller|buyer|"
    r"(?:sales[ _]?)?rep|manager|author|sender|recipient|user|employee|member|staff|patient|student|teacher|driver|"
    r"guest|host|doctor|attendee|(?:assigned|reported)[ _]to|"
    r"(?:assigned|created|updated|handled|approved|submitted)[ _]by)s?$"
    r"|(?:负责人|联系人|客户|经办人|业务员|客服|坐席|销售|发送人|发件人|创建人|审批人|处理人|跟进人|对方|昵称|老师|学员|名)$"
)
"""What columns are called that may be about people; a product and a firm have names and are clients, too."""
_FEW_PEOPLE, _ASKED, _WHOLE, _MOSTLY = 3, 300, 0.8, 0.6
"""Different values at least, and those that are asked; how much of a value a name is, and of how many."""

_AT_ONCE = 10_000
"""Values looked at between two words of progress."""


def numbers_that_are_somebodys(
    columns: Iterable[Column], frames: Sequence[pl.DataFrame]
) -> dict[str, dict[str, Found]]:
    """Columns of numbers, as they are written, that are or hold such as telephone numbers, or are called after them:
    name → what masks find."""
    found = {}
    for name in (column.name for column in columns if column.kind == "number"):
        every = pl.concat([frame[name] for frame in frames if name in frame.columns])
        found[name] = personal_numbers(every, among=True)
        if not found[name] and (mask := held_by(every, entries("mask"))) is not None:
            found[name] = {mask: (every.len() - every.null_count(), f"[{mask.upper()}]")}
    return {name: seen for name, seen in found.items() if seen}


def said_of_numbers(personal: Mapping[str, Mapping[str, Found]]) -> list[Finding]:
    """A finding for each column of `numbers_that_are_somebodys`."""
    return [
        finding("personal_numbers", sum(n for n, _ in seen.values()), name=name, masks=", ".join(seen))
        for name, seen in personal.items()
    ]


def said_of_masks(contract: Contract, finds: Mapping[str, int], columns: Iterable[Column]) -> list[Finding]:
    """Patterns of the contract's own that find nothing, and columns of dates of birth, which no mask changes.

    Args: finds: how many details each mask hid. columns: those in use.
    """
    idle = [spec.name for spec in contract.data.mask if spec.pattern is not None and not finds.get(spec.name)]
    births = [column.name for column in columns if column.kind == "time" and _BIRTH.search(column.name)]
    found = [finding("idle_masks", len(idle), idle)] if idle else []
    return found + ([finding("personal_dates", len(births), births)] if births else [])


def said_of_texts(
    contract: Contract, loaded: Loaded, frame: pl.DataFrame, progress: Tell | None = None
) -> list[Finding]:
    """What masks that the contract does not name find in columns of words, each kind by how sure it is.

    Args: frame: of `Rows`. progress: as `checks.check`.
    """
    target = loaded.dataset.target
    declared = {spec.name for spec in contract.data.mask}
    others = [name for name in entries("mask") if name not in declared]
    kinds = {column.name: column.kind for column in loaded.columns}
    words = [name for name in frame.columns if frame[name].dtype == pl.String and name[0] != "_"]
    words = [name for name in words if target is None or name != target.name]
    seen: list[_Seen] = []
    files: list[_Seen] = []
    for place, name in enumerate(words):
        held = held_by(frame[name], others)
        if held is None and "person_name" in others and names_people(frame[name]):
            held = "person_name"
        looked = asked(frame[name], kinds.get(name), others, held)

        def tell(rows: int, place: int = place) -> None:
            if progress is not None:
                progress("seek", place * frame.height + rows, len(words) * frame.height)

        for mask, spots in _spots(frame[name], kinds.get(name), looked, tell).items():
            about = None if mask == held else kinds.get(name)  # what a column is about may repeat
            one = _seen(mask, frame[name], about, spots, sure=mask not in BY_WORDS or mask == held)
            (files if kinds.get(name) in MEDIA else seen).append(one)  # no mask renames a file
    perhaps = [one for one in seen if not one.sure and one.damage < 3]
    sure = [one for one in seen if one.sure or one.damage == 3]
    said = {"personal_data": sure, "personal_files": files, "personal_perhaps": perhaps}
    return [_said(code, found, frame) for code, found in said.items() if found]


@dataclass(frozen=True)
class _Seen:
    """What a mask finds in a column, and where.

    Args: share: of its values, without what is taken for things. sure: whether a form tells it, or what the column is
        called, and not the words around alone.
    """

    mask: str
    column: str
    share: float
    sure: bool
    spots: Sequence[Spot]

    @property
    def damage(self) -> int:
        """How much it matters, as a finding's damage."""
        grave, some = (OFTEN, 0.0) if self.sure else (MOST, SOME)
        return 3 if self.share >= grave else 2 if self.share >= some else 1

    def shown(self, frame: pl.DataFrame, most: int) -> list[tuple[str, str]]:
        """The first few as examples: where each stands, and the value masked."""
        texts = frame[self.column]
        some = self.spots[:most]
        return [(frame["_place"][row], f"{self.column}: {around(texts[row], start)}") for row, (start, _) in some]


def _seen(mask: str, values: pl.Series, kind: str | None, spots: Sequence[Spot], sure: bool) -> _Seen:
    count, held = len(spots), len(values) - values.null_count()
    same = Counter(values[row][start:end] for row, (start, end) in spots) if kind == "text" else {}
    things = sum(n for n in same.values() if n >= max(TIMES, REPEATED * count))
    return _Seen(mask, values.name, (count - things) / held, sure, spots)


def asked(values: pl.Series, kind: str | None, masks: Iterable[str], held: str | None = None) -> list[str]:
    """The masks that can find something in a column of this kind. Args: held: what the column is called after."""
    without = {"person_name"} - {held} if kind == "category" else set()  # a few words (months, brands) name nobody
    without |= {"url_secret"} if kind in MEDIA else set()  # wav/0_jackson_1.wav opens nothing
    without |= {"ip"} if "ip" in masks and holds_versions(values) else set()
    return [mask for mask in masks if mask not in without]


def names_people(values: pl.Series) -> bool:
    """Whether a column that may be called after people or after things (owner, client, Name, 负责人) holds people: most
    of its different values are names of persons as a whole, as products, firms and teams are not."""
    distinct = values.drop_nulls().unique().sort()
    if not _SOMEONE.search(_HUMP.sub(" ", values.name)) or len(distinct) < _FEW_PEOPLE:
        return False
    some = distinct.gather_every(-(-len(distinct) // _ASKED))
    found = spots_in(some, ["person_name"]).get("person_name", [])
    whole = {row for row, (start, end) in found if end - start >= _WHOLE * len(some[row])}
    return len(whole) >= _MOSTLY * len(some)


def _spots(
    values: pl.Series, kind: str | None, masks: Sequence[str], tell: Callable[[int], None]
) -> dict[str, list[Spot]]:
    """`spots_in`, with a word of progress now and then; in a handful of words rules see all there may be."""
    found: dict[str, list[Spot]] = {}
    for at in range(0, len(values), _AT_ONCE):
        tell(at)
        for mask, spots in spots_in(values[at : at + _AT_ONCE], masks, tagged=kind != "category").items():
            found.setdefault(mask, []).extend((at + row, span) for row, span in spots)
    return found


def _said(code: str, seen: Sequence[_Seen], frame: pl.DataFrame) -> Finding:
    """One finding for several masks, the most frequent first, each with an example."""
    rows = {row for one in seen for row, _ in one.spots}
    counts = Counter[str]()
    for one in seen:
        counts[one.mask] += len(one.spots)
    first, *others = [one for mask, _ in counts.most_common() for one in seen if one.mask == mask]
    shown = [*first.shown(frame, max(SHOWN - len(others), 1)), *(ex for one in others for ex in one.shown(frame, 1))]
    told = finding(
        code, len(rows), shown,
        masks=", ".join(f"{mask} {n:,}" for mask, n in counts.most_common()),
        of=f"{frame.height:,}", share=_percent(len(rows) / frame.height),
    )  # fmt: skip
    worst = max(one.damage for one in seen)
    return replace(told, damage=min(worst, 2) if code == "personal_files" else worst)


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0.0005 else "<0.1%"


def holds_versions(column: pl.Series) -> bool:
    """Whether a column holds versions of software, of which some have four parts as addresses do."""
    dotted = column.filter(column.str.contains(r"^v?\d+(\.\d+)+$").fill_null(False))
    four = dotted.str.contains(r"^\d+(\.\d+){3}$").sum()
    return len(dotted) > len(column) / 2 and int(four) < 0.9 * len(dotted)
