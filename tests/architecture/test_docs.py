"""Pages say what is true today: tables come from the registry, every shown product.yaml is a contract."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

FENCED = re.compile(r"^```ya?ml\n(?P<text>product:.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|#|mailto:)(?P<to>[^)#\s]+)")


def pages(root: Path) -> list[Path]:
    """Every page a reader may open."""
    return [
        *sorted(root.glob("*.md")),
        *sorted((root / "docs").rglob("*.md")),
        *sorted((root / "examples").rglob("*.md")),
    ]


def shown_contracts(root: Path) -> list[tuple[str, str]]:
    """(page and number, text) of every product.yaml printed on a page."""
    return [
        (f"{page.relative_to(root)} #{i}", match["text"])
        for page in pages(root)
        for i, match in enumerate(FENCED.finditer(page.read_text("utf-8")), start=1)
    ]


def test_every_contract_on_a_page_is_accepted(root: Path) -> None:
    from zhinan.contract import parse
    from zhinan.core import UserError

    refused = {}
    for name, text in shown_contracts(root):
        try:
            parse(text)
        except UserError as error:
            refused[name] = str(error)
    assert refused == {}


def test_every_shipped_product_is_accepted_and_its_data_is_there(root: Path) -> None:
    from zhinan.contract import load

    shipped = sorted((root / "examples").rglob("product*.yaml"))
    assert shipped, "examples/ ships no product.yaml"
    for path in shipped:
        contract = load(path)
        assert contract.must
        for source in contract.data.source:
            assert source.path is not None
            assert source.path.exists(), f"{path}: {source.path} is not there"


def test_every_shipped_yaml_is_a_contract_or_has_a_test_of_its_own(root: Path) -> None:
    others = [path for path in (root / "examples").rglob("*.y*ml") if not path.name.startswith("product")]
    assert others == []


def test_the_page_of_capabilities_is_what_the_registry_says(root: Path) -> None:
    program = """
import runpy, sys
sys.stdout.reconfigure(encoding="utf-8")
print(runpy.run_path("tools/capabilities.py")["page"](), end="")
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        check=True,
    )
    assert (root / "docs" / "capabilities.md").read_text("utf-8") == done.stdout, "run: make docs"


def test_no_page_links_to_a_file_that_is_not_there(root: Path) -> None:
    broken = [
        f"{page.relative_to(root)}: {match['to']}"
        for page in pages(root)
        for match in LINK.finditer(page.read_text("utf-8"))
        if not (page.parent / match["to"]).exists()
    ]
    assert broken == []


@pytest.mark.parametrize(
    "name", ["README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Dockerfile"]
)
def test_the_files_a_visitor_looks_for_are_there(root: Path, name: str) -> None:
    assert (root / name).read_text("utf-8").strip()


def test_the_changelog_names_the_version_of_the_code(root: Path) -> None:
    import zhinan

    assert re.search(
        rf"^## {re.escape(zhinan.__version__)}\b", (root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
