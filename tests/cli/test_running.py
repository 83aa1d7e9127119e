"""The commands around one product: built once, then asked, proved, exported, promoted, rolled back and corrected."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from zhinan.cli.run import run
from zhinan.cli.show import next_command
from zhinan.store import Store

pytestmark = pytest.mark.system
Zhinan = Callable[..., Any]


@pytest.fixture(scope="module")
def product(shop: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A product with @1 live and @2 ready, both proved. Tests leave it as they found it."""
    path = shop(tmp_path_factory.mktemp("product"), must=("accuracy >= 70%", "size <= 60 MB"))
    assert run(["build", str(path), "--until", "shallow", "-q"]) == 0
    text = path.read_text("utf-8")
    path.write_text(text.replace("70%", "65%"), encoding="utf-8")
    assert run(["build", str(path), "--until", "shallow", "-q"]) == 0
    return path


@pytest.fixture(autouse=True)
def _there(product: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(product.parent)


def test_build_ends_with_the_code_of_its_outcome_and_tells_what_to_do_next(
    shop: Callable[..., Path], tmp_path: Path, zhinan: Zhinan
) -> None:
    path = shop(tmp_path, must=("accuracy >= 70%", "recall[card] >= 50%"))
    proved = zhinan("build", path, "--until", "shallow")
    assert proved.code == 0
    for words in (
        "PROVED",
        "recall[card] >= 50%",
        "opening 1 of",
        "@1 live",
        f"next: zhinan serve {path}\n",
        "report.html",
    ):
        assert words in proved.out, words
    assert "reading" in proved.err
    undecided = zhinan("build", shop(tmp_path, must=("accuracy >= 99%",)), "--until", "shallow", "--json")
    assert (undecided.code, undecided.json["outcome"], undecided.err) == (2, "UNDECIDED", "")
    refuted = zhinan(
        "build", shop(tmp_path, wrong=0.9, must=("accuracy >= 99%",)), "--until", "shallow", "--lang", "zh"
    )
    assert refuted.code == 1
    assert "不达标" in refuted.out
    assert "封存集未开启" in refuted.out
    assert zhinan("build", path, "--budget", "soon").code == 3


def test_predict_answers_one_row_or_a_file_in_its_order(product: Path, tmp_path: Path, zhinan: Zhinan) -> None:
    one = zhinan("predict", "@live", "message=卡丢了", "channel=app", "--json", "--probabilities")
    assert one.code == 0
    assert set(one.json) == {"label", "probability", "probabilities"}
    assert one.json["label"] == "card"
    assert zhinan("predict", "@1", "message=refund please", "channel=").out.startswith("refund  ")
    rows = tmp_path / "rows.csv"
    said = ["refund please", "卡丢了", "cannot log in", "快递没到"] * 100
    rows.write_text("message,channel\n" + "".join(f"{m},web\n" for m in said), encoding="utf-8")
    done = zhinan("predict", "@live", "--input", rows, "--output", tmp_path / "out.csv", "--json")
    assert (done.code, done.json) == (0, {"rows": 400, "errors": 0, "output": str(tmp_path / "out.csv")})
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        labels = [row["label"] for row in csv.DictReader(file)]
    assert labels == ["refund", "card", "login", "parcel"] * 100
    every = zhinan("predict", "@live", "message=卡丢了", "channel=app", "--probabilities").out.splitlines()
    assert [line.split()[0] for line in every] == ["card", "card", "login", "parcel", "refund"]
    lines = zhinan("predict", "@live", "--input", rows).out.splitlines()
    assert [json.loads(line)["label"] for line in lines] == labels
    whole = zhinan("predict", "@live", "--input", rows, "--json").json
    assert whole["rows"] == 400
    assert [answer["label"] for answer in whole["outputs"]] == labels


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("@live", "message"), "E315"),
        (("@live", "mesage=hi", "channel=app"), "E370"),
        (("@9", "message=hi"), "E401"),
        (("nowhere", "message=hi"), "E310"),
        (("shoe@1", "message=hi"), "E311"),
        (("@live", "--input", "missing.csv"), "E100"),
        (("@live", "--input", "messages.csv", "--output", "x.xls"), "E314"),
    ],
)
def test_what_cannot_be_predicted_is_said(arguments: tuple[str, ...], code: str, zhinan: Zhinan) -> None:
    said = zhinan("predict", *arguments, "--json")
    assert (said.code, said.json["error"]["code"]) == (3, code)


