"""A rule is compiled when it is first looked for, and is then what `re.compile` gives."""

from __future__ import annotations

import copy
import pickle
import re

import pytest

from zhinan.core.rules import rule


def test_a_rule_costs_nothing_until_it_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    compiled = re.compile
    monkeypatch.setattr(re, "compile", lambda pattern: asked.append(pattern) or compiled(pattern))
    one = rule(r"(?i)(?P<find>a+)b")
    copies = copy.copy(one), pickle.loads(pickle.dumps(one))
    assert one.pattern == r"(?i)(?P<find>a+)b"
    assert not asked
    assert one.search("xAAb")["find"] == "AA"
    assert one.fullmatch("b") is None
    assert [match.span() for match in one.finditer("ab aab")] == [(0, 2), (3, 6)]
    assert (one.sub("-", "xab"), one.groupindex, one.groups, bool(one.flags & re.I)) == ("x-", {"find": 1}, 1, True)
    assert asked == [one.pattern]
    assert copies[0].match("ab")
    assert copies[1].match("ab")


def test_what_a_pattern_cannot_is_told() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        rule("a").nothing_like_it  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(re.error):
        rule("(").search("a")
