"""The first step of every version: tidies each text and replaces what must not be seen, exactly as loading did."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, cast

from zhinan.core import MaskSpec, Mode, UserError, entries, find, register
from zhinan.core.keys import KEYLESS, find_key, held_keys
from zhinan.core.patterns import compiled, which_of
from zhinan.steps._standins import hashed, revealed, standin
from zhinan.steps.held import fits, holders
from zhinan.steps.masks._digests import digests, undivided
from zhinan.steps.masks._spans import Span, narrow
from zhinan.steps.masks._tagged import RESTS, WORTH, tagged
from zhinan.steps.tabulated import tabulated
from zhinan.steps.tidying import tidy

__all__ = [
    "PLACEHOLDER", "TAGGER", "Armed", "Mask", "armed", "finds", "finds_in", "hide", "hide_all", "hide_cells", "holder",
    "kept_person", "of_person", "options_of", "person_secret", "pseudonym", "redact", "replaced", "reveal", "specs_of",
    "tagger_helps", "whole",
]  # fmt: skip

PLACEHOLDER = re.compile(r"\[[A-Z][A-Z0-9_]*(?::[b-t]{16})?\]")
"""What a find may have become, whatever the mask is called: a placeholder or a token."""

TAGGER = "tagger.zlib"
"""The file of the step that holds the tagger's weights; without it, only rules find."""

_PURPOSE = "masks"


@dataclass(frozen=True, eq=False)
class Armed:
    """A mask ready to look: which spans of a narrow text it finds, and what a find becomes.

    Args:
        worth: a regular expression that stands in every text it finds something in; None when it has to look anyway.
        column: what it finds in each of many texts, where it has a quicker way than one after the other.
        rest: whether a part of a find that another mask left says something (text, part, find); None where any does.
        own: whether it is a contract's own pattern, which may find a part of a digest.
    """

    name: str
    mode: str
    worth: str | None
    finds: Callable[[str], Iterable[Span]]
    become: Callable[[str], str]
    column: Callable[[Sequence[str]], Sequence[Sequence[Span]]] | None = None
    rest: Callable[[str, Span, Span], bool] | None = None
    own: bool = False


