"""A version is what was certified, byte for byte, or it is refused."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sealing import seal

from zhinan.core import Column, UserError
from zhinan.package import Draft, Manifest, Version, open_version, verify

ROWS = [{"message": "hi", "channel": "web", "amount": 3}, {"message": None, "channel": "app", "amount": None}]
PROOF = {"outcome": "PROVED", "verdicts": []}
REPORT = {"report.html": b"<html></html>", "card.md": b"# card\n"}


@pytest.fixture
def sealed(drafted: Callable[..., Draft], tmp_path: Path) -> Version:
    return seal(drafted(), into=tmp_path / "versions", number=3, proof=PROOF, report=REPORT)


def refused(code: str, path: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        open_version(path)
    assert caught.value.code == code, caught.value
    return caught.value


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Changes a manifest and its hash, as somebody who knows the format would."""
    import hashlib

    body = json.loads((folder / "manifest.json").read_text("utf-8"))
    change(body)
    content = json.dumps(body).encode()
    for name in ("manifest.json", "manifest.sha256"):
        (folder / name).chmod(0o644)
    (folder / "manifest.json").write_bytes(content)
    (folder / "manifest.sha256").write_text(f"{hashlib.sha256(content).hexdigest()}  manifest.json\n")


def test_a_draft_and_its_sealed_version_answer_alike(drafted: Callable[..., Draft], tmp_path: Path) -> None:
    made = drafted()
    before = open_version(made.path)
    after = seal(made, into=tmp_path / "v", number=1, proof=PROOF, report=REPORT)
    assert (before.number, before.outcome, after.number, after.outcome) == (None, None, 1, "PROVED")
    assert before.predict(ROWS, probabilities=True) == after.predict(ROWS, probabilities=True)
    assert after.manifest.draft == made.digest
    assert after.manifest.parent == 2
    assert after.read("report.html") == REPORT["report.html"]
    assert json.loads(after.read("proof.json"))["outcome"] == "PROVED"
    assert after.read("contract.yaml") == b"product: support\n"


def test_predict_gives_the_promised_keys_in_row_order(sealed: Version) -> None:
    answers = sealed.predict(ROWS)
    assert [set(answer) for answer in answers] == [{"label", "probability"}] * 2
    full = sealed.predict(ROWS, probabilities=True)
    for answer in full:
        assert tuple(answer["probabilities"]) == sealed.classes
        assert sum(answer["probabilities"].values()) == pytest.approx(1)
        assert answer["probabilities"][answer["label"]] == answer["probability"]
    assert sealed.predict(ROWS[::-1]) == answers[::-1]
    assert sealed.predict([]) == []
    json.dumps(full)


def test_the_masks_come_before_everything_else(sealed: Version) -> None:
    row = {"message": "write to ann@example.com or 13812345678\x00 ", "channel": "web", "amount": 1}
    assert sealed.run(sealed.check([row]))["message"] == ["write to [EMAIL] or [PHONE]"]


def test_the_manifest_tells_where_a_version_comes_from(sealed: Version) -> None:
    manifest = sealed.manifest
    assert manifest.steps[0].step == "mask"
    assert manifest.steps[0].options["masks"] == {"email": "mask", "phone": "mask"}
    assert manifest.facts == {"contract_hash": "c" * 64, "fingerprint": "d" * 64}
    assert manifest.environment["threads"] == 1
    assert {"zhinan", "numpy", "onnxruntime"} <= manifest.environment["libraries"].keys()
    assert sealed.read("LICENSES") == b"head.onnx: made here\n"
    assert len(sealed.read("golden.jsonl").splitlines()) >= 6


def test_drafting_twice_gives_the_same_digest(drafted: Callable[..., Draft]) -> None:
    one, two = drafted(), drafted()
    assert one.path != two.path
    assert one.digest == two.digest
    assert one.manifest.content() == two.manifest.content()
    assert drafted(masks=[]).digest != one.digest


def test_a_version_without_texts_still_says_which_masks_persons_are_kept_under(drafted: Callable[..., Draft]) -> None:
    steps = drafted(inputs=(Column("amount", "number"), Column("channel", "number"))).manifest.steps
    assert (steps[0].step, steps[0].reads, steps[0].options["masks"]) == (
        "mask",
        (),
        {"email": "mask", "phone": "mask"},
    )


@pytest.mark.parametrize("place", [0, 0.5, 1])
def test_a_flipped_byte_names_the_file_and_both_hashes(sealed: Version, place: float) -> None:
    for path in sorted(sealed.path.iterdir()):
        content = bytearray(path.read_bytes())
        at = round(place * (len(content) - 1))
        content[at] ^= 1
        path.chmod(0o644)
        before = path.read_bytes()
        path.write_bytes(content)
        error = refused("E363" if path.name == "manifest.sha256" and place == 1 else "E360", sealed.path)
        if error.code == "E360":
            assert path.name in error.what() or path.name == "manifest.sha256"
            assert len(str(error.values["expected"])) == len(str(error.values["found"])) == 64
        path.write_bytes(before)
    assert open_version(sealed.path).number == 3


