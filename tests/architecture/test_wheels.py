"""Installing needs no compiler: every base dependency has a wheel for Linux, macOS and Windows."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

LINUX = ["manylinux_2_28", "manylinux_2_27", "manylinux_2_26", "manylinux_2_24", "manylinux_2_17", "manylinux2014"]
PLATFORMS = {
    "linux x86-64": [f"{tag}_x86_64" for tag in LINUX],
    "macos arm64": ["macosx_14_0_arm64"],
    "windows x86-64": ["win_amd64"],
}
SYSTEMS = {"linux x86-64": "linux", "macos arm64": "darwin", "windows x86-64": "win32"}


@pytest.mark.system
def test_the_base_install_resolves_to_wheels(root: Path, tmp_path: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    asking = {platform: _asked(platform, tmp_path / platform, _meant(platform, project)) for platform in PLATFORMS}
    told = {platform: process.communicate()[1] for platform, process in asking.items()}
    if any(process.returncode for process in asking.values()) and not _index_answers():
        pytest.skip("no package index can be reached")
    for platform, process in asking.items():
        assert process.returncode == 0, f"{platform}: {told[platform]}"
        _all_wheels(tmp_path / platform / "report.json")


def _meant(platform: str, project: dict[str, list[str]]) -> list[str]:
    """The dependencies on a platform: pip asks markers of the machine that it runs on."""
    there = {"sys_platform": SYSTEMS[platform], "python_version": "3.11"}
    markers = {one: Requirement(one).marker for one in project["dependencies"]}
    return [one.partition(";")[0] for one, marker in markers.items() if marker is None or marker.evaluate(there)]


def _asked(platform: str, folder: Path, dependencies: list[str]) -> subprocess.Popen[str]:
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--retries", "2"),
        *("--only-binary=:all:", "--python-version", "3.11", "--target", str(folder / "target")),
        *(part for tag in PLATFORMS[platform] for part in ("--platform", tag)),
        *("--report", str(folder / "report.json"), *dependencies),
    ]
    folder.mkdir()
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _all_wheels(report: Path) -> None:
    found = json.loads(report.read_text("utf-8"))["install"]
    names = {item["metadata"]["name"].lower() for item in found}
    assert {"numpy", "onnxruntime", "polars", "granian"} <= names
    assert not names & {"torch", "transformers", "nvidia-cublas-cu12"}, "the base install is without torch"
    assert all(item["download_info"]["url"].endswith(".whl") for item in found)


def _index_answers() -> bool:
    """Whether the configured index knows a package that every index has."""
    command = [sys.executable, "-m", "pip", "index", "versions", "--retries", "0", "pip"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