@pytest.mark.parametrize(("language", "word"), [("en", "handed to a person"), ("zh", "转人工")])
def test_a_single_answer_says_when_a_person_has_to_look_and_which_labels_are_possible(
    language: str, word: str, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = {"label": "card", "probability": 0.5, "handover": True, "labels": ["card", "login"]}
    opened = SimpleNamespace(predict=lambda *_, **__: [answer], check=lambda _: {}, notes=lambda *_: {})
    monkeypatch.setattr("zhinan.package.open_version", lambda *_, **__: opened)
    said = zhinan("predict", "@live", "message=?", "channel=app", "--lang", language).out
    assert said.strip() == f"card  0.500  {word}  {{card, login}}"


def test_status_tells_stages_verdicts_and_what_is_left(zhinan: Zhinan) -> None:
    shown = zhinan("status", "--json").json
    assert set(shown) == {
        "product", "live", "previous", "versions", "verdicts", "openings_left", "ledger", "feedback", "predictions",
        "monitors", "keep_inputs", "traffic", "estimate", "advice", "measures", "audit", "new_classes",
        "forgetting", "keeping", "unopened", "unasked",
    }  # fmt: skip
    assert (shown["live"], [v["stage"] for v in shown["versions"]]) == (1, ["live", "ready"])
    assert [v["verdict"] for v in shown["verdicts"]] == ["PROVED", "PROVED"]
    assert shown["openings_left"] == shown["ledger"]["left"] > 0
    table = zhinan("status").out
    assert "@1" in table
    assert "accuracy >= 70%" in table


def test_promote_and_rollback_swap_what_answers(product: Path, zhinan: Zhinan) -> None:
    assert zhinan("promote", "@2", "--json").json == {"live": 2, "previous": 1}
    assert zhinan("promote", "@9").code == 3
    assert zhinan("rollback", "--json").json == {"live": 1, "previous": 2}
    assert zhinan("promote", product, "2", "--json").json["live"] == 2
    back = zhinan("rollback", product, "--from", "@2")
    assert "@2 → @1" in back.out
    again = zhinan("rollback", product)
    assert (again.code, "E431" in again.err) == (3, True)
    assert "E432" in zhinan("rollback", product, "--from", "@2").err
    assert zhinan("status", "--json").json["live"] == 1
    with Store(product.parent / ".zhinan") as store:
        assert store.verify_audit("shop")


def test_verify_export_and_report_work_on_folder_zip_and_reference(
    product: Path, tmp_path: Path, zhinan: Zhinan
) -> None:
    zipped = tmp_path / "shop.zip"
    exported = zhinan("export", "@live", "--to", zipped, "--json").json
    assert exported == {"path": str(zipped), "bytes": zipped.stat().st_size}
    assert "manifest.json" in " ".join(zipfile.ZipFile(zipped).namelist())
    folder = product.parent / ".zhinan" / "versions" / "shop" / "1"
    for reference in ("@live", "@1", "shop@latest", folder, zipped):
        assert zhinan("verify", reference, "--json").json["ok"] is True
        page = Path(zhinan("report", reference, "--json").json["report"])
        assert page.read_text("utf-8").lower().startswith("<!doctype html>"), reference
    assert zhinan("predict", zipped, "message=卡丢了", "channel=app").out.startswith("card")
    assert zhinan("export", "@live", "--to", tmp_path / "shop.onnx").code == 3


def test_a_flipped_byte_is_named(product: Path, tmp_path: Path, zhinan: Zhinan) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(product.parent / ".zhinan" / "versions" / "shop" / "1", folder)
    graph = folder / "head.onnx"
    graph.chmod(0o644)
    content = bytearray(graph.read_bytes())
    content[len(content) // 2] ^= 1
    graph.write_bytes(content)
    said = zhinan("verify", folder, "--json")
    assert (said.code, said.json["error"]["code"]) == (3, "E360")
    assert "head.onnx" in said.err


def test_prove_of_a_version_is_free_for_what_was_certified(zhinan: Zhinan) -> None:
    said = zhinan("prove", "@2", "--json")
    assert said.code == 0
    assert set(said.json) == {"outcome", "verdicts", "n", "confidence", "ledger"}
    assert said.json["ledger"]["opening"] == 1, "looking at the same answers by the same lines was charged"


def test_serving_a_product_needs_a_live_version(shop: Callable[..., Path], tmp_path: Path, zhinan: Zhinan) -> None:
    path = shop(tmp_path, wrong=0.9, must=("accuracy >= 99%",))
    assert zhinan("build", path, "--until", "shallow", "-q").code == 1
    said = zhinan("serve", path, "--port", "1", "-q")
    assert said.code == 3
    assert "@1" in said.err


def test_what_a_build_says_to_type_next_follows_the_product(
    product: Path, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built = SimpleNamespace(stage="live", outcome="PROVED", version=1, offer=None, data={})
    assert next_command(built, product) == next_command(built, Path("product.yaml")) == "zhinan serve"
    assert next_command(built, Path("my shop.yaml")) == "zhinan serve 'my shop.yaml'"
    built.stage = "ready"
    assert next_command(built, Path("a.yaml")) == "zhinan promote a.yaml @1"
    built.outcome = "REFUTED"
    assert next_command(built, Path("a.yaml")) == "zhinan report @1 --contract a.yaml"

    asked: list[Any] = []
    monkeypatch.setattr(
        "zhinan.serve.server.serve", lambda version, **kw: asked.append((kw["product"], bool(kw["follow"])))
    )
    told = [zhinan("serve", *source).err for source in ((), ("@live",), ("shop@live",), ("@2",))]
    assert asked == [("shop", True)] * 3 + [(None, False)]
    assert told[:3] == [""] * 3
    assert "answers with @2 only: promotions and rollbacks do not reach it" in told[3]


def test_importing_feedback_twice_stores_nothing_twice(product: Path, tmp_path: Path, zhinan: Zhinan) -> None:
    rows = tmp_path / "feedback.csv"
    rows.write_text(
        "message,channel,intent,event_id\nrefund now,app,refund,\n卡丢了,web,card,mine-1\n卡丢了,web,,mine-2\n",
        encoding="utf-8",
    )
    first = zhinan("feedback", "--input", rows, "--json").json
    (reason,) = first.pop("reasons")
    assert (reason["rows"], reason["first"]) == (1, [{"where": "feedback.csv:4", "row": "卡丢了 · web · mine-2"}])
    assert first == {
        "rows": 3,
        "new": 2,
        "repeat": 0,
        "conflict": 0,
        "rejected": 1,
        "unknown_class": 0,
        "not_counted": 0,
    }
    told = zhinan("feedback", "--input", rows).out
    assert "1 × exactly one of label, accepted, rating is needed; send one\n    feedback.csv:4  卡丢了" in told
    again = zhinan("feedback", "--input", rows, "--json").json
    assert len(again.pop("reasons")) == 1
    assert again == {
        "rows": 3,
        "new": 0,
        "repeat": 2,
        "conflict": 0,
        "rejected": 1,
        "unknown_class": 0,
        "not_counted": 0,
    }
    rows.write_text("message,channel,intent,event_id\n卡丢了,web,login,mine-1\n", encoding="utf-8")
    assert zhinan("feedback", "--input", rows, "--json").json["conflict"] == 1
    assert zhinan("status", "--json").json["feedback"] == 2
    rows.write_text("message,intnet\nhi,card\n", encoding="utf-8")
    wrong = zhinan("feedback", "--input", rows, "--json")
    assert (wrong.code, wrong.json["error"]["code"]) == (3, "E500")
    assert "intnet" in wrong.json["error"]["fix"]


def test_the_installed_command_prints_one_object_in_a_pipe(product: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zhinan", "status", "--json"], capture_output=True, text=True, check=True,
        cwd=product.parent,
    )  # fmt: skip
    assert done.stderr == ""
    assert json.loads(done.stdout)["product"] == "shop"