@register("step", "mask")
class Mask:
    """Tidies texts and applies masks. Choose it as the first step, also without any mask.

    Args:
        reads, writes: the columns, in the same order; usually the same names.
        masks: names of registered masks, or of patterns below, each with its mode: mask, hash or pseudonym.
        patterns: the contract's own regular expressions by name.
        key: the id of the key (not the key) that the modes hash and pseudonym were used with.
        files: mask → its packed pipeline, for masks of presidio; TAGGER → the weights that find what no rule does.

    Raises: UserError E019 for an unknown mask, E153 without a key that is needed, E420 without the one of this id.
    """

    def __init__(
        self,
        reads: tuple[str, ...],
        writes: tuple[str, ...],
        files: Mapping[str, bytes],
        *,
        masks: Mapping[str, str] = {},
        patterns: Mapping[str, str] = {},
        key: str = "",
    ) -> None:
        self.reads, self.writes, self.files = reads, writes, files
        specs, weights = specs_of(masks, patterns), files.get(TAGGER, b"")
        # an unknown name or a missing key is refused now, not at the first row
        self.armed = armed(specs, key, files, weights)

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Texts of each column, tidied and masked; what is not a text passes unchanged."""
        done = {}
        for read, written in zip(self.reads, self.writes, strict=True):
            hidden = iter(hide_cells([tidy(v) for v in values[read] if isinstance(v, str)], read, self.armed))
            done[written] = [next(hidden) if isinstance(v, str) else v for v in values[read]]
        return done


def options_of(masks: Iterable[str | MaskSpec], key: str = "") -> dict[str, Any]:
    """The options of the step that applies these masks, as JSON. Args: key: as for `armed`."""
    specs = sorted(_spec(mask) for mask in masks)
    options: dict[str, Any] = {"masks": {spec.name: spec.mode for spec in specs}}
    if patterns := {spec.name: spec.pattern for spec in specs if spec.pattern is not None}:
        options["patterns"] = patterns
    if any(spec.mode != "mask" for spec in specs):
        options["key"] = find_key(key).id
    return options


def specs_of(
    masks: Mapping[str, str], patterns: Mapping[str, str] = {}, pipelines: Mapping[str, str] = {}
) -> tuple[MaskSpec, ...]:
    """The masks that such options stand for. Args: pipelines: mask → folder."""
    named = cast(Mapping[str, Mode], masks)
    return tuple(MaskSpec(name, mode, patterns.get(name), pipelines.get(name)) for name, mode in named.items())


def redact(text: str, masks: Iterable[str | MaskSpec] | None = None) -> str:
    """The text with these masks applied, all registered ones by default.

    Each mask looks at the text as it was; where two find the same, the one of the smaller `order` (its fact) has it.
    The order in which they are named makes no difference.

    Raises: UserError E019 for an unknown mask, E153 when a mode needs a key and there is none.
    """
    return hide(text, armed(masks))


def hide(text: str, masks: Sequence[Armed]) -> str:
    """The text with armed masks applied."""
    return hide_all((text,), masks)[0]


def hide_all(texts: Sequence[str], masks: Sequence[Armed]) -> list[str]:
    """Texts with armed masks applied: a few hundred together take a fraction of what they take one by one."""
    looked = [*map(narrow, texts)]
    found = finds_in(looked, masks)
    return [replaced(*each) if each[2] else each[0] for each in zip(texts, looked, found, strict=True)]


def hide_cells(texts: Sequence[str], column: str, masks: Sequence[Armed]) -> list[str]:
    """`hide_all` for the values of a column: of one that is called after a mask all of each value that fits."""
    held = holder(column, masks)
    if held is None:
        return hide_all(texts, masks)
    done = [whole(text, held) for text in texts]
    others = iter(hide_all([text for text, one in zip(texts, done, strict=True) if one is None], masks))
    return [next(others) if one is None else one for one in done]


def holder(column: str, masks: Sequence[Armed]) -> Armed | None:
    """The mask, of these, that a column is called after; never a contract's own pattern."""
    named = holders(column) if masks else ()  # else nobody reads what columns masks are called after
    return next((mask for mask in masks if mask.name in named and not mask.own), None)


def whole(text: str, held: Armed) -> str | None:
    """What a value of a mask's column becomes; None for one that it does not hide as a whole, or did already."""
    return held.become(narrow(text)) if fits(text, held.name) and not PLACEHOLDER.fullmatch(text) else None


def finds_in(texts: Sequence[str], masks: Sequence[Armed]) -> list[list[tuple[Span, Armed]]]:
    """`finds` of each of many narrow texts."""
    if not texts:
        return []
    worth = _worthwhile(texts, masks)
    told = {
        mask: iter(mask.column([text for text, here in zip(texts, worth, strict=True) if mask in here]))
        for mask in masks
        if mask.column is not None
    }
    return [finds(text, here, told) if here else [] for text, here in zip(texts, worth, strict=True)]


def _worthwhile(texts: Iterable[str], masks: Sequence[Armed]) -> list[list[Armed]]:
    """The masks that may find something in each narrow text.

    Most texts hold nothing for most of them, which one look for all tells.
    """
    gates = tuple(mask.worth for mask in masks if mask.worth is not None)
    look, always = which_of(gates), [mask for mask in masks if mask.worth is None]
    worth = []
    for text in texts:
        found = {gates[place] for place in look(text)}
        worth.append([mask for mask in masks if mask.worth is None or mask.worth in found] if found else always)
    return worth


def replaced(text: str, looked: str, found: Sequence[tuple[Span, Armed]]) -> str:
    """A text with its finds replaced. Args: looked: the text made narrow, in which they were found."""
    pieces: list[str] = []
    end = 0
    for (start, stop), mask in found:
        pieces += text[end:start], mask.become(looked[start:stop])
        end = stop
    return "".join(pieces) + text[end:]


