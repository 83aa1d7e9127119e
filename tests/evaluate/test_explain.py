"""An explanation adds up to what the version computed, shows masked text only, and names what really mattered."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.contract import load
from zhinan.core import Block, Candidate, Column, Dataset, Encoded, Plan, StepSpec, UserError
from zhinan.data import load as load_data
from zhinan.data import split
from zhinan.encoders.columns import Columns
from zhinan.encoders.ngrams import NGrams
from zhinan.evaluate.explain import Explanation, explain, explanation_facts
from zhinan.package import Version, draft, open_version
from zhinan.recipes._heads import Head, assemble
from zhinan.recipes.linear import linear

SAID = {
    "card": ("lost my card", "someone stole my card", "卡丢了", "银行卡被偷了"),
    "login": ("cannot log in", "wrong password again", "登录不了", "密码错误"),
    "refund": ("refund please", "want my money back", "我要退款", "把钱退给我"),
}
FILLER = ("hello", "today", "please", "您好", "麻烦", "thanks", "just now", "刚才", "again")
TEXTS = st.text(st.sampled_from(list("abc cardx 卡丢了登录 Ｃé\u0301ßﬁ\u3000\n[]EMAIL_@.1😀각ｶﾞ’")), max_size=40)


def rows_of(count: int, seed: int = 0) -> tuple[list[str], list[str], list[str], list[float]]:
    draw = random.Random(seed)
    texts, channels, amounts, labels = [], [], [], []
    for _ in range(count):
        label = draw.choice(list(SAID))
        words = [*draw.sample(FILLER, draw.randint(1, 4)), draw.choice(SAID[label])]
        draw.shuffle(words)
        texts.append(" ".join(words))
        channels.append("app" if label == "login" and draw.random() < 0.7 else "web")
        amounts.append(draw.gauss(50 if label == "refund" else 5, 3))
        labels.append(label)
    return texts, channels, labels, amounts


def encoded(fitted: Any, name: str, rows: Mapping[str, Any], target: np.ndarray) -> Encoded:
    return Encoded((Block(name, fitted.encode(rows), fitted),), target, tuple(SAID))


def opened(candidate: Candidate, folder: Path, inputs: Sequence[Column], masks: Sequence[str] = ()) -> Version:
    made = draft(
        folder=folder, product="p", candidate=candidate, inputs=inputs, masks=masks,
        contract=b"", facts={},
    )  # fmt: skip
    return open_version(made.path)


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """n-grams of a text and a table of two columns, stacked, softly regularised so that scores are moderate."""
    texts, channels, labels, amounts = rows_of(240)
    target = np.array([list(SAID).index(label) for label in labels])
    some, rest = slice(0, 180), slice(180, None)

    def part(where: slice) -> Encoded:
        first = encoded(ngrams, "ngrams", {"message": texts[where]}, target[where])
        rows = {"channel": channels[where], "amount": amounts[where]}
        return replace(first, blocks=(*first.blocks, *encoded(table, "columns", rows, target[where]).blocks))

    ngrams = NGrams().fit({"message": texts[some]})
    table = Columns().fit({"channel": channels[some], "amount": amounts[some]})
    candidate = linear(part(some), part(rest), budget=9, l2=(1.0, 0.1), mix=(1.5, 0.7))
    inputs = (Column("message", "text"), Column("channel", "category"), Column("amount", "number"))
    return opened(candidate, tmp_path_factory.mktemp("version"), inputs, ("email",))


def logits(version: Version, row: Mapping[str, Any]) -> dict[str, float]:
    values = version.run(version.check([row]))["logits"][0]
    return dict(zip(version.classes, values.tolist(), strict=True))


def total(one: Explanation) -> float:
    return one.base + sum(part.weight for part in one.parts) + one.rest


@settings(max_examples=150)
@given(TEXTS, st.sampled_from(["app", "web", "fax", "", None]), st.none() | st.floats(-1e9, 1e9), st.integers(1, 30))
def test_base_and_parts_sum_to_the_difference_of_the_scores(
    version: Version, text: str, channel: str | None, amount: float | None, top: int
) -> None:
    row = {"message": text, "channel": channel, "amount": amount}
    (one,) = explain(version, [row], top=top)
    scores = logits(version, row)
    assert one.difference == pytest.approx(scores[one.answer] - scores[one.against], abs=1e-6)
    assert total(one) == pytest.approx(one.difference, abs=1e-3)
    assert (one.method, one.exact) == ("linear", True)
    assert abs(one.unexplained) < 1e-3
    assert len(one.parts) <= top


@pytest.mark.parametrize(
    ("text", "telling", "answer"),
    [
        ("hello someone stole my card today", "card", "card"),
        ("您好 刚才 卡丢了 麻烦", "卡丢", "card"),
        ("please wrong password again thanks", "password", "login"),
        ("麻烦 登录不了 您好", "登录", "login"),
    ],
)
def test_the_words_that_make_the_class_count_most(version: Version, text: str, telling: str, answer: str) -> None:
    (one,) = explain(version, [{"message": text, "channel": "web", "amount": 5.0}], top=None)
    assert one.answer == answer
    best = max((part for part in one.parts if part.column == "message"), key=lambda part: part.weight)
    assert set(telling) & set(best.text)
    assert "".join(part.text for part in one.parts if part.column == "message") == text


def test_columns_are_told_with_their_values(version: Version) -> None:
    row = {"message": "today", "channel": "app", "amount": 50.0}
    (one,) = explain(version, [row], label="refund", against="login")
    said = {part.column: part for part in one.parts if part.start is None}
    assert said["amount"].weight > 0 > said["channel"].weight
    assert said["channel"].text == "app"
    (without,) = explain(version, [{**row, "channel": "fax"}], label="refund", against="login")  # never seen: all zero
    assert one.difference - without.difference == pytest.approx(said["channel"].weight, abs=1e-4)


def test_leaving_out_what_counts_most_lowers_the_score_more_than_leaving_out_anything(version: Version) -> None:
    texts, channels, _, amounts = rows_of(100, seed=7)
    draw = np.random.default_rng(0)
    gains = []
    for text, channel, amount in zip(texts, channels, amounts, strict=True):
        row = {"message": text, "channel": channel, "amount": amount}
        (one,) = explain(version, [row], top=None)
        parts = [part for part in one.parts if part.start is not None]
        top = max(parts, key=lambda part: part.weight)
        other = parts[draw.integers(len(parts))]
        before = logits(version, row)[one.answer]
        drops = []
        for part in (top, other):
            left = text[: part.start] + text[part.end :]
            drops.append(before - logits(version, {**row, "message": left})[one.answer])
        gains.append(drops[0] - drops[1])
    mean, error = np.mean(gains), np.std(gains) / np.sqrt(len(gains))
    assert mean > 4 * error


def test_what_is_masked_stays_masked(version: Version) -> None:
    row = {"message": "write to zoe.lee@example.org my card", "channel": "web", "amount": 1.0}
    (one,) = explain(version, [row], top=None)
    shown = json.dumps(one.to_dict(), ensure_ascii=False)
    assert "zoe" not in shown
    assert "[EMAIL] " in [part.text for part in one.parts]


def test_ngrams_that_share_a_bucket_are_said_and_still_add_up(tmp_path: Path) -> None:
    texts, _, labels, _ = rows_of(120)
    target = np.array([list(SAID).index(label) for label in labels])
    fitted = NGrams(buckets=2**5, least=1).fit({"message": texts})
    both = encoded(fitted, "ngrams", {"message": texts}, target)
    version = opened(linear(both, both, budget=9, l2=(1.0,), mix=(1.0,)), tmp_path, (Column("message", "text"),))
    (one,) = explain(version, [{"message": texts[0]}], top=None)
    assert one.shared > 5
    assert total(one) == pytest.approx(one.difference, abs=1e-3)
    assert explain(version, [{"message": ""}])[0].shared == 0


def test_two_text_columns_keep_their_own_words(tmp_path: Path) -> None:
    texts, _, labels, _ = rows_of(160)
    target = np.array([list(SAID).index(label) for label in labels])
    rows = {"title": ["news"] * len(texts), "body": texts}
    both = encoded(NGrams().fit(rows), "ngrams", rows, target)
    inputs = (Column("title", "text"), Column("body", "text"))
    version = opened(linear(both, both, budget=9, l2=(1.0,), mix=(1.0,)), tmp_path, inputs)
    (one,) = explain(version, [{"title": "my card", "body": "hello 卡丢了"}], top=None)
    assert {part.text.strip() for part in one.parts if part.column == "title"} == {"my", "card"}
    assert total(one) == pytest.approx(one.difference, abs=1e-3)
    for row in ({"title": "", "body": ""}, {"title": None, "body": "x"}, {"title": "x", "body": None}):
        (one,) = explain(version, [row], top=None)
        assert total(one) == pytest.approx(one.difference, abs=1e-3)


@dataclass(frozen=True)
class Bag:
    """A pretrained encoder in small: the sum, or the squashed sum, of two numbers a word."""

    squash: bool = False

    def _files(self) -> dict[str, bytes]:
        from onnx import TensorProto, helper, numpy_helper

        words = {"[UNK]": 0, "card": 1, "password": 2, "refund": 3, "卡": 4, "丢": 5}
        tokenizer = {
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
            "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                           "strip_accents": None, "lowercase": True},
            "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": None, "decoder": None,
            "model": {"type": "WordLevel", "vocab": words, "unk_token": "[UNK]"},
        }  # fmt: skip
        vectors = np.array([[0, 0], [2, 0], [0, 2], [-1, -1], [1, 0], [1, 0]], np.float32)
        nodes = [
            helper.make_node("Gather", ["E", "ids"], ["each"], axis=0),
            helper.make_node("ReduceSum", ["each", "axis"], ["sum"], keepdims=0),
            helper.make_node("Tanh" if self.squash else "Identity", ["sum"], ["embedding"]),
        ]
        graph = helper.make_graph(
            nodes, "bag",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "m"])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", 2])],
            [numpy_helper.from_array(vectors, "E"), numpy_helper.from_array(np.array([1], np.int64), "axis")],
        )  # fmt: skip
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
        return {"bag.onnx": model.SerializeToString(), "bag.tokenizer": json.dumps(tokenizer).encode()}

    def encode(self, rows: Mapping[str, Sequence[Any]], progress: Any = None) -> np.ndarray:
        return np.zeros((len(rows["message"]), 2), np.float32)

    def plan(self, prefix: str) -> Plan:
        names = {"batch": "bucketed", "inputs": ["ids"], "outputs": ["embedding"]}
        steps = (
            StepSpec("tokenize", ("message",), ("bag.ids",), {"scheme": "subword"}, {"tokenizer": "bag.tokenizer"}),
            StepSpec("onnx", ("bag.ids",), ("bag",), names, {"graph": "bag.onnx"}),
        )
        return Plan(steps, self._files(), ("bag",), "dense", 2)


def stacked(folder: Path, squash: bool, *, with_ngrams: bool = True) -> Version:
    """n-grams and a bag of words, whose vectors speak for `card` (+) and `login` (+) each on its own axis."""
    texts, _, labels, _ = rows_of(160)
    target = np.array([list(SAID).index(label) for label in labels])
    ngrams = NGrams().fit({"message": texts})
    first = encoded(ngrams, "ngrams", {"message": texts}, target)
    draw = np.random.default_rng(0)
    width = first.blocks[0].values.shape[1]
    heads = [
        Head(draw.normal(size=(width, 3)).astype(np.float16).astype(np.float32), np.zeros(3, np.float32), 1.0),
        Head(np.array([[3, 0, 0], [0, 3, 0]], np.float32), np.array([0.5, 0, 0], np.float32), 1.0),
    ]
    blocks = [first.blocks[0], Block("bag", np.zeros((1, 2), np.float32), Bag(squash))]
    kept = slice(0, 2) if with_ngrams else slice(1, 2)
    candidate = assemble(
        "linear", "frozen", Encoded(tuple(blocks[kept]), target, tuple(SAID)), heads[kept], [0.5, 1.0][kept],
        dev=np.zeros((1, 3)), params={},
    )  # fmt: skip
    return opened(candidate, folder, (Column("message", "text"),))


def test_leaving_words_out_of_a_sum_finds_what_each_of_them_adds(tmp_path: Path) -> None:
    version = stacked(tmp_path, squash=False, with_ngrams=False)
    (one,) = explain(version, [{"message": "my card password"}], label="card", against="login", top=None)
    said = {part.text.strip(): part.weight for part in one.parts}
    assert one.method == "occlusion"
    assert said == pytest.approx({"my": 0.0, "card": 6.0, "password": -6.0}, abs=1e-5)
    assert one.base == pytest.approx(0.5, abs=1e-5)
    assert one.unexplained == pytest.approx(0, abs=1e-5)
    (one,) = explain(version, [{"message": "卡丢"}], label="card", against="login", top=None)
    assert sum(part.weight for part in one.parts) == pytest.approx(6.0, abs=1e-5)


def test_a_stack_is_exact_in_its_linear_part_and_says_what_is_left(tmp_path: Path) -> None:
    version = stacked(tmp_path, squash=True)
    row = {"message": "hello card card password"}
    (one,) = explain(version, [row], label="card", against="login", top=None)
    assert one.method == "linear + occlusion"
    scores = logits(version, row)
    assert one.difference == pytest.approx(scores["card"] - scores["login"], abs=1e-5)
    assert total(one) + one.unexplained == pytest.approx(one.difference, abs=1e-9)
    assert abs(one.unexplained) > 0.5, "saturated words were told as if they added up"
    assert not one.exact


def test_a_head_that_is_no_sum_is_explained_by_leaving_out(tmp_path: Path, version: Version) -> None:
    from onnx import helper, load_from_string

    model = load_from_string(version.read("head.onnx"))
    for node in model.graph.node:
        if node.output[0] == "logits":
            node.output[0] = "plain"
    model.graph.node.append(helper.make_node("Sinh", ["plain"], ["logits"]))
    candidate = Candidate(
        "other", "frozen", ("ngrams",), tuple(step for step in version.manifest.steps if step.step != "mask"),
        {**{name: version.read(name) for name in ("ngrams.safetensors",)}, "head.onnx": model.SerializeToString()},
        version.classes, np.zeros((1, 3)),
    )  # fmt: skip
    inputs = [Column(name, kind) for name, kind in version.inputs.items()]  # type: ignore[arg-type]
    other = opened(candidate, tmp_path, inputs)
    row = {"message": "hello lost my card", "channel": "web", "amount": 5.0}
    (one,) = explain(other, [row], top=None)
    assert (one.answer, one.method) == ("card", "occlusion")
    said = {part.text.strip(): part.weight for part in one.parts if part.column == "message"}
    assert said["card"] == max(said.values())
    assert {part.column for part in one.parts} == {"message", "channel", "amount"}
    scores = logits(other, row)
    assert total(one) + one.unexplained == pytest.approx(scores[one.answer] - scores[one.against], abs=1e-6)


def test_a_long_text_takes_few_runs_of_an_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = stacked(tmp_path, squash=False, with_ngrams=False)
    seen: list[int] = []
    run = version.run

    def counted(columns: Mapping[str, list[Any]]) -> dict[str, Any]:
        seen.append(len(columns["message"]))
        return run(columns)

    monkeypatch.setattr(version, "run", counted)
    (one,) = explain(version, [{"message": "card " + "word " * 2000}], label="card", against="login", top=3)
    assert sum(seen) < 120
    assert one.parts[0].text.startswith("card")


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"against": "crad"}, "E290"), ({"label": "x"}, "E290"), ({"label": "card", "against": "card"}, "E291")],
)
def test_a_wrong_class_is_refused(version: Version, asked: dict[str, str], code: str) -> None:
    with pytest.raises(UserError) as error:
        explain(version, [{"message": "x", "channel": "web", "amount": 1}], **asked)
    assert error.value.code == code


def test_asked_against_its_own_answer_it_explains_the_runner_up(version: Version) -> None:
    row = {"message": "lost my card", "channel": "web", "amount": 5.0}
    (usual,) = explain(version, [row])
    (asked,) = explain(version, [row], against=usual.answer)
    assert (asked.answer, asked.against) == (usual.against, usual.answer)
    assert asked.difference == pytest.approx(-usual.difference)


def test_the_log_odds_are_those_of_the_probabilities_told(version: Version) -> None:
    row = {"message": "today hello", "channel": "web", "amount": 5.0}
    (one,) = explain(version, [row])
    told = version.predict([row], probabilities=True)[0]["probabilities"]
    assert one.difference == pytest.approx(np.log(told[one.answer] / told[one.against]), abs=1e-5)
    assert one.probability == pytest.approx(told[one.answer])


def test_the_report_explains_errors_of_the_candidate_that_made_them(shop: Callable[..., Path], tmp_path: Path) -> None:
    contract = load(shop(tmp_path, rows=240, wrong=0.4))
    loaded = load_data(contract)
    parts = split(contract, loaded)
    place = {label: i for i, label in enumerate(loaded.classes)}

    def part_of(part: Dataset) -> Encoded:
        codes = np.array([place[label] for label in part.values("intent")])
        rows = {"message": part.values("message")}
        return Encoded((Block("ngrams", fitted.encode(rows), fitted),), codes, loaded.classes)

    fitted = NGrams().fit({"message": parts.train.values("message")})
    candidate = linear(part_of(parts.train), part_of(parts.dev), budget=9)
    shown = explanation_facts(candidate, parts.dev)
    wrong = [
        (text, truth, loaded.classes[i])
        for text, truth, i in zip(
            parts.dev.values("message"), parts.dev.values("intent"), candidate.answers, strict=True
        )
        if truth != loaded.classes[i]
    ]
    assert len(shown) == min(10, len(wrong)) > 0
    for one in shown:
        text = "".join(token["text"] for token in one["tokens"])
        assert (text, one["truth"], one["answer"]) in wrong
        assert one["against"] == one["truth"]
        assert any(token["weight"] for token in one["tokens"])
    assert json.loads(json.dumps(shown)) == shown
    assert explanation_facts(candidate, parts.dev, until=0.0) == []
    assert len(explanation_facts(candidate, parts.dev, most=2)) == 2


def test_of_several_labels_the_report_explains_the_one_that_is_farthest_from_right() -> None:
    texts = ["card lost", "card lost and slow", "slow", "thanks"] * 12
    labels = [{"card"}, {"card", "slow"}, {"slow"}, set[str]()] * 12
    classes = ("card", "slow")
    flags = np.array([[name in held for name in classes] for held in labels])
    fitted = NGrams().fit({"message": texts})
    part = Encoded((Block("ngrams", fitted.encode({"message": texts}), fitted),), flags, classes)
    made = linear(part, part, budget=9)
    said = flags.copy()
    said[0] = False, False  # rows whose label is written wrongly, so that what is answered is an error
    said[2] = True, True
    written = [json.dumps([name for name, held in zip(classes, row, strict=True) if held]) for row in said]
    frame = pl.DataFrame({"message": texts, "tags": written, "_row": [str(i) for i in range(48)]})
    dev = Dataset(frame, (Column("message", "text"),), Column("tags", "list"), None, None, "x")
    shown = {one["answer"]: one for one in explanation_facts(made, dev)}
    assert shown.keys() == {"card", "¬ card"}
    for answer, word in (("card", "card"), ("¬ card", "slow")):
        one = shown[answer]
        assert one["truth"] == one["against"] == ("¬ card" if answer == "card" else "card")
        assert max(one["tokens"], key=lambda token: token["weight"])["text"].strip() in f"{word} lost"
    assert explanation_facts(made, dev, until=0.0) == []
