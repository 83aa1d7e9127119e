"""A watch goes by what its product file says now, as long as that is the same product."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from zhinan.cli.following import Following


def test_a_product_that_is_renamed_under_a_watch_is_said_once_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "product.yaml"

    def write(product: str, least: int) -> None:
        path.write_text(f"product: {product}\ndata: m.csv\ntarget: label\nmust:\n  - accuracy >= {least}%\n")

    write("shop", 60)
    asked: Any = SimpleNamespace(lang="en")
    following = Following(asked, path)
    write("shop", 70)
    assert following.look()
    write("store", 70)
    assert [following.look(), following.look()] == [False, False]
    assert (following.contract.product, capsys.readouterr().err.count("E505")) == ("shop", 1)
    write("shop", 80)
    assert following.look()
