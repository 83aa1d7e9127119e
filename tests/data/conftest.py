"""Writes small products into a folder, and reads their files in this process where the child is not what is tested."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhinan.contract import Contract, parse
from zhinan.core import find
from zhinan.data import Raw

Product = Callable[..., Contract]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read without a child process."""
    from zhinan.data import guess, sources

    def read(path: Path, **_: Any) -> Raw:
        return Raw.joined(find("reader", path.suffix[1:]).target(path))

    monkeypatch.setattr(sources, "read", read)
    monkeypatch.setattr(guess, "read", read)


@pytest.fixture
def product(tmp_path: Path) -> Product:
    """Builds the contract of a product whose files are given as texts: product({"rows.csv": "…"}, target="label")."""

    def build(files: dict[str, str], must: tuple[str, ...] = ("accuracy >= 50%",), **data: Any) -> Contract:
        for name, content in files.items():
            (tmp_path / name).write_text(content, "utf-8")
        names = list(files)
        data = {"source": names[0], **({"test": names[1]} if len(names) > 1 else {}), **data}
        keys = "\n".join(f"  {key}: {value}" for key, value in data.items())
        lines = "\n".join(f"  - {line}" for line in must)
        return parse(f"product: router\ndata:\n{keys}\nmust:\n{lines}\n", tmp_path / "product.yaml")

    return build