def finds(
    text: str, masks: Sequence[Armed], told: Mapping[Armed, Iterator[Sequence[Span]]] = {}
) -> list[tuple[Span, Armed]]:
    """What these masks find in a narrow text, in order and without overlaps. Placeholders of an earlier run stay.

    A digest (a long run of hex) is hidden as a whole or not at all: what chance wrote in it is no name and no number.

    Args: told: what comes next of it has what such a mask finds here.
    """
    spans: list[Span] = []
    owners: list[Armed | None] = []
    runs: Sequence[Span] | None = None
    tabled = tabulated(text, {mask.name for mask in masks if not mask.own}) if "\n" in text else {}
    for mask in masks:
        here: Iterable[Span] = next(told[mask]) if mask in told else mask.finds(text)
        for found in chain(tabled.pop(mask.name, ()), here):
            if runs is None:
                runs = digests(text)
                if "[" in text:
                    spans = [place.span() for place in _written(tuple(mask.name for mask in masks)).finditer(text)]
                    owners = [None] * len(spans)
            whole = found if mask.own or not runs else undivided(text, found, runs)
            for place, span in _free(*whole, text, spans) if whole else ():
                if mask.rest is not None and span != found and not mask.rest(text, span, found):
                    continue
                spans.insert(place, span)
                owners.insert(place, mask)
    return [(span, mask) for span, mask in zip(spans, owners, strict=True) if mask is not None]


def _free(start: int, end: int, text: str, taken: Sequence[Span]) -> list[tuple[int, Span]]:
    """The parts of a span that nobody has yet and that say something, and where they belong among those taken.

    Args: taken: in order and without overlaps. Returns: the last part first, so that each place holds when used.
    """
    first = bisect_right(taken, start, key=lambda span: span[1])
    whole, free = (start, end), []
    for place in range(first, len(taken) + 1):
        left, right = taken[place] if place < len(taken) else (end, end)
        stop = min(left, end)
        if start < stop and ((start, stop) == whole or any(c.isalnum() for c in text[start:stop])):
            free.append((place, (start, stop)))
        start = right
        if start >= end:
            break
    return free[::-1]


def reveal(standin: str, mask: str, key: str = "") -> str:
    """What a stand-in of the mode pseudonym was made of, in narrow characters. It needs the key it was made with.

    Args: mask: the mask's name, or that of the contract's own pattern. key: the key's id; the one in use when empty.
    Raises: UserError E153 without a key, E420 without that one.
    """
    known = entries("mask")
    keeps = known[mask].facts.get("keeps", 0) if mask in known else 0
    return revealed(standin, mask, _secret(mask, key), keeps)


def kept_person(person: str, masks: Sequence[Armed], secret: bytes) -> str:
    """The name under which a person is kept: their own, or what stands for it where a mask hides it.

    Args: secret: of `person_secret`.
    """
    looked = narrow(person)
    (found,) = finds_in((looked,), masks)
    return of_person(person, replaced(person, looked, found), found, secret) if found else person


def of_person(person: str, hidden: str, found: Sequence[tuple[Span, Armed]], secret: bytes) -> str:
    """What stands for a person: the token or stand-in that the contract asks for, else a pseudonym."""
    return hidden if all(mask.mode != "mask" for _, mask in found) else pseudonym(person, secret)


def person_secret(key: str = "") -> bytes:
    """What the names of `pseudonym` are made with: a part of the key, so that nobody without it can try all numbers.

    Without a key it is no secret: such a name then hides a number only from who does not look for it.

    Args: key: its id; the one in use, if there is any, when empty; KEYLESS for none.
    Raises: UserError E420 when there is no key of that id.
    """
    if key == KEYLESS or not (key or held_keys()):
        return b"zhinan person"
    return find_key(key).derive("names of persons")


def pseudonym(name: str, secret: bytes) -> str:
    """The name under which a person (or an event) is kept whose own name (an address, a number) a mask hides."""
    return "person-" + hashlib.blake2b(name.encode(), digest_size=8, key=secret).hexdigest()


