"""A product of several labels a row, from its contract to answers that anybody can check."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from zhinan.contract import Contract, load
from zhinan.core import UserError
from zhinan.engine import build
from zhinan.engine.checking import check, check_task
from zhinan.engine.labels import Opinion, load_labelled, opinions, record
from zhinan.engine.queues import unsure
from zhinan.evaluate.answers import Tags
from zhinan.evaluate.explain import explain
from zhinan.package import open_version
from zhinan.store import Store

WORDS = {
    "bug": ("crashes at once", "闪退", "shows an error"),
    "login": ("password rejected", "登录不了", "cannot sign in"),
    "slow": ("takes forever", "太慢了", "hangs for minutes"),
}
MUST = ("micro_f1 >= 80%", "exact_match >= 60%", "recall[login] >= 60%")


def messages(folder: Path, n: int = 340, must: tuple[str, ...] = MUST, more: str = "") -> Contract:
    """Texts that name what is wrong, up to three things at once, and sometimes nothing."""
    draw, lines = random.Random(0), ["message,tags"]
    for i in range(n):
        labels = [label for label in WORDS if draw.random() < 0.4]
        said = [draw.choice(WORDS[label]) for label in draw.sample(labels, len(labels))]
        labels = [label for label in WORDS if (label in labels) != (draw.random() < 0.06)]  # people slip
        lines.append(
            f'"{" and ".join(said) or "thanks a lot"} {draw.choice("abcdefgh")}{i}",{"|".join(labels) or "[]"}'
        )
    (folder / "rows.csv").write_text("\n".join(lines), encoding="utf-8")
    text = "product: desk\ndata: rows.csv\ntarget: tags\nmust:\n" + "".join(f"  - {line}\n" for line in must) + more
    (folder / "product.yaml").write_text(text, encoding="utf-8")
    return load(folder / "product.yaml")


@pytest.mark.usefixtures("told_costs")
def test_it_is_built_proved_answered_explained_and_checked_by_a_sceptic(tmp_path: Path, root: Path) -> None:
    contract = messages(tmp_path)
    assert [need.provable for need in check(contract, taste=True).needs] == [True, True, True]
    built = build(contract, until="shallow")
    assert built.outcome == "PROVED", built.verdicts
    version = open_version(Path(str(built.path)))
    (answer,) = version.predict([{"message": "password rejected and 太慢了 b7"}])
    assert set(answer["labels"]) == {"login", "slow"}
    assert answer["probabilities"].keys() == set(answer["labels"])
    assert version.predict([{"message": "x"}], probabilities=True)[0]["probabilities"].keys() == WORDS.keys()
    (told,) = explain(version, [{"message": "it 闪退 b7"}], label="bug", top=None)
    assert told.exact
    assert max(told.parts, key=lambda part: part.weight).text.strip() in "闪退"
    with pytest.raises(UserError) as error:
        explain(version, [{"message": "x"}], against="bug")
    assert error.value.code == "E295"
    command = [sys.executable, str(root / "tools" / "verify_proof.py"), str(built.path), "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    assert {row["line"]: row["checked"].split(":")[0] for row in found["lines"]} == {
        "micro_f1 >= 80%": "trusted", "subset_accuracy >= 60%": "recomputed", "recall[login] >= 60%": "recomputed",
    }  # fmt: skip
    report = Path(str(built.report)).read_text(encoding="utf-8")
    for drawn in ("decisions-h", "thresholds-h", "reliability-h", "classes-h"):
        assert f'id="{drawn}"' in report


@pytest.mark.parametrize(
    ("must", "more", "code"),
    [
        (("accuracy >= 80%",), "", "E306"),
        (("auto_rate(exact_match >= 90%) >= 50%",), "", "E304"),
        (("micro_f1 >= 80%",), "train: {calibrate: isotonic}\n", "E285"),
        (("micro_f1 >= 80%",), "train: {sets: 90%}\n", "E305"),
        (("micro_f1 >= 80%",), "train: {interval: 90%}\n", "E305"),
        (("micro_f1 >= 80%",), "cost: {matrix: {bug: {slow: 5}}}\n", "E305"),
    ],
)
def test_what_means_nothing_for_several_labels_is_refused_before_any_compute(
    tmp_path: Path, must: tuple[str, ...], more: str, code: str
) -> None:
    contract = messages(tmp_path, 60, must, more)
    with pytest.raises(UserError) as error:
        check_task(contract, load_labelled(contract, Store(tmp_path))[0])
    assert error.value.code == code
    assert error.value.where.count(":") == 2
    if code == "E306":
        assert "use one of micro_f1, macro_f1, subset_accuracy, " in str(error.value)
        assert "auto_rate" not in str(error.value)
    if code == "E304":
        assert "--handover" in str(error.value), "it can be judged where somebody hands rows over"


def test_people_may_say_labels_in_any_order_and_agree(tmp_path: Path) -> None:
    contract = messages(tmp_path, 60)
    with (tmp_path / "rows.csv").open("a", encoding="utf-8") as file:
        file.write("\nit hangs,\n")
    with Store(tmp_path / "store") as store:
        loaded, _ = load_labelled(contract, store)
        assert loaded.pool is not None
        (row,) = loaded.pool.values("_row")
        said = [Opinion(row, "slow|bug", "mei", "new"), Opinion(row, '["bug", "slow"]', "li", "new")]
        assert record(contract, store, loaded, said)["new"] == 2
        assert {one.label for one in opinions(store, "desk")} == {'["bug", "slow"]'}
        assert load_labelled(contract, store)[0].labels == {row: '["bug", "slow"]'}
        with pytest.raises(UserError, match="strange"):
            record(contract, store, loaded, [Opinion(row, "bug|strange", "mei", "new")])


def test_a_row_whose_label_is_near_its_own_threshold_is_asked_first() -> None:
    """Not one near a half that no label is decided at; and 1 in 1,000 is far from 1 in 20."""
    said = Tags([[], [], []], np.array([[0.5, 0.001], [0.9, 0.04], [0.99, 0.001]]))
    assert np.argsort(unsure(said, (0.9, 0.05))).tolist() == [1, 0, 2]
    assert np.argsort(unsure(said)).tolist() == [0, 1, 2]
