"""A build with a key: what the rows say can be read nowhere, neither in the store nor in the version that ships."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from zhinan.core.keys import VARIABLE, new_key
from zhinan.engine import build
from zhinan.store import Store, key_status

CANARY = "zanahoria"


def _seen(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.relative_to(folder).as_posix() for path in files if CANARY.encode() in path.read_bytes()]


@pytest.mark.system
def test_no_input_can_be_read_in_the_store_or_the_version(
    shop: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = shop(tmp_path / "p", rows=200, wrong=0.15, note=CANARY)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    plain = build(product, store=tmp_path / "plain", until="shallow")
    assert any(name.endswith("report.html") for name in _seen(tmp_path / "plain")), "the canary would not be found"
    monkeypatch.setenv(VARIABLE, new_key().text)
    sealed = build(product, store=tmp_path / "sealed", until="shallow")
    assert _seen(tmp_path / "sealed") == []
    assert list(temporary.iterdir()) == []
    assert [v["verdict"] for v in sealed.verdicts] == [v["verdict"] for v in plain.verdicts]
    with Store(tmp_path / "sealed") as store:
        assert key_status(store).plain == 0
    again = build(product, store=tmp_path / "sealed", until="shallow")
    assert (again.version, again.outcome) == (sealed.version, sealed.outcome)
