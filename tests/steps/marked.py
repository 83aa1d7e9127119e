"""Lines in which ⟦⟧ stands around what a mask has to hide, and ⏎ for a new line."""

from __future__ import annotations

import re

from zhinan.core.patterns import which_of
from zhinan.steps.mask import armed, hide

__all__ = ["hides_what_is_marked"]


def hides_what_is_marked(mask: str, lines: str) -> None:
    """The rules of a mask alone hide what is marked and nothing else, and its `worth` lets them look for it."""
    rules = armed([mask], tagger=b"")
    worth = which_of((str(rules[0].worth),))
    for line in filter(None, map(str.strip, lines.splitlines())):
        text = re.sub("[⟦⟧]", "", line).replace("⏎", "\n")
        assert hide(text, rules) == re.sub("⟦.*?⟧", f"[{mask.upper()}]", line).replace("⏎", "\n"), line
        assert "⟦" not in line or worth(text), line
