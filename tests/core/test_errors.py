"""Errors a user meets: one type, a code, both languages saying the same, and a way out."""

from __future__ import annotations

import difflib
import pickle
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.core import UserError, Words, suggest
from zhinan.core.errors import Entry, catalogue

HAN = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"\{\w+\}")
QUOTED = re.compile(r"['\"“][^'\"”]*['\"”]|\[[^\]]*\]")


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def _entries() -> Iterator[tuple[str, Entry]]:
    yield from catalogue().items()


def test_every_error_says_the_same_in_both_languages() -> None:
    for code, entry in _entries():
        assert _placeholders(entry.what) == _placeholders(entry.what_zh), code
        assert _placeholders(entry.fix) == _placeholders(entry.fix_zh), code


def test_every_error_has_all_four_texts() -> None:
    for code, entry in _entries():
        assert all((entry.what, entry.fix, entry.what_zh, entry.fix_zh)), code
        words = PLACEHOLDER.sub("", entry.what_zh)
        assert HAN.search(words) or not re.search(r"\w", words), f"{code} is not in 中文"
        assert not HAN.search(QUOTED.sub("", entry.what)), f"{code} is not in English"


def test_every_code_is_well_formed_and_placeholders_are_names() -> None:
    for code, entry in _entries():
        assert re.fullmatch(r"E\d{3}", code)
        for template in (entry.what, entry.fix, entry.what_zh, entry.fix_zh):
            assert all(name.isidentifier() for name in _placeholders(template)), code


def test_every_code_raised_in_the_sources_is_in_the_catalogue_and_every_entry_is_used(root: Path) -> None:
    text = "\n".join(
        path.read_text("utf-8") for path in (root / "src" / "zhinan").rglob("*.py") if "catalogue" not in path.parts
    )
    used = set(re.findall(r"[\"'](E\d{3})[\"']", text))
    assert used - set(catalogue()) == set(), "raised, but not in the catalogue"
    assert set(catalogue()) - used == set(), "in the catalogue, but never raised"


def test_an_error_prints_where_what_and_how_to_mend_it() -> None:
    error = UserError(
        "E019", "product.yaml:7:5", kind="metric", name="macro_fl", suggestion=suggest("macro_fl", ["macro_f1"])
    )
    assert str(error) == error.text("en")
    assert error.text("zh").splitlines() == [
        "error[E019] product.yaml:7:5  未知的 metric：“macro_fl”",
        "  修复: 是不是“macro_f1”？（zhinan list metrics）",
    ]
    assert error.as_dict() == {
        "code": "E019",
        "where": "product.yaml:7:5",
        "what": "unknown metric 'macro_fl'",
        "fix": "did you mean 'macro_f1'? (zhinan list metrics)",
    }


def test_an_error_survives_the_way_back_from_a_child_process() -> None:
    error = UserError(
        "E902", "a:1", kind="recipe", name="linear", option="l2", reason=Words("bad", "不行"), wanted="float"
    )
    again = pickle.loads(pickle.dumps(error))
    assert again.text("en") == error.text("en")
    assert again.text("zh") == error.text("zh")


def test_a_code_that_is_not_in_the_catalogue_is_our_own_mistake() -> None:
    with pytest.raises(KeyError):
        UserError("E000")


def test_a_name_longer_than_any_is_near_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(difflib, "get_close_matches", lambda *_, **__: pytest.fail("it was compared"))
    assert suggest("accuracy" * 100_000, ["accuracy", "auc"]).en == "choose one of: accuracy, auc"


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=30))
def test_a_suggestion_can_be_made_for_any_word(name: str, options: list[str]) -> None:
    words = suggest(name, options)
    assert words.en
    assert words.zh


def test_a_word_with_braces_is_printed_as_it_is() -> None:
    error = UserError("E019", kind="metric", name="{name}{0}", suggestion=suggest("{x}", ["{y}"]))
    assert "'{name}{0}'" in error.what()
