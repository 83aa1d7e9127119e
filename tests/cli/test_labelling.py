"""Several labels are given to a row one key each, none of them as surely as some, and names may be typed short."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from zhinan.cli.labelling import KEYS, _choice, _several
from zhinan.cli.options import Asked
from zhinan.core import UserError
from zhinan.engine.labelling import Desk
from zhinan.engine.queues import Item

ASKED = Asked(json=False, store=None, lang="en", quiet=True)
MANY = tuple(f"topic{i:02}" for i in range(len(KEYS) + 1))


def pressed(monkeypatch: pytest.MonkeyPatch, keys: Iterable[str]) -> Iterator[str]:
    left = iter(keys)
    monkeypatch.setattr(click, "getchar", lambda: next(left))
    return left


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("13\r", ('["bug", "slow"]',)),
        ("1231\r", ('["login", "slow"]',)),  # pressed again, a label is taken back
        ("11\r2\n", ('["login"]',)),  # Enter alone says nothing: no labels at all are said on purpose
        ("10", ("[]",)),
        ("2=", ('["bug"]',)),
        ("92 ", None),
        ("1-", "back"),
        ("q", "quit"),
    ],
)
def test_keys_add_and_take_back_labels(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], keys: str, said: object
) -> None:
    left = pressed(monkeypatch, keys)
    assert _several(ASKED, ("bug", "login", "slow"), '["bug"]') == said
    assert next(left, None) is None
    assert "as suggested" in capsys.readouterr().out


@pytest.mark.parametrize("several", [False, True])
def test_what_is_no_key_gives_no_label(monkeypatch: pytest.MonkeyPatch, several: bool) -> None:
    classes = ("bug", "login", "slow")
    for keys, said in ((["\x1b[A", "12", "2", "\r"], ('["login"]',) if several else ("login",)), ([""], "quit")):
        pressed(monkeypatch, keys)
        assert (_several(ASKED, classes, None) if several else _choice(ASKED, classes)) == said


def test_without_a_suggestion_none_can_be_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pressed(monkeypatch, "=1\r")
    assert _several(ASKED, ("bug", "login"), None) == ('["bug"]',)
    assert "suggested" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["topic01|topic3", "t"], "back"),
        (["topic01 | topic34"], ('["topic01", "topic34"]',)),
        (["[]"], ("[]",)),
        (['["topic02"]'], ('["topic02"]',)),
        (["nonsense", "q"], "quit"),
    ],
)
def test_with_more_labels_than_keys_names_are_typed(
    monkeypatch: pytest.MonkeyPatch, typed: list[str], said: object
) -> None:
    left = iter([*typed, "-"])
    monkeypatch.setattr(click, "prompt", lambda *_, **__: next(left))
    assert _several(ASKED, MANY, None) == said


def test_a_file_that_somebody_filled_in_is_never_written_over(tmp_path: Path) -> None:
    desk: Any = object.__new__(Desk)
    todo, other = tmp_path / "todo.csv", tmp_path / "other.csv"
    items = [Item("r1", "sealed", {"message": "hello"}), Item("r2", "sealed", {"message": "thanks"})]
    desk.write(todo, items[:1])
    desk.write(todo, items)  # nobody has filled it in
    assert todo.read_text("utf-8-sig").count("\n") == 3
    todo.write_text(todo.read_text("utf-8-sig").replace("thanks,,", "thanks,,card"), "utf-8")
    other.write_text("message\nhello\n", "utf-8")
    for path in (todo, other):
        before = path.read_bytes()
        with pytest.raises(UserError, match="zhinan label --from") as error:
            desk.write(path, items)
        assert (error.value.code, path.read_bytes()) == ("E347", before)
