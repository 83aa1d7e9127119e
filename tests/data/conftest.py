"""Writes small products into a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhinan.contract import Contract, parse

Product = Callable[..., Contract]


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
