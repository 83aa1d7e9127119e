"""One file for a version: the same bytes everywhere, and nothing dangerous on the way back."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from zhinan.core import UserError
from zhinan.package import Draft, export_zip, open_version, verify

ROWS = [{"message": "hi", "channel": "web", "amount": 3}]


@pytest.fixture
def bundle(drafted: Callable[..., Draft], tmp_path: Path) -> Path:
    return export_zip(drafted().path, tmp_path / "v.zip")


def remade(bundle: Path, change: Callable[[zipfile.ZipFile], object], leave_out: str = "", pack: int = 0) -> Path:
    """The same zip with something added, left out or compressed."""
    target = bundle.with_name("remade.zip")
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(target, "w", pack) as new:
        for name in old.namelist():
            if name != leave_out:
                new.writestr(name, old.read(name))
        change(new)
    return target


def code(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        open_version(path)
    return caught.value.code


def test_a_zip_opens_like_the_directory(drafted: Callable[..., Draft], tmp_path: Path) -> None:
    made = drafted()
    version = open_version(export_zip(made.path, tmp_path / "v.zip"))
    assert version.digest == made.digest
    assert version.predict(ROWS) == open_version(made.path).predict(ROWS)
    assert version.read("contract.yaml") == b"product: support\n"
    assert verify(tmp_path / "v.zip").ok
    unpacked = version.path
    assert unpacked.exists()
    del version
    assert not unpacked.exists()


def test_the_same_version_is_the_same_zip(drafted: Callable[..., Draft], tmp_path: Path) -> None:
    one = export_zip(drafted().path, tmp_path / "one.zip").read_bytes()
    two = export_zip(drafted().path, tmp_path / "two.zip").read_bytes()
    assert one == two
    assert [path.name for path in tmp_path.glob("*.partial")] == []


def test_a_changed_version_is_not_exported(drafted: Callable[..., Draft], tmp_path: Path) -> None:
    made = drafted()
    (made.path / "labels.json").write_bytes(b"[]")
    with pytest.raises(UserError, match="E360"):
        export_zip(made.path, tmp_path / "v.zip")
    assert not (tmp_path / "v.zip").exists()


def test_a_zip_packed_again_by_somebody_still_opens(bundle: Path) -> None:
    assert open_version(remade(bundle, lambda new: None, pack=zipfile.ZIP_DEFLATED)).product == "support"


def test_dangerous_members_are_refused(bundle: Path) -> None:
    link = zipfile.ZipInfo("link.bin")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert code(remade(bundle, lambda new: new.writestr("../evil", b""))) == "E364"
    assert code(remade(bundle, lambda new: new.writestr("/etc/evil", b""))) == "E364"
    assert code(remade(bundle, lambda new: new.writestr("folder/file", b""))) == "E364"
    assert code(remade(bundle, lambda new: new.writestr(link, b"/etc/passwd"))) == "E364"
    assert code(remade(bundle, lambda new: new.writestr("extra.bin", b""))) == "E363"
    assert code(remade(bundle, lambda new: None, leave_out="head.onnx")) == "E363"
    assert code(remade(bundle, lambda new: None, leave_out="manifest.sha256")) == "E361"
    assert code(remade(bundle, lambda new: [new.writestr(f"x{i}", b"") for i in range(300)])) == "E367"


def test_a_name_that_stands_twice_is_refused(bundle: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = remade(bundle, lambda new: new.writestr("labels.json", b"[]"))
    assert code(twice) == "E367"


def test_a_bomb_is_refused_before_it_is_unpacked(bundle: Path) -> None:
    def bomb(new: zipfile.ZipFile) -> None:
        new.writestr("golden.bin", b"\0" * 20_000_000, zipfile.ZIP_DEFLATED)

    assert code(remade(bundle, bomb)) == "E367"


def test_a_member_whose_content_differs_is_refused(bundle: Path) -> None:
    def other(new: zipfile.ZipFile) -> None:
        with zipfile.ZipFile(bundle) as old:
            content = bytearray(old.read("head.onnx"))
        content[-1] ^= 1
        new.writestr("head.onnx", bytes(content))

    assert code(remade(bundle, other, leave_out="head.onnx")) == "E360"


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.99])
def test_a_damaged_zip_is_refused(bundle: Path, cut: float) -> None:
    content = bundle.read_bytes()
    bundle.write_bytes(content[: round(cut * len(content))])
    assert code(bundle) == "E367"
    bundle.write_bytes(b"not a zip")
    assert code(bundle) == "E367"
