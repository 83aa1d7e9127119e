"""A third party adds a metric, an encoder and a recipe: one new file each, an entry point, and no edit elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from zhinan.conformance import check, checks
from zhinan.core import entries, find, registry
from zhinan.core.registry import KINDS

PLUGINS = {
    "example_metric": ("metric", "mistake_rate"),
    "example_encoder": ("encoder", "fourier"),
    "example_recipe": ("recipe", "centroid"),
}


@pytest.fixture(scope="module", autouse=True)
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """As after `pip install example-plugins`: the files on the path and a distribution with entry points."""
    for kind in KINDS:
        entries(kind)
    folder = tmp_path_factory.mktemp("site-packages")
    info = folder / "example_plugins-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: example-plugins\nVersion: 1.0\n", encoding="utf-8")
    points = "\n".join(f"{module} = {module}" for module in PLUGINS)
    (info / "entry_points.txt").write_text(f"[zhinan]\n{points}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        patch.syspath_prepend(str(Path(__file__).parent / "plugins"))
        patch.setattr(registry, "_things", dict(registry._things))
        patch.setattr(registry, "_walked", set())
        for module in PLUGINS:
            patch.delitem(sys.modules, module, raising=False)
        yield
        for module in PLUGINS:
            sys.modules.pop(module, None)


@pytest.mark.parametrize(("kind", "name"), PLUGINS.values(), ids=PLUGINS)
def test_a_new_file_passes_the_conformance_suite(kind: str, name: str) -> None:
    assert find(kind, name).target.__module__ in PLUGINS
    assert len(checks(kind, name)) > 5
    check(kind, name)


def test_a_new_metric_can_be_written_in_a_contract() -> None:
    from zhinan.contract import parse_line

    line = parse_line("错误率 <= 20%")
    assert (line.metric, line.op, line.target) == ("mistake_rate", "<=", 0.2)


def test_the_new_metric_counts_mistakes() -> None:
    from zhinan.proof import Judged

    judged = Judged(np.array(["a"] * 50), np.array(["a"] * 46 + ["b"] * 4), None, ("a", "b"))
    measured = find("metric", "mistake_rate").target(judged)
    assert measured.value == 0.08
    assert measured.upper(0.05) == pytest.approx(0.1738, abs=1e-4)  # Clopper–Pearson, 4 of 50


def test_the_new_encoder_approximates_a_gaussian_kernel() -> None:
    rows = {"x": np.linspace(-2, 2, 41).tolist()}
    encoder = find("encoder", "fourier").target(waves=4096, scale=0.5)
    fitted = encoder.fit(rows)
    features = fitted.encode(rows) * np.sqrt(2 / 4096)
    plain = fitted.columns.encode(rows)
    distance = ((plain[:, None, :] - plain[None, :, :]) ** 2).sum(-1)
    assert np.abs(features @ features.T - np.exp(-0.125 * distance)).max() < 0.1


def test_the_new_recipe_puts_a_class_at_its_mean() -> None:
    from zhinan.core import Block, Encoded

    fitted = find("encoder", "columns").target(knots=0).fit({"x": [0.0, 0.0, 4.0, 4.0]})
    values = fitted.encode({"x": [0.0, 0.0, 4.0, 4.0]})
    part = Encoded((Block("columns", values, fitted),), np.array([0, 0, 1, 1]), ("low", "high"))
    made = find("recipe", "centroid").target(part, part, budget=1.0)
    assert made.dev.argmax(1).tolist() == [0, 0, 1, 1]
