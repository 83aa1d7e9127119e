"""product.yaml becomes a frozen contract or nothing: every key is read, typos are refused, paths stay inside."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from zhinan.contract import (
    Contract,
    CostSpec,
    Direction,
    FrozenMap,
    ImproveSpec,
    ProofSpec,
    ServeSpec,
    TrainSpec,
    check_names,
    crossed,
    duration,
    load,
    parse,
)  # fmt: skip
from zhinan.contract.keys import BY_NAME, KEYS, children
from zhinan.core import MaskSpec, UserError

FIVE = "product: x\ndata: messages.csv\ntarget: intent\nmust:\n  - accuracy >= 90%\n"
FULL = """\
product: support-router
goal: Send every customer message to the team that can solve it.
data:
  source: messages.csv                # a comment
  test: held/test.csv
  inputs: {message: text, channel: category}
  target: intent
  person: user_id
  time: created_at
  dates: day-month
  zone: Asia/Shanghai
  mask: [phone, email]
  slices: [channel]
  unlabeled: more.csv
  hosts: [data.example.org]
  most: 4 GB
  current: llm_answer
  clean: {unicode: nfkc, encoding: none, html: text, chinese: simplified, whitespace: collapse,
          missing: [not given], outliers: clip}
task: classify
must:
  - accuracy >= 90%
  - recall[lost_or_stolen_card] >= 85%
  - gap(recall, by=channel) <= 15 pt
  - latency_p95 <= 20 ms
  - size <= 60 MB
  - accuracy >= current - 1 pt
  - cost <= 20% of current
should:
  - accuracy >= 95%
confidence: 99%
budget: 90 s
proof: {openings: 4, margin: 0.5 pt}
cost:
  price: 0.10 USD
  watts: 65
  matrix: {refund: {lost_or_stolen_card: 5}}
  current: 3 USD
train: {calibrate: isotonic, sets: 90%, interval: 80%, folds: 5, monotone: {channel: up}, augment: [typos, case]}
serve: {keep_inputs: none, retention: 7 days}
improve: {events: 300, per_person_cap: 20, classes: [passkey, coins]}
"""


def refused(text: str) -> UserError:
    with pytest.raises(UserError) as error:
        parse(text)
    shown = error.value.text("zh")
    for example in ("{message: text, channel: category}", "{真实: {答案: 数值}}", "{refund: {other: 5}}"):
        shown = shown.replace(example, "")
    assert "{" not in shown
    return error.value


def test_the_shortest_contract_is_five_lines() -> None:
    contract = parse(FIVE)
    assert [source.path for source in contract.data.source] == [Path("messages.csv").resolve()]
    assert contract.data.target == "intent"
    assert contract.data.inputs is None
    assert (contract.confidence, contract.delta, contract.budget) == (0.95, 0.05, 600.0)
    assert (contract.must[0].where, contract.where["data.target"]) == ("product.yaml:5:5", "product.yaml:3:9")


def test_every_key_is_read(tmp_path: Path) -> None:
    (tmp_path / "product.yaml").write_text(FULL)
    contract = load(tmp_path / "product.yaml")
    data = contract.data
    assert (contract.path, contract.root) == (tmp_path / "product.yaml", tmp_path.resolve())
    paths = [source.path for source in (*data.source, *data.test)]
    assert paths == [tmp_path.resolve() / "messages.csv", tmp_path.resolve() / "held" / "test.csv"]
    assert data.inputs == {"message": "text", "channel": "category"}
    assert (data.target, data.person, data.time) == ("intent", "user_id", "created_at")
    assert (data.mask, data.slices) == ((MaskSpec("phone"), MaskSpec("email")), ("channel",))
    assert (contract.task, contract.confidence, contract.budget) == ("classify", 0.99, 90.0)
    assert [line.text for line in contract.should] == ["accuracy >= 95%"]
    assert [source.path for source in data.unlabeled] == [tmp_path.resolve() / "more.csv"]
    assert (data.current, data.most) == ("llm_answer", 4 * 10**9)
    assert contract.proof == ProofSpec(openings=4, margin=0.005)
    assert contract.cost == CostSpec(0.1, "USD", 65.0, {"refund": {"lost_or_stolen_card": 5.0}}, 3.0)
    assert contract.train == TrainSpec(
        "isotonic", 0.9, FrozenMap({"channel": Direction("up")}), 0.8, ("typos", "case"), folds=5
    )
    assert contract.serve == ServeSpec(keep_inputs="none", retention=7 * 86_400.0)
    assert contract.improve == ImproveSpec(events=300, per_person_cap=20, classes=("passkey", "coins"))
    assert (contract.text, contract.where["data.inputs.channel"]) == (FULL, "product.yaml:6:27")
    assert pickle.loads(pickle.dumps(contract)) == contract
    assert hash(contract) == hash(load(tmp_path / "product.yaml"))


def test_the_hash_forgets_comments_order_and_spelling() -> None:
    other = """\
