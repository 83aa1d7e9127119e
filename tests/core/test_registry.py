"""The registry: one place that knows what there is, fed by folders and entry points, whose schema is the signature."""

from __future__ import annotations

import importlib.metadata
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pytest

from zhinan.core import Search, UserError, entries, find, register, registry
from zhinan.core.registry import KINDS


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test registers is gone afterwards."""
    for kind in KINDS:
        entries(kind)
    monkeypatch.setattr(registry, "_things", dict(registry._things))
    monkeypatch.setattr(registry, "_walked", set(registry._walked))


def test_a_typo_is_answered_with_the_nearest_right_word() -> None:
    with pytest.raises(UserError) as caught:
        find("metric", "macro_fl", "product.yaml:7:5")
    assert caught.value.code == "E019"
    assert caught.value.text() == (
        "error[E019] product.yaml:7:5  unknown metric 'macro_fl'\n  fix: did you mean 'macro_f1'? (zhinan list metrics)"
    )


def test_a_word_unlike_any_is_answered_with_the_choices() -> None:
    with pytest.raises(UserError, match=r"choose one of: .*accuracy"):
        find("metric", "zzyzx")


def test_a_wrong_case_is_answered_with_the_right_one() -> None:
    with pytest.raises(UserError, match="did you mean 'accuracy'"):
        find("metric", "ACCURACY")


def test_an_unknown_kind_is_answered_with_the_nearest_right_one() -> None:
    with pytest.raises(UserError, match="did you mean 'encoder'"):
        entries("encoders")


def test_an_alias_finds_the_same_thing() -> None:
    assert find("metric", "准确率") is find("metric", "accuracy")


def test_no_two_things_of_a_kind_share_a_name_or_alias() -> None:
    for kind in KINDS:
        words = [word for entry in entries(kind).values() for word in (entry.name, *entry.facts.get("zh", ()))]
        assert len(words) == len(set(words)), kind


def test_everything_registered_says_in_one_sentence_what_it_is() -> None:
    silent = [f"{kind} {name}" for kind in KINDS for name, entry in entries(kind).items() if len(entry.summary) < 15]
    assert silent == []


def test_a_name_cannot_be_taken_twice() -> None:
    with pytest.raises(ValueError, match="registered twice"):

        @register("metric", "accuracy")
        def other() -> None: ...


def test_the_same_thing_may_be_registered_again_when_its_module_is_reloaded() -> None:
    accuracy = find("metric", "accuracy")
    register("metric", "accuracy", **accuracy.facts)(accuracy.target)
    assert find("metric", "accuracy").target is accuracy.target


def test_an_unknown_kind_is_refused_by_the_decorator() -> None:
    with pytest.raises(ValueError, match="kinds are task, reader"):
        register("metrics", "mine")


def test_nobody_else_can_add_a_step() -> None:
    with pytest.raises(ValueError, match="the set of steps is closed"):

        @register("step", "shell")
        class Shell: ...

    assert "shell" not in entries("step")


def test_entry_points_cannot_add_a_step_by_being_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sneaky_step.py").write_text(
        "from zhinan.core import register\n@register('step', 'shell')\nclass Shell: ...\n", encoding="utf-8"
    )
    _distribution(tmp_path, "sneaky", "step = sneaky_step")
    monkeypatch.syspath_prepend(str(tmp_path))
    registry._walked.discard("step")
    assert "shell" not in entries("step")
    assert "sneaky_step" not in sys.modules


def test_a_third_party_adds_by_an_entry_point_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a_masks_plugin.py").write_text(
        '"""A plugin."""\nfrom zhinan.core import register\n\n'
        "@register('mask', 'badge', zh=('工牌',))\ndef badge(text: str) -> list[tuple[int, int]]:\n"
        '    """Finds one badge."""\n    i = text.find("B-XY 1")\n    return [(i, i + 6)] if i >= 0 else []\n',
        encoding="utf-8",
    )
    _distribution(tmp_path, "masks_plugin", "badge = a_masks_plugin")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "a_masks_plugin", raising=False)
    registry._walked.discard("mask")
    assert find("mask", "工牌").target("badge B-XY 1") == [(6, 12)]


def _distribution(folder: Path, name: str, point: str) -> None:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[zhinan]\n{point}\n", encoding="utf-8")


def test_a_missing_extra_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = ["numpy>=1", "no-such-dist>=2; extra == 'mine'", "pytest>=1; extra == 'mine'", "torch; extra == 'train'"]
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: declared)

    @register("recipe", "special", extra="mine")
    def special() -> None:
        """Needs something that is not there."""

    assert find("recipe", "special").missing() == ["no-such-dist"]
    with pytest.raises(UserError) as caught:
        find("recipe", "special").require()
    assert caught.value.code == "E900"
    assert "no-such-dist" in caught.value.what()
    assert caught.value.fix() == "pip install 'zhinan[mine]'"


def test_what_needs_no_extra_can_always_run() -> None:
    assert find("metric", "accuracy").missing() == []
    find("metric", "accuracy").require()


def test_every_extra_named_by_a_built_in_thing_is_declared(root: Path) -> None:
    import tomllib

    declared = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    used = {entry.extra for kind in KINDS for entry in entries(kind).values() if entry.extra}
    assert used <= set(declared)


def test_the_signature_of_a_function_is_its_schema() -> None:
    @register("recipe", "tuned")
    def tuned(
        train: Any, *, budget: float, lr: Annotated[float, Search(1e-5, 1e-2, log=True)] = 1e-3, deep: bool = False
    ) -> None:
        """A recipe with options."""

    known = find("recipe", "tuned").parameters()
    assert list(known) == ["lr", "deep"]
    assert known["lr"].default == 1e-3
    assert known["lr"].annotation in (float, "float")
    assert known["lr"].search is not None
    assert known["lr"].search.bounds == (1e-5, 1e-2)
    assert known["lr"].search.log
    assert known["deep"].search is None


def test_the_fields_of_a_dataclass_are_its_schema() -> None:
    @register("encoder", "sized")
    @dataclass(frozen=True)
    class Sized:
        """An encoder with options."""

        kinds: str
        width: Annotated[int, Search(8, 64)] = 16

    assert list(find("encoder", "sized").parameters()) == ["width"]
    assert find("encoder", "sized").summary == "An encoder with options."


def test_options_are_checked_against_the_signature() -> None:
    @register("recipe", "checked")
    def checked(*, rounds: int = 3, shape: tuple[int, int] = (1, 2)) -> None:
        """A recipe with options."""

    entry = find("recipe", "checked")
    assert entry.check({"rounds": 5, "shape": [3, 4]}) == {"rounds": 5, "shape": (3, 4)}
    with pytest.raises(UserError, match=r"unknown option 'round' .*(\n.*)?did you mean 'rounds'"):
        entry.check({"round": 5})
    with pytest.raises(UserError) as caught:
        entry.check({"rounds": "many"}, "product.yaml:9:3")
    assert (caught.value.code, caught.value.where) == ("E902", "product.yaml:9:3")


def test_entries_come_in_alphabetical_order_whatever_was_registered_first() -> None:
    for kind in KINDS:
        assert list(entries(kind)) == sorted(entries(kind))


def test_the_facts_of_a_thing_cannot_be_changed_afterwards() -> None:
    with pytest.raises(TypeError):
        find("metric", "accuracy").facts["unit"] = "pt"  # type: ignore[index]
