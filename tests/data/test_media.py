"""Pictures and recordings are looked at in children: a bomb or a broken file costs one row, and copies are known."""

from __future__ import annotations

import io
import json
import os
import sys
import wave
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from zhinan import contract
from zhinan.core import UserError, find
from zhinan.data import check, children, load, media, pictures, read, split
from zhinan.engine import build

Draw = Callable[..., np.ndarray]


@pytest.fixture(scope="module")
def drawn() -> Draw:
    """A made-up colour picture (96, 128, 3): a few soft blobs, another one for each seed."""

    def draw(seed: int) -> np.ndarray:
        random = np.random.default_rng(seed)
        rows, columns = np.mgrid[0:96, 0:128]
        picture = np.zeros((96, 128, 3))
        for _ in range(6):
            y, x, size = random.uniform(0, 96), random.uniform(0, 128), random.uniform(8, 30)
            blob = np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * size**2))
            picture += blob[:, :, None] * random.uniform(60, 200, 3)
        return picture.clip(0, 255).astype(np.uint8)

    return draw


def png(width: int, height: int) -> bytes:
    """A valid black-and-white PNG of any size, packed as tightly as PNG allows."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")

    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([1, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def recording(path: Path, samples: np.ndarray, rate: int = 8000) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def test_a_picture_bomb_and_broken_files_cost_one_row_each(tmp_path: Path, drawn: Draw) -> None:
    Image.fromarray(drawn(1)).save(tmp_path / "good.jpg")
    whole = (tmp_path / "good.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.png").write_text("not a picture")
    bomb = png(20_000, 20_000)  # 400 million pixels
    assert len(bomb) < 60_000
    (tmp_path / "bomb.png").write_bytes(bomb)
    os.mkfifo(tmp_path / "pipe.png")
    found = media.inspect(
        "image", tmp_path, ["good.jpg", "cut.jpg", "text.png", "bomb.png", "pipe.png", "none.png", "../x.png"]
    )
    assert found.facts["name"].to_list() == ["good.jpg"]
    assert {name: why.en.partition(" (")[0] for name, why in found.refused.items()} == {
        "cut.jpg": "broken",
        "text.png": "not a picture",
        "bomb.png": "more than 100 million pixels",
        "pipe.png": "there is no such file",
        "none.png": "there is no such file",
        "../x.png": "outside of the product's folder",
    }


def test_a_file_that_kills_its_child_is_the_only_one_lost(
    tmp_path: Path, drawn: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{i}.png" for i in range(6)]
    for i, name in enumerate(names):
        Image.fromarray(drawn(i)).save(tmp_path / name)
    code = (
        "import os, sys\nfrom zhinan.data import media_child, pictures\nlook = pictures.of_file\n"
        "pictures.of_file = lambda path: os.abort() if path.name == '2.png' else look(path)\n"
        "sys.exit(media_child.main())"
    )
    monkeypatch.setattr(children, "command", lambda _: [sys.executable, "-c", code])
    found = media.inspect("image", tmp_path, names)
    assert sorted(found.refused) == ["2.png"]
    assert "broke down" in found.refused["2.png"].en
    assert found.facts["name"].to_list() == [n for n in names if n != "2.png"]


def test_a_file_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("L", (4, 4)).save(tmp_path / "a.png")
    monkeypatch.setattr(media, "_PATIENCE", 0.3)
    monkeypatch.setattr(children, "command", lambda _: [sys.executable, "-c", "import time; time.sleep(60)"])
    found = media.inspect("image", tmp_path, ["a.png"])
    assert "too long" in found.refused["a.png"].en


def test_copies_and_retouched_copies_are_known_and_others_are_not(tmp_path: Path, drawn: Draw) -> None:
    for seed in range(12):
        Image.fromarray(drawn(seed)).save(tmp_path / f"{seed}.png")
    first = Image.open(tmp_path / "0.png")
    first.save(tmp_path / "saved.jpg", quality=60)
    first.resize((64, 48)).save(tmp_path / "small.png")
    (tmp_path / "copy.png").write_bytes((tmp_path / "3.png").read_bytes())
    for i in range(3):
        Image.new("RGB", (30, 30), (i, i, i)).save(tmp_path / f"black{i}.png")
    found = media.inspect("image", tmp_path, [file.name for file in tmp_path.iterdir()])
    pairs = {frozenset(pair) for pair in media.near_pairs(found)}
    family = {"0.png", "saved.jpg", "small.png"}
    assert {frozenset(("3.png", "copy.png"))} | {p for p in pairs if p <= family} == pairs
    assert len(set().union(*(p for p in pairs if p <= family))) == 3


def test_where_a_picture_was_taken_is_noticed(tmp_path: Path, drawn: Draw) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (31.0, 13.0, 0.0)
    Image.fromarray(drawn(1)).save(tmp_path / "here.jpg", exif=exif)
    Image.fromarray(drawn(1)).save(tmp_path / "plain.jpg")
    facts = media.inspect("image", tmp_path, ["here.jpg", "plain.jpg"]).facts
    assert dict(facts.select("name", "located").iter_rows()) == {"here.jpg": True, "plain.jpg": False}


def test_a_recording_tells_its_length_loudness_and_damage(tmp_path: Path) -> None:
    tone = 0.5 * np.sin(np.arange(8000) / 5)
    recording(tmp_path / "tone.wav", tone)
    recording(tmp_path / "silent.wav", np.zeros(4000))
    recording(tmp_path / "loud.wav", np.sign(tone))
    whole = (tmp_path / "tone.wav").read_bytes()
    (tmp_path / "cut.flac").write_bytes(b"fLaC" + whole[:100])
    found = media.inspect("audio", tmp_path, ["tone.wav", "silent.wav", "loud.wav", "cut.flac"])
    facts: dict[str, dict[str, Any]] = {row["name"]: row for row in found.facts.iter_rows(named=True)}
    assert facts["tone.wav"]["seconds"] == 1.0
    assert facts["tone.wav"]["loudness"] == pytest.approx(0.5 / 2**0.5, abs=0.01)
    assert facts["silent.wav"]["silent"] == 1.0
    assert facts["loud.wav"]["clipped"] > 0.99
    assert list(found.refused) == ["cut.flac"]


def test_a_sound_bomb_is_refused_by_its_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import soundfile

    code = (
        "import sys\nfrom zhinan.data import media_child, sounds\nsounds.LONGEST = 600.0\nsys.exit(media_child.main())"
    )

    with soundfile.SoundFile(tmp_path / "bomb.flac", "w", 8000, 1) as file:
        for _ in range(2):
            file.write(np.zeros(4_000_000, "int16"))
    assert (tmp_path / "bomb.flac").stat().st_size < 100_000
    monkeypatch.setattr(children, "command", lambda _: [sys.executable, "-c", code])
    found = media.inspect("audio", tmp_path, ["bomb.flac"])
    assert "hours of sound" in found.refused["bomb.flac"].en


def product(folder: Path, source: str, more: str = "") -> Path:
    path = folder / "product.yaml"
    path.write_text(f"product: p\ndata:\n  source: {source}\n{more}must:\n  - accuracy >= 60%\n", "utf-8")
    return path


def folder_of(folder: Path, drawn: Draw, seeds: range) -> None:
    for seed in seeds:
        place = folder / ("cat" if seed % 2 else "dog")
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(drawn(seed)).save(place / f"{seed}.png")


def test_a_picture_is_the_same_row_under_any_name_and_broken_ones_are_rejected(tmp_path: Path, drawn: Draw) -> None:
    folder_of(tmp_path / "pets", drawn, range(40))
    first = load(contract.load(product(tmp_path, "pets")))
    assert [column.kind for column in first.dataset.inputs] == ["image"]
    (tmp_path / "pets/dog/0.png").rename(tmp_path / "pets/dog/renamed.png")
    (tmp_path / "pets/dog/bad.png").write_text("no picture")
    second = load(contract.load(product(tmp_path, "pets")))
    assert set(second.dataset.values("_row")) == set(first.dataset.values("_row"))
    assert [(r.file, r.reason.en) for r in second.rejected] == [("pets/dog/bad.png", "not a picture")]
    assert second.rows == second.accepted + 1


def test_files_that_a_column_or_another_part_names_are_read_and_only_others_called_unread(
    tmp_path: Path, drawn: Draw
) -> None:
    folder_of(tmp_path / "data", drawn, range(12))
    (tmp_path / "data/held").mkdir()
    rows = [f"{('dog', 'cat')[n % 2]}/{n}.png,{'ab'[n % 2]}\n" for n in range(10)]
    (tmp_path / "data/train.csv").write_text("file,label\n" + "".join(rows), "utf-8")
    for name in ("test", "more", "old"):
        (tmp_path / f"data/held/{name}.csv").write_text("file,label\n" + "../dog/10.png,a\n" * 3, "utf-8")
    more = "  test: data/held/test.csv\n  unlabeled: data/held/more.csv\n  target: label\n"
    loaded = load(contract.load(product(tmp_path, "data", more)))
    assert not loaded.rejected
    said = [one.examples for one in loaded.findings if one.code == "other_files"]
    assert said == [("data/cat/11.png", "data/held/old.csv")]


def test_no_picture_to_learn_from_is_a_retouched_sealed_one(tmp_path: Path, drawn: Draw) -> None:
    folder_of(tmp_path / "train", drawn, range(60))
    folder_of(tmp_path / "test", drawn, range(100, 130))
    for seed in range(100, 106):
        Image.fromarray(drawn(seed)).save(tmp_path / f"train/cat/copy{seed}.jpg", quality=70)
    asked = contract.load(product(tmp_path, "train", "  test: test\n"))
    parts = split(asked, load(asked))
    learned = {name for part in (parts.train, parts.dev) for name in part.values("image")}
    assert learned
    assert not [name for name in learned if "copy" in name]
    (said,) = [finding for finding in parts.findings if finding.code == "near_overlap"]
    assert all("copy" in shown and " ≈ test/" in shown for shown in said.examples)


def test_arrays_and_boxes_are_rows_and_what_is_on_them_is_told(tmp_path: Path, drawn: Draw) -> None:
    draw = np.random.default_rng(0)
    pixels = np.stack([drawn(i)[::4, ::4, 0] for i in range(50)])
    pixels[7] = 90
    np.savez(tmp_path / "rows.npz", X=pixels, y=draw.integers(0, 2, 50))
    asked = contract.load(product(tmp_path, "rows.npz", "  target: label\n"))
    loaded = load(asked)
    assert (loaded.rows, loaded.classes) == (50, ("0", "1"))
    told = {finding.code: finding for finding in check(asked, loaded)}
    assert told["blank_pictures"].examples == ("rows.npz#7",)
    assert told["unread_inputs"].examples == ("image",)
    assert "unread_columns" not in told
    Image.fromarray(drawn(1)).save(tmp_path / "a.png")
    boxes = [{"image_id": 1, "category_id": 1, "bbox": [i, 2, 5, 6]} for i in range(19)]
    boxes.append({"image_id": 1, "category_id": 1, "bbox": [120, 2, 50, 6]})
    held = {"images": [{"id": 1, "file_name": "a.png", "width": 128, "height": 96}], "annotations": boxes}
    (tmp_path / "boxes.json").write_text(json.dumps({**held, "categories": [{"id": 1, "name": "cell"}]}))
    raw = read(tmp_path / "boxes.json")
    assert raw.frame.row(0) == ("a.png", "cell", "0.0", "2.0", "5.0", "6.0", 1)
    assert [(r.line, r.reason.en) for r in raw.rejected] == [(20, "a box that leaves its picture")]


def test_building_on_pictures_alone_says_that_nothing_reads_them_yet(tmp_path: Path, drawn: Draw) -> None:
    folder_of(tmp_path / "pets", drawn, range(40))
    with pytest.raises(UserError) as caught:
        build(product(tmp_path, "pets"))
    assert caught.value.code == "E325"
    assert "image" in caught.value.what()
    assert "`zhinan check` reads and checks pictures" in caught.value.fix()


def test_arrays_that_are_none_are_a_user_error_and_labels_in_bytes_are_their_text(tmp_path: Path) -> None:
    path = tmp_path / "rows.npz"
    pixels = np.zeros((3, 4, 4), np.uint8)
    np.savez(path, X=pixels, y=np.array([b"cat", "\u72d7".encode(), b"cat"]))
    raw = find("reader", "npz").target(path)
    assert (raw.frame["label"].to_list(), raw.encoding) == (["cat", "狗", "cat"], "")
    good = io.BytesIO()
    np.save(good, pixels)
    for damage, code in (
        (good.getvalue().replace(b"(3, 4, 4), }", b"(3, 4, 4),  "), "E132"),  # no end of its header
        (good.getvalue().replace(b"{'descr': ", b",'descr': "), "E132"),
        (b"no array at all", "E190"),
        (good.getvalue().replace(b"(3, 4, 4), }".ljust(30), b"(3333333333, 444444444, 4), }".ljust(30)), "E190"),
    ):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("X.npy", damage)
        with pytest.raises(UserError) as caught:
            find("reader", "npz").target(path)
        assert caught.value.code == code
    locked = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + flags] |= 1
    path.write_bytes(locked)
    with pytest.raises(UserError, match="E132"):
        find("reader", "npz").target(path)


def test_deep_and_clear_pictures_show_what_is_on_them(tmp_path: Path) -> None:
    ramp = np.linspace(0, 1, 4096).reshape(64, 64)
    clear = np.zeros((64, 64, 4), np.uint8)
    clear[16:48, 16:48, 3] = 255
    for name, array in (
        ("sixteen.png", (ramp * 65535).astype(np.uint16)),
        ("twelve.png", (ramp * 4095).astype(np.uint16)),
        ("float.tiff", ramp.astype(np.float32)),
        ("clear.png", clear),
        ("white.png", clear | np.array([255] * 3 + [0], np.uint8)),
    ):
        Image.fromarray(array).save(tmp_path / name)
        assert pictures.of_file(tmp_path / name)["spread"] > 50, name


def test_names_of_files_are_no_values_and_rows_of_one_picture_no_copies(tmp_path: Path, drawn: Draw) -> None:
    lines = []
    for i in range(24):
        Image.fromarray(drawn(i)).save(tmp_path / f"mail-anna{i}@example.com.png")
        lines += [f"mail-anna{i}@example.com.png,{i * 7 + j},{'ab'[j % 2]}\n" for j in range(3)]
    (tmp_path / "rows.csv").write_text("picture,wide,label\n" + "".join(lines[:48]), "utf-8")
    (tmp_path / "test.csv").write_text("picture,wide,label\n" + "".join(lines[48:]), "utf-8")
    (tmp_path / "product.yaml").write_text(
        "product: x\ndata: {source: rows.csv, test: test.csv, inputs: {picture: image, wide: number}, target: label}\n"
        "must: [accuracy >= 60%]\n", "utf-8")  # fmt: skip
    product = contract.load(tmp_path / "product.yaml")
    found = {one.code: one for one in check(product, load(product))}
    assert found["shared_files"].count == 72
    assert not {"near_duplicates", "alike_files", "personal_data"} & set(found)
    assert [one.split(":")[0] for one in found["drift"].examples] == ["wide"]
    assert found["personal_files"].count == 72
    assert "anna" not in "".join(found["personal_files"].examples)