budget: 1.5 min   # shorter
serve: {retention: 168 h, keep_inputs: "none"}
improve: {classes: [coins, passkey], per_person_cap: 20, events: 300}
train: {augment: [case, typos], folds: 5, interval: 80 %, sets: "90.0 %", monotone: {channel: up}, calibrate: isotonic}
cost: {current: 3.0 USD, matrix: {"refund": {lost_or_stolen_card: 5.0}}, watts: 65.0 W, price: 0.1 USD}
proof: {margin: 0.50 pt, openings: 4}
confidence: "99.0 %"
should: [准确率 ≥ 95.0%]
must:
- size <= 0.06 GB
- 费用 <= 20.0 % of current
- accuracy >= current - 1.0 pt
- "recall[“lost_or_stolen_card”] >= 85%"
- latency_p95 <= 0.02 s
- accuracy >= 90 %
- gap(by=channel, of=召回率) <= 15.0 pt
task: classify
target: intent
data:
  current: llm_answer
  clean: {outliers: clip, missing: [not given], whitespace: collapse, chinese: simplified, html: text,
          unicode: nfkc, encoding: none}
  unlabeled: ./more.csv
  slices:
  - channel
  mask: [邮箱, phone]
  time: created_at
  zone: Asia/Shanghai
  dates: day-month
  person: user_id
  inputs:
    channel: category
    message: text
  hosts: [data.example.org]
  most: 4 GB
  test: ./held/../held/test.csv
  source: ./messages.csv
