"""Names that presidio finds are hidden alike in training and serving, and a version brings its pipeline along."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhinan.core import MaskSpec, UserError
from zhinan.steps import presidio
from zhinan.steps.mask import redact

needed = pytest.mark.skipif(
    importlib.util.find_spec("presidio_analyzer") is None,
    reason="the extra `presidio` is not installed (pip install 'zhinan[presidio]', 400 MB)",
)


@pytest.fixture
def pipeline(tmp_path: Path) -> Callable[..., Path]:
    """A real pipeline that knows two made-up names, which our own mask does not."""

    def made(language: str = "en", label: str = "PERSON") -> Path:
        import spacy

        nlp = spacy.blank(language)
        rules = nlp.add_pipe("entity_ruler")
        rules.add_patterns([{"label": label, "pattern": name} for name in ("zork blatt", "佐克布拉")])  # type: ignore[attr-defined]
        folder = tmp_path / f"{language}-{label}"
        nlp.to_disk(folder)
        return folder

    return made


def code(act: Callable[..., Any], *given: Any) -> str:
    with pytest.raises(UserError) as caught:
        act(*given)
    return caught.value.code


def test_a_folder_that_is_no_pipeline_is_refused(tmp_path: Path) -> None:
    assert code(redact, "x", (MaskSpec("people", pipeline=str(tmp_path)),)) == "E156"
    assert code(redact, "x", (MaskSpec("people", pipeline=str(tmp_path / "missing")),)) == "E156"


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "presidio_analyzer", None)
    with pytest.raises(UserError) as caught:
        presidio.finder(b"a pipeline")
    assert caught.value.code == "E900"
    assert "presidio" in caught.value.fix()


def test_a_pipeline_is_packed_alike_wherever_it_stands(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    (one / "ner").mkdir(parents=True)
    for name in ("meta.json", "config.cfg", "ner/model"):
        (one / name).write_text(name, "utf-8")
    shutil.copytree(one, other)
    assert presidio.packed(str(one)) == presidio.packed(str(other))


@needed
@pytest.mark.system
@pytest.mark.parametrize(("language", "name"), [("en", "zork blatt"), ("zh", "佐克布拉")])
def test_names_are_hidden_in_every_part_of_a_long_text(
    pipeline: Callable[..., Path], language: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    masks = (MaskSpec("people", pipeline=str(pipeline(language))), MaskSpec("phone"))
    text = f"call {name} at 13812345678"
    assert redact(text, masks) == "call [PEOPLE] at [PHONE]"
    assert redact(redact(text, masks), masks) == "call [PEOPLE] at [PHONE]"
    assert redact("", masks) == ""
    monkeypatch.setattr(presidio, "PIECE", 40)
    monkeypatch.setattr(presidio, "OVERLAP", 20)
    long = " ".join([f"{name} said"] * 30)
    assert redact(long, masks) == " ".join(["[PEOPLE] said"] * 30)


@needed
@pytest.mark.system
def test_a_pipeline_that_names_nobody_or_is_broken_is_refused(pipeline: Callable[..., Path]) -> None:
    assert code(redact, "x", (MaskSpec("people", pipeline=str(pipeline(label="GPE"))),)) == "E156"
    broken = pipeline("zh")
    (broken / "config.cfg").write_text("[nlp]\nlang = 5\n", "utf-8")
    assert code(redact, "x", (MaskSpec("people", pipeline=str(broken)),)) == "E156"
    assert code(presidio.finder, b"no zip") == "E156"
