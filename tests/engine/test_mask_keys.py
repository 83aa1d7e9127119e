"""Another key for encryption renames no row: what was trained on stays known, and an opened seal stays opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from zhinan.contract import load
from zhinan.core import UserError
from zhinan.core.keys import KEYLESS, VARIABLE, Key
from zhinan.data import split
from zhinan.engine.labels import load_labelled, with_mask_key
from zhinan.engine.lineage import keep_lineage, lineage_of
from zhinan.steps.mask import options_of
from zhinan.store import Store, key_status, retire, rotate

MASKS = "  person: user_id\n  mask: {email: hash, phone: pseudonym, bank_card: mask}\n"
ONE, OTHER = Key(b"1" * 32), Key(b"2" * 32)  # any: seven persons fall on all sides by these


@pytest.fixture
def product(shop: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Rows whose persons are addresses, telephone numbers and cards."""
    path = shop(tmp_path, rows=60, more=MASKS)
    source = tmp_path / "messages.csv"
    lines = source.read_text("utf-8").splitlines()
    for i, line in enumerate(lines[1:], 1):
        parts = line.split(",")
        parts[2] = (f"a{i % 9}@b.com", f"1381234567{i % 9}", "4111111111111111")[i % 3]
        lines[i] = ",".join(parts)
    source.write_text("\n".join(lines) + "\n", "utf-8")
    give(monkeypatch, ONE)
    return path


def give(monkeypatch: pytest.MonkeyPatch, *keys: Key) -> None:
    monkeypatch.setenv(VARIABLE, " ".join(key.text for key in keys))


def rows_of(product: Path, store: Store) -> tuple[list[str], dict[str, list[str]]]:
    contract = with_mask_key(load(product), store)
    loaded, _ = load_labelled(contract, store)
    parts = split(contract, loaded)
    named = {name: sorted(getattr(parts, name).values("_row")) for name in ("train", "dev", "sealed")}
    return loaded.dataset.values("user_id"), named


def test_a_rotation_renames_no_row_moves_none_and_keeps_the_key_that_masks_need(
    product: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(product.parent / ".zhinan") as store:
        before = rows_of(product, store)
    give(monkeypatch, OTHER, ONE)
    with Store(product.parent / ".zhinan") as store:
        rotate(store)
        assert rows_of(product, store) == before
        contract = with_mask_key(load(product), store)
        assert options_of(contract.data.mask, contract.mask_key)["key"] == ONE.id
        assert key_status(store).keys[ONE.id]["masks"] == ["shop"]
        assert retire(store) == (), "the masks still need it"
    give(monkeypatch, OTHER)
    with pytest.raises(UserError, match=ONE.id):
        Store(product.parent / ".zhinan")


def test_persons_are_found_by_their_own_names_and_by_those_that_training_has(
    product: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(product.parent / ".zhinan") as store:
        contract = with_mask_key(load(product), store)
        loaded, _ = load_labelled(contract, store)
        kept = keep_lineage(store, contract, (loaded, split(contract, loaded)), opened=False)
        store.add_version("shop", "d", "nowhere", outcome="PROVED", summary={"lineage": kept})
    give(monkeypatch, OTHER, ONE)
    lines = (product.parent / "messages.csv").read_text("utf-8").splitlines()
    with Store(product.parent / ".zhinan") as store:
        for who in ("a3@b.com", "13812345671", " 4111111111111111"):
            found = {row["line"] for row in lineage_of(store, "shop", 1, person=who).named()}
            assert found == {i for i, line in enumerate(lines, 1) if line.split(",")[2] == who.strip()} != set()
        masked = next(one for one in loaded.dataset.values("user_id") if one.startswith("[EMAIL"))
        assert lineage_of(store, "shop", 1, person=masked).rows.height


def test_a_product_that_began_without_a_key_keeps_its_persons_names(
    product: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    product.write_text(product.read_text("utf-8").replace("email: hash, phone: pseudonym", "email: mask"), "utf-8")
    with Store(product.parent / ".zhinan") as store:
        assert store.mask_key("shop", keep=False) == KEYLESS
        before = rows_of(product, store)
        assert key_status(store).keys == {}
    give(monkeypatch, ONE)
    with Store(product.parent / ".zhinan") as store:
        rotate(store)
        assert rows_of(product, store) == before
        assert store.mask_key("shop", needed=True) == ONE.id == store.mask_key("shop")
