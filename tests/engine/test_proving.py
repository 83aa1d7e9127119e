"""A packaged version is proved later only on sealed rows it has never learned from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from zhinan.contract import load
from zhinan.core import UserError
from zhinan.core.account import by
from zhinan.engine import build, proving
from zhinan.engine.proving import prove_version
from zhinan.evaluate.costs import Costs
from zhinan.package import export_zip
from zhinan.store import Store

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("told_costs")]
Shop = Callable[..., Path]


def drafted(path: Path) -> Path:
    built = build(path, until="shallow", draft=True)
    assert built.path is not None
    return Path(built.path)


def test_a_draft_build_is_proved_at_its_first_opening_and_again_for_free(shop: Shop, tmp_path: Path) -> None:
    path = shop(tmp_path)
    version = drafted(path)
    with Store(tmp_path / ".zhinan") as store:
        first = prove_version(load(path), store, version)
        again = prove_version(load(path), store, version)
        assert (first.outcome, first.ledger["opening"]) == ("PROVED", 1)
        assert again.ledger == first.ledger
        assert [v["verdict"] for v in store.verdicts("shop", 1)] == ["PROVED"]
        path.write_text(path.read_text("utf-8").replace(">= 70%", ">= 60%"), "utf-8")
        prove_version(load(path), store, version)  # a commitment of its own, which the audit says who made
        made = [row.who for row in store.audit("shop") if row.action == "commit"]
    assert made == [by("build"), by("prove")]


def test_a_zip_is_as_good_and_weighs_what_its_files_weigh(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop(tmp_path)
    zipped = export_zip(drafted(path), tmp_path / "v.zip")
    seen: list[Path] = []
    told = proving.measure_costs

    def measured(folder: Path, rows: object, **more: object) -> Costs:
        seen.append(folder)
        assert (folder / "manifest.json").is_file(), "the size of a zip is not that of the version"
        return told(folder, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(proving, "measure_costs", measured)
    with Store(tmp_path / ".zhinan") as store:
        assert prove_version(load(path), store, zipped).outcome == "PROVED"
    assert len(seen) == 1


def test_another_product_other_data_or_another_split_is_refused(shop: Shop, tmp_path: Path) -> None:
    version = drafted(shop(tmp_path))
    changed = {
        "other data": {"rows": 260},
        "a split that seals what it learned from": {"must": ("accuracy >= 70%", "recall[card] >= 95%")},
    }
    for name, change in changed.items():
        path = shop(tmp_path, **change)
        with Store(tmp_path / ".zhinan") as store, pytest.raises(UserError) as error:
            prove_version(load(path), store, version)
        assert error.value.code == "E312", name
    path = shop(tmp_path)
    path.write_text(path.read_text("utf-8").replace("product: shop", "product: shoe"), encoding="utf-8")
    with Store(tmp_path / ".zhinan") as store, pytest.raises(UserError) as error:
        prove_version(load(path), store, version)
    assert error.value.code == "E312"