def armed(
    masks: Iterable[str | MaskSpec] | None = None,
    key: str = "",
    pipelines: Mapping[str, bytes] = {},
    tagger: bytes | None = None,
) -> tuple[Armed, ...]:
    """Masks ready to look, in their order; all registered ones by default.

    Args:
        key: the id of the key for the modes that need one; the one in use when empty, KEYLESS for none.
        pipelines: mask → its packed pipeline; one that names a folder needs none here.
        tagger: the weights of what looks behind the rules; those of this package when None, empty for rules alone.
    Raises: as `redact`, E420 when there is no key of that id, E156 and E900 for a pipeline.
    """
    if masks is None:
        every = tuple(MaskSpec(name) for name in entries("mask"))
        return *_armed(every, None), *_tagged(every, None, tagger)
    specs = tuple(_spec(mask) for mask in masks)
    needing = next((spec.name for spec in specs if spec.mode != "mask"), None)
    secret = None if needing is None else _secret(needing, key)
    learned = {spec for spec in specs if spec.pipeline is not None or spec.name in pipelines}
    ruled = tuple(spec for spec in specs if spec not in learned)
    return (
        *_armed(ruled, secret),
        *(_learned(spec, pipelines.get(spec.name), secret) for spec in sorted(learned)),
        *_tagged(ruled, secret, tagger),
    )


def tagger_helps(spec: str | MaskSpec) -> bool:
    """Whether the tagger finds something for a mask."""
    spec = _spec(spec)
    return spec.pattern is None and spec.pipeline is None and find("mask", spec.name).name in WORTH


@cache
def _tagged(specs: tuple[MaskSpec, ...], key: bytes | None, content: bytes | None) -> tuple[Armed, ...]:
    """What the tagger adds: it looks last, so that it only fills what nobody else finds."""
    helped = {find("mask", spec.name).name: spec.mode for spec in specs if content != b"" and tagger_helps(spec)}
    return tuple(
        Armed(name, mode, worth, finds, _become(name, mode, find("mask", name).facts, key), column, RESTS[name])
        for name, worth in WORTH.items()
        if (mode := helped.get(name))
        for finds, column in [tagged(name, content)]
    )


def _learned(spec: MaskSpec, pipeline: bytes | None, key: bytes | None) -> Armed:
    from zhinan.steps.presidio import finder, finder_in

    finds = finder_in(str(spec.pipeline)) if pipeline is None else finder(pipeline)
    return Armed(spec.name, spec.mode, None, finds, _become(spec.name, spec.mode, {}, key))


def _secret(mask: str, key: str) -> bytes:
    if key == KEYLESS or not held_keys():
        raise UserError("E153", mask=mask)
    return find_key(key).derive(_PURPOSE)


def _spec(mask: str | MaskSpec) -> MaskSpec:
    return MaskSpec(mask) if isinstance(mask, str) else mask


@cache
def _written(names: tuple[str, ...]) -> re.Pattern[str]:
    """What a find has become: a placeholder of these masks or of any registered one, or a token of any at all."""
    known = sorted({name.upper() for name in (*names, *entries("mask"))})
    return re.compile(rf"\[(?:(?:{'|'.join(map(re.escape, known))})|[A-Z][A-Z0-9_]{{0,39}}:[b-t]{{16}})\]")


@cache
def _armed(specs: tuple[MaskSpec, ...], key: bytes | None) -> tuple[Armed, ...]:
    made: dict[str, tuple[int, Armed]] = {}
    for spec in specs:
        if spec.pattern is not None:
            made[spec.name] = (
                1,
                Armed(
                    spec.name, spec.mode, None, compiled(spec.pattern), _become(spec.name, spec.mode, {}, key), own=True
                ),
            )
        else:
            entry = find("mask", spec.name)
            facts = entry.facts
            become = _become(entry.name, spec.mode, facts, key)
            made[entry.name] = (
                facts.get("order", 55),
                Armed(entry.name, spec.mode, facts.get("worth"), entry.target, become, facts.get("column")),
            )
    return tuple(mask for _, mask in sorted(made.values(), key=lambda pair: (pair[0], pair[1].name)))


def _become(name: str, mode: str, facts: Mapping[str, Any], key: bytes | None) -> Callable[[str], str]:
    label, keeps, grouped = name.upper(), facts.get("keeps", 0), facts.get("grouped", False)
    if mode == "mask" or key is None:
        return lambda found: f"[{label}]"
    if mode == "hash":
        return lambda found: f"[{label}:{hashed(found, name, key, grouped)}]"
    if facts.get("small"):
        return lambda found: standin(found.lower(), name, key, keeps)
    return lambda found: standin(found, name, key, keeps)