goal: "Send every customer message to the team that can solve it."
product: support-router
"""
    assert parse(other).hash == parse(FULL).hash
    assert re.fullmatch("[0-9a-f]{64}", parse(FULL).hash)


CHANGES = [
    ("most: 4 GB", "most: 5 GB"), ("support-router", "support"), ("team that can", "desk that can"),
    ("messages.csv", "message.csv"), ("held/test.csv", "test.csv"), ("message: text", "message: category"),
    ("target: intent", "target: team"), ("user_id", "customer"), ("created_at", "sent_at"),
    ("[phone, email]", "[phone]"), ("slices: [channel]", "slices: [product]"), ("task: classify\n", ""),
    ("90%", "91%"), ("95%", "96%"), ("99%", "98%"), ("90 s", "91 s"), ("openings: 4", "openings: 5"),
    ("margin: 0.5 pt", "margin: 1 pt"), (", margin: 0.5 pt", ""), ("more.csv", "less.csv"),
    ("llm_answer", "rule_answer"), ("current - 1 pt", "current"), ("current - 1 pt", "current + 1 pt"),
    ("20% of current", "21% of current"), ("price: 0.10 USD", "price: 0.11 USD"), ("watts: 65", "watts: 66"),
    ("lost_or_stolen_card: 5}", "lost_or_stolen_card: 6}"), ("current: 3 USD", "current: 4 USD"),
    ("isotonic", "none"), ("sets: 90%", "sets: 95%"), ("folds: 5", "folds: 4"), (", sets: 90%", ""),
    ("keep_inputs: none", "keep_inputs: masked"), ("retention: 7 days", "retention: 8 days"),
    ("events: 300", "events: 200"), ("per_person_cap: 20", "per_person_cap: 21"), ("unicode: nfkc", "unicode: nfc"),
    ("encoding: none", "encoding: repair"), ("html: text", "html: none"), ("dates: day-month", "dates: month-day"),
    ("Asia/Shanghai", "Europe/Berlin"), ("  zone: Asia/Shanghai\n", ""),
    ("chinese: simplified", "chinese: traditional"), ("whitespace: collapse", "whitespace: none"),
    ("[passkey, coins]", "[passkey]"), ("[not given]", "[not given, gone]"), ("outliers: clip", "outliers: none"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_any_change_of_meaning_changes_the_hash(old: str, new: str) -> None:
    assert parse(FULL.replace(old, new, 1)).hash != parse(FULL).hash


@pytest.mark.parametrize("key", [key for key in KEYS if not key.later], ids=lambda key: key.name)
def test_a_typo_in_any_key_is_refused_with_the_right_key(key: object) -> None:
    leaf = key.leaf  # type: ignore[attr-defined]
    found = re.search(rf"(?m)(?<=[\s{{]){leaf}(?=:)|^{leaf}(?=:)", FULL)
    assert found is not None
    typo = FULL[: found.start()] + leaf[:-1] + ("x" if leaf[-1] != "x" else "y") + FULL[found.end() :]
    line = FULL[: found.start()].count("\n") + 1
    column = found.start() - FULL.rfind("\n", 0, found.start())
    error = refused(typo)
    assert (error.code, error.where) == ("E011", f"product.yaml:{line}:{column}")
    assert f"did you mean '{leaf}'" in error.fix()


@pytest.mark.parametrize("key", [key for key in KEYS if key.later], ids=lambda key: key.name)
def test_a_key_of_a_later_release_is_refused_and_never_ignored(key: object) -> None:
    name, parent = key.name, key.parent  # type: ignore[attr-defined]
    if parent == "data":
        error = refused(f"product: x\ndata: {{source: a.csv, target: y, {name.partition('.')[2]}: 1}}\n")
    elif parent:
        error = refused(FIVE + f"{parent}:\n  {name.partition('.')[2]}: 1\n")
        whole = next(k for k in KEYS if k.name == parent).later
        assert error.where == ("product.yaml:6:1" if whole else "product.yaml:7:3")
    else:
        error = refused(FIVE + f"{name}: {{}}\n")
    assert error.code == "E014"


def test_a_key_in_the_wrong_section_is_sent_home() -> None:
    assert "belongs under 'data'" in refused(FIVE + "mask: [phone]\n").fix()
    assert "top of the file" in refused("product: x\ndata: {source: a.csv, budget: 1 h}\n").fix()


@pytest.mark.parametrize(
    ("old", "new", "code", "fix"),
    [
        ("[phone, email]", "[phone, emial]", "E019", "did you mean 'email'"),
        ("[phone, email]", "[phone, names]", "E019", "did you mean 'person_name'"),
        ("[phone, email]", "[phone, dob]", "E019", "did you mean 'date_of_birth'"),
        ("[phone, email]", "[phone, credit_card]", "E019", "did you mean 'bank_card'"),
        ("[phone, email]", "[phone, phone]", "E015", "keep one"),
        ("[phone, email]", "phone", "E012", "a list"),
        ("message: text", "message: txt", "E052", "did you mean 'text'"),
        ("dates: day-month", "dates: d/m", "E052", "day-month"),
        ("Asia/Shanghai", "Asia/Shangai", "E052", "did you mean 'Asia/Shanghai'"),
        ("Asia/Shanghai", "CST", "E052", "such as Asia/Shanghai"),
        ("inputs: {message: text, channel: category}", "inputs: [message]", "E012", "kinds"),
        ("task: classify", "task: clasify", "E019", "did you mean 'classify'"),
        ("accuracy >= 90%", "acuracy >= 90%", "E019", "did you mean 'accuracy'"),
        ("confidence: 99%", "confidence: 0.99", "E022", "99%"),
        ("confidence: 99%", "confidence: 99", "E022", "99%"),
        ("confidence: 99%", "confidence: 100%", "E015", "99.99%"),
        ("confidence: 99%", "confidence: 49.9%", "E015", "50%"),
        ("budget: 90 s", "budget: 600", "E022", "600 s"),
        ("budget: 90 s", "budget: 10", "E022", "10 min"),
        ("budget: 90 s", "budget: 10 mim", "E023", "did you mean 'min'"),
        ("budget: 90 s", "budget: soon", "E015", "10 min"),
        ("budget: 90 s", "budget: 0 s", "E015", "10 min"),
        ("openings: 4", "openings: 0", "E012", "1 to 1000"),
        ("openings: 4", "openings: four", "E012", "1 to 1000"),
        ("margin: 0.5 pt", "margin: 0.5", "E022", "50 pt"),
        ("margin: 0.5 pt", "margin: 1%", "E023", "did you mean 1 pt?"),
        ("margin: 0.5 pt", "margin: 60 pt", "E015", "0 pt to 50 pt"),
        ("margin: 0.5 pt", "margin: little", "E015", "0 pt to 50 pt"),
        ("price: 0.10 USD", "price: 0.10", "E022", "0.10 USD"),
        ("price: 0.10 USD", "price: 0.10 EUR", "E023", "CNY, USD"),
        ("price: 0.10 USD", "price: 0 USD", "E015", "0.10 USD"),
        ("price: 0.10 USD", "price: free", "E015", "0.10 USD"),
        ("watts: 65", "watts: 0", "E015", "65"),
        ("watts: 65", "watts: 65 kW", "E015", "65"),
        ("current: 3 USD", "current: 3 CNY", "E055", "one currency"),
        ("lost_or_stolen_card: 5}", "lost_or_stolen_card: -5}", "E012", "0 to 1e9"),
        ("lost_or_stolen_card: 5}", "lost_or_stolen_card: true}", "E012", "0 to 1e9"),
        ("matrix: {refund: {lost_or_stolen_card: 5}}", "matrix: {refund: 5}", "E012", "{truth: {answer: number}}"),
        ("calibrate: isotonic", "calibrate: isotonik", "E052", "did you mean 'isotonic'"),
        ("calibrate: isotonic", "calibrate: true", "E052", "isotonic"),
        ("sets: 90%", "sets: 0.9", "E022", "90%"),
        ("sets: 90%", "sets: 100%", "E015", "50% to 99.9%"),
        ("current: llm_answer", "current: intent", "E015", "each its own"),
        ("current: llm_answer", "current: message", "E015", "each its own"),
        ("unlabeled: more.csv", "unlabeled: messages.csv", "E015", "each its own"),
        ("cost <= 20% of current", "cost <= 2 CNY", "E055", "one currency"),
        ("  price: 0.10 USD\n", "", "E054", "cost.price"),
        ("accuracy >= current - 1 pt", "auc >= current - 1 pt", "E056", "accuracy"),
        ("accuracy >= current - 1 pt", "accuracy[under typos] >= current - 1 pt", "E057", "data.current"),
        ("accuracy >= current - 1 pt", "accuracy >= 90% of curent", "E020", "number unit"),
        ("keep_inputs: none", "keep_inputs: false", "E052", "masked, none"),
        ("product: support-router", "product: ../x", "E015", "letters"),
        ("product: support-router", "product: 12", "E012", '"12"'),
        ("product: support-router\n", "", "E013", "support-router"),
        ("  target: intent\n", "", "E013", "intent"),
        ("  source: messages.csv", "  # no source", "E013", "messages.csv"),
        ("  - accuracy >= 95%", "  []", "E018", "latency_p95"),
        ("  - accuracy >= 95%\n", "", "E018", "latency_p95"),
        ("task: classify", "task:", "E018", "classify"),
        ("target: intent", "target: channel", "E015", "each its own"),
        ("person: user_id", "person: created_at", "E015", "each its own"),
        ("held/test.csv", "messages.csv", "E015", "each its own"),
        ("  - size <= 60 MB", "  - accuracy >= 80%", "E026", "keep the one"),
        ("  - size <= 60 MB", "  - 准确率 ≥ 90%", "E026", "keep the one"),
        ("  - accuracy >= 95%", "  - accuracy >= 85%", "E026", "stricter"),
        ("  - size <= 60 MB", "  - {size: 60 MB}", "E012", "a line such as"),
        ("source: messages.csv", "source: postgresql://u@h/db", "E015", "without a password"),
    ],
)
def test_a_wrong_value_is_refused_with_what_would_be_right(old: str, new: str, code: str, fix: str) -> None:
    text = FULL.replace(old, new, 1)
    assert text != FULL
    error = refused(text)
    assert error.code == code
    assert re.fullmatch(r"product\.yaml:\d+:\d+", error.where)
    assert fix in error.fix()


def test_the_target_may_stand_in_one_place_only() -> None:
    error = refused(FULL + "target: intent\n")
    assert (error.code, error.where) == ("E007", f"product.yaml:{FULL.count(chr(10)) + 1}:1")


def test_a_folder_of_classes_needs_no_target() -> None:
    assert parse("product: x\ndata: photos\nmust:\n  - accuracy >= 90%\n").data.target == "label"


@pytest.mark.parametrize(
    "path", ["../x.csv", "/etc/passwd", "a/../../x.csv", ".", "link/x.csv", "loop", "x" * 5000 + "/.."]
)
def test_a_path_outside_the_product_folder_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "p" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "p" / "loop").symlink_to("loop")
    (tmp_path / "p" / "product.yaml").write_text(FIVE.replace("messages.csv", path))
    with pytest.raises(UserError) as error:
        load(tmp_path / "p" / "product.yaml")
    assert (error.value.code, error.value.where) == ("E016", "product.yaml:2:7")


def test_a_path_inside_may_be_absolute_or_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("")
    (tmp_path / "messages.csv").symlink_to("real.csv")
    (tmp_path / "product.yaml").write_text(FIVE)
    relative = load(tmp_path / "product.yaml")
    (tmp_path / "product.yaml").write_text(FIVE.replace("messages.csv", str(tmp_path.resolve() / "messages.csv")))
    assert load(tmp_path / "product.yaml").hash == relative.hash


def test_a_name_the_data_lacks_is_refused_with_the_nearest_one() -> None:
    columns = ["message", "channel", "intent", "user_id", "created_at", "llm_answer"]
    classes = ["lost_or_stolen_card", "refund"]
    check_names(parse(FULL), columns, classes)

    def error_of(old: str, new: str) -> UserError:
        with pytest.raises(UserError) as error:
            check_names(parse(FULL.replace(old, new, 1)), columns, classes)
        return error.value

    for old, new, where, near in [
        ("target: intent", "target: intnt", "7:11", "intent"),
        ("channel: category", "chanel: category", "6:27", "channel"),
        ("slices: [channel]", "slices: [chanel]", "13:12", "channel"),
        ("llm_answer", "llm_anser", "17:12", "llm_answer"),
        ("by=channel", "by=chanel", "24:5", "channel"),
        ("by=channel", "by=channel*user_i", "24:5", "user_id"),
        ("lost_or_stolen_card", "lost_or_stolen_cards", "23:5", "lost_or_stolen_card"),
        ("accuracy >= 90%", "accuracy[chanel=app] >= 90%", "22:5", "channel"),
        ("gap(recall,", "gap(recall[refnd],", "24:5", "refund"),
        ("{refund: {lost", "{refnd: {lost", "37:12", "refund"),
        ("{lost_or_stolen_card: 5}", "{lost_card: 5}", "37:21", "lost_or_stolen_card"),
    ]:
        error = error_of(old, new)
        assert (error.code, error.where) == ("E050", f"product.yaml:{where}")
        assert f"did you mean '{near}'" in error.fix()
    bare = error_of("recall[lost_or_stolen_card]", "recall")
    assert bare.code == "E051"
    assert "macro_recall, recall[lost_or_stolen_card], recall[refund]" in bare.fix()


def test_two_columns_are_crossed_unless_one_bears_that_name() -> None:
    assert crossed("gender*age", ["gender", "age"]) == ("gender", "age")
    assert crossed("gender*age", ["gender", "age", "gender*age"]) == ("gender*age",)
    assert crossed("gender", ["gender"]) == ("gender",)


def test_a_contract_cannot_be_changed() -> None:
    contract = parse(FULL)
    with pytest.raises(AttributeError):
        contract.confidence = 0.5  # type: ignore[misc]
    with pytest.raises(TypeError):
        contract.must[2].args["by"] = "x"  # type: ignore[index]


def test_every_field_of_a_contract_has_its_key() -> None:
    fields = set(Contract.__dataclass_fields__) - {"path", "root", "where", "text", "mask_key", "in_use", "forgotten"}
    assert fields == set(children("")) - {"target"}
    assert set(parse(FIVE).data.__dataclass_fields__) == {key.leaf for key in BY_NAME.values() if key.parent == "data"}
    assert set(parse(FIVE).data.clean.__dataclass_fields__) == set(children("data.clean"))


@pytest.mark.parametrize(
    ("text", "seconds"), [("10 min", 600), ("10min", 600), ("90 s", 90), ("1.5 h", 5400), ("30 days", 2592000)]
)
def test_a_time_is_read_with_its_unit(text: str, seconds: float) -> None:
    assert duration(text) == seconds
