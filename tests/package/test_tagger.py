"""A version brings the weights of the tagger that it was made with, and finds with them whatever comes later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from zhinan.package import Draft, drafting, open_version
from zhinan.steps.mask import TAGGER
from zhinan.steps.masks._tagger import LABELS, packed
from zhinan.steps.masks._tagger_features import keyed


def knowing(word: str) -> bytes:
    """Weights that know one word as a name."""
    return packed({keyed(f"w={word}", 0): [0, 640, *[0] * (len(LABELS) - 2)]}, [[0] * len(LABELS)] * len(LABELS))


def test_a_version_finds_with_the_weights_it_was_made_with(
    drafted: Callable[..., Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = []
    for word in ("zorblax", "quimbly"):
        monkeypatch.setattr(drafting, "weights", lambda word=word: knowing(word))
        made = drafted(masks=("person_name",))
        digests.append(made.digest)
        version = open_version(made.path)
        assert made.manifest.steps[0].files == {TAGGER: TAGGER}
        row: dict[str, Any] = {"message": "hello Zorblax and Quimbly", "channel": "web", "amount": 1}
        hidden = row["message"].replace(word.capitalize(), "[PERSON_NAME]")
        assert version.run(version.check([row]))["message"] == [hidden]
    assert digests[0] != digests[1]


def test_a_version_without_masks_that_it_helps_brings_no_weights(drafted: Callable[..., Draft]) -> None:
    assert TAGGER not in drafted(masks=("email",)).manifest.files
