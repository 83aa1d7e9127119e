"""On public data: amounts of credit are predicted, proved, and their intervals hold as often as they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhinan.engine import build

pytestmark = pytest.mark.real


def test_german_credit_amounts_are_proved_and_trees_help(public_data: Path, tmp_path: Path) -> None:
    pytest.importorskip("lightgbm")
    folder = public_data / "german_credit"
    first, second = ((folder / f"{name}.csv").read_text("utf-8").splitlines() for name in ("train", "test"))
    (tmp_path / "credit.csv").write_text("\n".join([*first, *second[1:]]) + "\n", encoding="utf-8")
    (tmp_path / "product.yaml").write_text(
        "product: amounts\ndata: credit.csv\ntarget: credit_amount\nmust:\n  - mae <= 1500\n  - coverage >= 85%\n",
        encoding="utf-8",
    )
    built = build(tmp_path / "product.yaml", until="shallow")
    assert {row["line"]: row["verdict"] for row in built.verdicts} == {
        "mae <= 1500": "PROVED",
        "coverage >= 85%": "PROVED",
    }
    off = {row["recipe"]: row["dev"]["mae <= 1500"] for row in built.recipes if row["dev"]}
    assert off["linear"] < 0.8 * off["prior"]
    assert min(off["boost"], off["blend"]) < off["linear"]
