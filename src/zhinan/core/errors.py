"""The one error a user sees: a code, where it happened, what is wrong and how to fix it, in English and 中文."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

__all__ = ["Entry", "UserError", "Words", "catalogue", "suggest"]


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue. The four texts are `str.format` templates over the values given to `UserError`."""

    what: str
    fix: str
    what_zh: str
    fix_zh: str


@dataclass(frozen=True)
class Words:
    """A value that reads differently in each language, to be put into a catalogue template."""

    en: str
    zh: str


class UserError(Exception):
    """Something the user can mend: bad contract, data, argument or environment. Exit code 3, HTTP 4xx.

    Args:
        code: a key of the catalogue, such as "E019".
        where: file:line:col, a path, a column or an argument; empty when the whole command is meant.
        values: fill the catalogue's templates; a `Words` value is rendered in the reader's language.
    """

    def __init__(self, code: str, where: str = "", **values: object) -> None:
        self.code = code
        self.where = where
        self.values = values
        super().__init__(self.text())

    def _render(self, template: str, lang: str) -> str:
        values = {k: getattr(v, lang) if isinstance(v, Words) else v for k, v in self.values.items()}
        return template.format(**values)

    def what(self, lang: str = "en") -> str:
        """What is wrong, one sentence."""
        entry = catalogue()[self.code]
        return self._render(entry.what_zh if lang == "zh" else entry.what, lang)

    def fix(self, lang: str = "en") -> str:
        """How to mend it, one sentence."""
        entry = catalogue()[self.code]
        return self._render(entry.fix_zh if lang == "zh" else entry.fix, lang)

    def text(self, lang: str = "en") -> str:
        """The two lines printed on a terminal."""
        where = f" {self.where}" if self.where else ""
        label = "修复" if lang == "zh" else "fix"
        return f"error[{self.code}]{where}  {self.what(lang)}\n  {label}: {self.fix(lang)}"

    def as_dict(self, lang: str = "en") -> dict[str, str]:
        """The object that `--json` prints under "error"."""
        return {"code": self.code, "where": self.where, "what": self.what(lang), "fix": self.fix(lang)}

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.code, self.where, self.values)


def _rebuild(code: str, where: str, values: dict[str, object]) -> UserError:
    return UserError(code, where, **values)


@cache
def catalogue() -> dict[str, Entry]:
    """Every known error by code, gathered from the files of `core/catalogue` (one per room)."""
    from zhinan.core import catalogue as folder

    entries: dict[str, Entry] = {}
    for module in pkgutil.iter_modules(folder.__path__):
        found: dict[str, Entry] = importlib.import_module(f"{folder.__name__}.{module.name}").ENTRIES
        twice = entries.keys() & found.keys()
        if twice:
            raise RuntimeError(f"error codes declared twice: {sorted(twice)}")
        entries.update(found)
    return entries


LONGEST_NAME = 200
"""Characters of a name that is compared with others; looking at longer ones costs more than anybody's slip is worth."""


def suggest(name: str, options: Iterable[str]) -> Words:
    """The nearest right word, or the list of right words when none is near."""
    known, short = sorted(set(map(str, options))), len(str(name)) <= LONGEST_NAME
    near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.6) if short else []
    if short and not near:
        lowered = {option.casefold(): option for option in known}
        near = [lowered[m] for m in difflib.get_close_matches(str(name).casefold(), list(lowered), n=1, cutoff=0.6)]
    if near:
        return Words(f"did you mean '{near[0]}'?", f"是不是“{near[0]}”？")
    shown = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")
    return Words(f"choose one of: {shown}", f"可选：{shown}")