def test_nothing_is_parsed_before_its_hash_is_right(sealed: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(*_: object, **__: object) -> None:
        raise AssertionError("parsed before hashed")

    graph = sealed.path / "head.onnx"
    graph.chmod(0o644)
    graph.write_bytes(b"\0" + graph.read_bytes()[1:])
    monkeypatch.setattr("zhinan.package.version.Program", parsed)
    assert "head.onnx" in refused("E360", sealed.path).what()


def test_links_folders_extra_and_missing_files_are_refused(drafted: Callable[..., Draft], tmp_path: Path) -> None:
    def broken(change: Callable[[Path], object]) -> str:
        made = drafted()
        change(made.path)
        with pytest.raises(UserError) as caught:
            open_version(made.path)
        return caught.value.code

    def link(folder: Path) -> None:
        (folder / "head.onnx").replace(tmp_path / "elsewhere.onnx")
        (folder / "head.onnx").symlink_to(tmp_path / "elsewhere.onnx")

    assert broken(lambda folder: (folder / "extra.bin").write_bytes(b"")) == "E363"
    assert broken(lambda folder: (folder / "head.onnx").unlink()) == "E363"
    assert broken(lambda folder: (folder / "manifest.json").unlink()) == "E361"
    assert broken(lambda folder: (folder / "inner").mkdir()) == "E364"
    assert broken(lambda folder: (folder / ".hidden").write_bytes(b"")) == "E364"
    if os.name != "nt":
        assert broken(link) == "E364"
    assert refused("E361", tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda body: body.update(format=2), "E362"),
        (lambda body: body.update(format=True), "E365"),
        (lambda body: body.update(more=1), "E365"),
        (lambda body: body.pop("inputs"), "E365"),
        (lambda body: body.update(task="speak"), "E365"),
        (lambda body: body["files"].update({"../head.onnx": body["files"]["head.onnx"]}), "E364"),
        (lambda body: body["steps"][2]["files"].update(graph="other.onnx"), "E365"),
        (lambda body: body["steps"][0].update(step="pickle"), "E019"),
        (lambda body: body["steps"][0]["options"].update(code="x"), "E901"),
        (lambda body: body["inputs"]["amount"].update(kind="tensor"), "E365"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(
    drafted: Callable[..., Draft], change: Callable[[dict[str, Any]], None], code: str
) -> None:
    made = drafted()
    rewrite(made.path, change)
    refused(code, made.path)


def test_a_machine_that_computes_otherwise_is_noticed(drafted: Callable[..., Draft]) -> None:
    made = drafted()
    rewrite(made.path, lambda body: body["steps"][3]["options"].update(temperature=1.01))
    assert refused("E366", made.path).values["row"] == 1


def test_a_sealed_version_never_changes(sealed: Version, drafted: Callable[..., Draft]) -> None:
    if os.name != "nt":
        assert {stat.S_IMODE(path.stat().st_mode) for path in sealed.path.iterdir()} == {0o444}
    with pytest.raises(UserError) as caught:
        seal(drafted(), into=sealed.path.parent, number=3, proof=PROOF, report=REPORT)
    assert caught.value.code == "E368"
    assert open_version(sealed.path).manifest == sealed.manifest


def test_a_draft_changed_after_certification_is_not_sealed(drafted: Callable[..., Draft], tmp_path: Path) -> None:
    made = drafted()
    (made.path / "head.onnx").write_bytes(b"other")
    with pytest.raises(UserError) as caught:
        seal(made, into=tmp_path / "v", number=1, proof=PROOF, report=REPORT)
    assert caught.value.code == "E360"
    assert not (tmp_path / "v" / "1").exists()
    rewrite(made.path, lambda body: body["steps"][3]["options"].update(temperature=2.0))
    with pytest.raises(UserError, match="E360"):
        seal(made, into=tmp_path / "v", number=1, proof=PROOF, report=REPORT)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_kill_while_sealing_leaves_no_version_or_a_whole_one(drafted: Callable[..., Draft], tmp_path: Path) -> None:
    """The process dies at each system call that could tear: after every fsync, and before and after the rename."""
    made, into = drafted(), tmp_path / "v"
    outcomes = []
    for moment in range(14):
        number = moment + 1
        child = os.fork()
        if not child:
            _die_at(moment)
            seal(made, into=into, number=number, proof=PROOF, report=REPORT)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        whole = (into / str(number)).exists()
        outcomes.append((status, whole))
        if whole:
            assert open_version(into / str(number)).number == number
    assert (-9, False) in outcomes
    assert (0, True) in outcomes
    assert (0, False) not in outcomes


def _die_at(moment: int) -> None:
    real, count = os.fsync, [0]

    def fsync(handle: int) -> None:
        real(handle)
        if count[0] == moment:
            os.kill(os.getpid(), 9)
        count[0] += 1

    os.fsync = fsync


def test_verify_names_every_changed_file(sealed: Version) -> None:
    result = verify(sealed.path)
    assert result.ok
    assert (result.product, result.number, result.outcome) == ("support", 3, "PROVED")
    assert (result.files, result.goldens) == (9, 8)
    assert result.digest == sealed.digest
    for name in ("card.md", "head.onnx"):
        (sealed.path / name).chmod(0o644)
        (sealed.path / name).write_bytes(b"x")
    changed = verify(sealed.path)
    assert [problem.values["file"] for problem in changed.problems] == ["card.md", "head.onnx"]
    with pytest.raises(UserError, match=r"card\.md"):
        sealed.read("card.md")
    with pytest.raises(UserError, match="E363"):
        sealed.read("../../etc/passwd")


def test_a_manifest_survives_the_round_trip(sealed: Version) -> None:
    assert Manifest.read(sealed.manifest.content(), "here") == sealed.manifest


def test_a_copied_version_is_the_same_version(sealed: Version, tmp_path: Path) -> None:
    shutil.copytree(sealed.path, tmp_path / "copy")
    assert open_version(tmp_path / "copy").digest == sealed.digest
