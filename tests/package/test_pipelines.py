"""A version brings the pipeline that its masks look for names with, and hides with it what training hid."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sealing import seal

from zhinan.core import MaskSpec
from zhinan.package import Draft, export_zip, open_version
from zhinan.steps.mask import redact

pytestmark = pytest.mark.system


def test_a_version_hides_names_without_the_folder_it_was_trained_with(
    drafted: Callable[..., Draft], tmp_path: Path
) -> None:
    pytest.importorskip("presidio_analyzer", reason="the extra `presidio` is not installed (400 MB)")
    import spacy

    nlp, folder = spacy.blank("en"), tmp_path / "pipeline"
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "zork blatt"}])  # type: ignore[attr-defined]
    nlp.to_disk(folder)
    masks = (MaskSpec("people", pipeline=str(folder)), MaskSpec("phone"))
    text = "call zork blatt at 13812345678"
    trained = redact(text, masks)
    made, again = drafted(masks=masks), drafted(masks=masks)
    assert made.digest == again.digest
    assert made.manifest.steps[0].files == {"people": "pipeline-people.zip"}
    version = seal(made, into=tmp_path / "v", number=1, proof={"outcome": "PROVED", "verdicts": []}, report={})
    bundle = export_zip(version.path, tmp_path / "v.zip")
    shutil.rmtree(folder)
    opened = open_version(bundle)
    row = {"message": text, "channel": "web", "amount": 1}
    assert opened.run(opened.check([row]))["message"] == [trained] == ["call [PEOPLE] at [PHONE]"]
