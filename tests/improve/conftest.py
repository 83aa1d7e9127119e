"""What tests of learning from users share: a small shop whose first version is live, and its store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from zhinan.contract import Contract
from zhinan.contract import load as read_contract
from zhinan.engine import build
from zhinan.store import Store

from ..engine.conftest import told_costs

__all__ = ["product", "store", "told_costs"]


@pytest.fixture
def product(shop: Callable[..., Path], tmp_path: Path) -> Contract:
    """A shop whose first version is live."""
    contract = read_contract(shop(tmp_path, rows=240, must=("accuracy >= 60%",)))
    assert build(contract, until="shallow").stage == "live"
    return contract


@pytest.fixture
def store(product: Contract) -> Iterator[Store]:
    """The product's store."""
    with Store(product.root / ".zhinan") as opened:
        yield opened
