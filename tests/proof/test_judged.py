"""Answers beside the truth: lengths agree, groups are found, and the room stays light."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import zhinan.proof
from zhinan.core import UserError
from zhinan.core.catalogue.proof import ENTRIES
from zhinan.proof import Judged


def test_rows_are_kept_together() -> None:
    judged = _judged()
    kept = judged.where(judged.truth == "a")
    assert len(kept) == 2
    assert kept.probability is not None
    assert kept.probability.tolist() == [[0.9, 0.1], [0.4, 0.6]]
    assert kept.columns["channel"].tolist() == ["app", "web"]
    assert {name: len(part) for name, part in judged.groups("channel").items()} == {"app": 2, "web": 1}


def test_what_does_not_fit_is_refused_by_name() -> None:
    names = np.asarray(["a", "b"])
    with pytest.raises(UserError, match="E032"):
        Judged(names, names[:1])
    with pytest.raises(UserError, match=r"E032.*channel"):
        Judged(names, names, columns={"channel": names[:1]})
    for wrong in (np.ones((2, 3)), np.asarray([[0.5, np.nan], [0.5, 0.5]]), np.full((2, 2), 1.5), np.ones(2)):
        with pytest.raises(UserError, match="E033"):
            Judged(names, names, wrong, ("a", "b"))
    with pytest.raises(UserError, match="did you mean 'channel'"):
        _judged().groups("chanel")


def test_every_entry_speaks_both_languages_with_the_same_values() -> None:
    import string

    for code, entry in ENTRIES.items():
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (entry.what + entry.fix, entry.what_zh + entry.fix_zh)
        ]
        assert fields[0] == fields[1], code


def test_every_public_name_is_there_and_the_room_costs_neither_numpy_nor_scipy_to_enter() -> None:
    assert zhinan.proof.__all__ == sorted(zhinan.proof.__all__)
    for name in zhinan.proof.__all__:
        assert getattr(zhinan.proof, name).__module__.startswith("zhinan.proof.")
    with pytest.raises(AttributeError):
        _ = zhinan.proof.nothing_of_the_kind
    check = (
        "import sys, zhinan.proof; assert 'numpy' not in sys.modules;"
        "[getattr(zhinan.proof, name) for name in zhinan.proof.__all__]; assert 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


def _judged() -> Judged:
    return Judged(
        np.asarray(["a", "a", "b"]),
        np.asarray(["a", "b", "b"]),
        np.asarray([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]]),
        ("a", "b"),
        columns={"channel": np.asarray(["app", "web", "app"])},
    )
