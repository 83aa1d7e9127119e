"""product.yaml is read strictly: nothing is expanded, dropped or bent, and every refusal says where."""

from __future__ import annotations

from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhinan.contract import load, parse
from zhinan.contract import tree as strict
from zhinan.contract.keys import words
from zhinan.core import UserError

FIVE = "product: x\ndata: messages.csv\ntarget: intent\nmust:\n  - accuracy >= 90%\n"

BOMB = "a: &a {x: 1}\nb: &b {<<: [*a, *a, *a, *a, *a, *a, *a, *a]}\n" + "".join(
    f"{c}: &{c} {{<<: [{', '.join(['*' + p] * 8)}]}}\n" for p, c in zip("bcdefgh", "cdefghi", strict=True)
)


def refused(text: str) -> UserError:
    with pytest.raises(UserError) as error:
        parse(text)
    for lang in ("en", "zh"):
        assert "{" not in error.value.text(lang).replace(error.value.where, "")
    return error.value


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        (BOMB, "E006", "product.yaml:1:4"),
        ("product: &p x\n", "E006", "product.yaml:1:10"),
        ("product: *p\n", "E006", "product.yaml:1:10"),
        ("product: x\nserve:\n  <<: {retention: 1 h}\n", "E006", "product.yaml:3:3"),
        ("product: !!python/object/apply:os.system [ls]\n", "E006", "product.yaml:1:10"),
        ("product: !!str x\n", "E006", "product.yaml:1:10"),
        ("%YAML 1.1\n---\nproduct: x\n", "E006", "product.yaml:1:1"),
        (FIVE + "---\nproduct: y\n", "E006", "product.yaml:6:1"),
        ("? [a]\n: b\n", "E006", "product.yaml:1:3"),
        (FIVE + "must:\n  - accuracy >= 1%\n", "E007", "product.yaml:6:1"),
        (FIVE + "goal: " + "[" * 25 + "]" * 25 + "\n", "E008", "product.yaml:6:26"),
        (FIVE + "goal:\tx\n", "E004", "product.yaml:6:6"),
        (FIVE + "goal: a\0b\n", "E004", "product.yaml:6:8"),
        (FIVE + 'goal: "a\\0b"\n', "E004", "product.yaml:6:7"),
        (FIVE + "goal: a\u202eb\n", "E004", "product.yaml:6:8"),
        (FIVE + "goal: a\u2028b\n", "E004", "product.yaml:6:8"),
        (FIVE + "\u3000goal: x\n", "E004", "product.yaml:6:1"),
        (FIVE + "# " + "x" * 256 * 1024, "E002", "product.yaml"),
        (FIVE + "goal: [" + "a, " * 5000 + "]\n", "E053", "product.yaml:6:14981"),
        (FIVE + "goal: 'x\n", "E005", "product.yaml:7:1"),
        (FIVE + f"proof: {{openings: {'9' * 5000}}}\n", "E005", "product.yaml:6:19"),
        ("", "E012", "product.yaml:1:1"),
        ("- product\n", "E012", "product.yaml:1:1"),
        ("accuracy\n", "E012", "product.yaml:1:1"),
        (FIVE + "goal: be good\n confidence 99%\n", "E017", "product.yaml:6:7"),
        (FIVE + "true: 1\n", "E012", "product.yaml:6:1"),
    ],
)
def test_what_strict_yaml_does_not_allow_is_refused_where_it_stands(text: str, code: str, where: str) -> None:
    error = refused(text)
    assert (error.code, error.where) == (code, where)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("product：x\n", "product.yaml:1:1"),
        ("product: x\ntarget：intent\ndata: a.csv\n", "product.yaml:2:7"),
        ("product: x\nmust：\n  - accuracy >= 90%\n", "product.yaml:2:5"),
        ("product: x\ndata:\n  source：a.csv\n", "product.yaml:3:3"),
        ("product: x\ntarget：intent: y\n", "product.yaml:2:1"),
    ],
)
def test_a_full_width_colon_is_named_wherever_it_breaks_the_file(text: str, where: str) -> None:
    error = refused(text)
    assert (error.code, error.where) == ("E009", where)
    assert "ASCII colon" in error.fix()


def test_a_line_that_yaml_reads_as_a_mapping_is_refused_with_the_quoting_that_mends_it() -> None:
    error = refused(FIVE + "  - recall[退款: 未到账] >= 85%\n")
    assert (error.code, error.where) == ("E010", "product.yaml:6:5")
    quoted = error.fix().partition("quotes: ")[2]
    assert parse(f"{FIVE}  - {quoted}\n").must[1].part.label == "退款: 未到账"  # type: ignore[union-attr]


def test_a_comment_sign_inside_a_class_is_named() -> None:
    error = refused(FIVE + "  - recall[order #3] >= 85%\n")
    assert (error.code, error.where) == ("E020", "product.yaml:6:17")
    assert "single quotes" in error.fix()


def test_scalars_follow_yaml_1_2_core_and_not_1_1() -> None:
    top = strict.read("a: [no, on, 012, 0o17, 0x1F, 1e3, .5, -.inf, ~, True, 12:30:45, 1_000, 'no']", "f", words()).top
    node = top.items[0][1]
    assert isinstance(node, strict.ListNode)
    values = [item.value for item in node.items if isinstance(item, strict.Scalar)]
    assert values == ["no", "on", 12, 15, 31, 1000.0, 0.5, float("-inf"), None, True, "12:30:45", "1_000", "no"]


def test_columns_called_like_yaml_1_1_truth_values_stay_columns() -> None:
    assert parse(FIVE.replace("intent", "no")).data.target == "no"
    error = refused(FIVE.replace("intent", "true"))
    assert (error.code, error.where) == ("E012", "product.yaml:3:9")
    assert '"true"' in error.fix()
    assert parse(FIVE.replace("intent", '"true"')).data.target == "true"


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    assert parse("\ufeff" + FIVE.replace("\n", "\r\n")).hash == parse(FIVE).hash


def test_a_file_that_is_not_utf8_is_refused_where_it_breaks(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "product.yaml"
    path.write_bytes("product: x\ngoal: 客服".encode("gb18030"))
    with pytest.raises(UserError) as error:
        load(path)
    assert (error.value.code, error.value.where) == ("E003", "product.yaml:2:7")


def test_a_missing_file_names_its_neighbour(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "product.yaml").write_text(FIVE)
    with pytest.raises(UserError, match=r"did you mean 'product\.yaml'") as error:
        load(tmp_path / "prodct.yaml")
    assert error.value.code == "E001"
    assert load(tmp_path).hash == load(str(tmp_path / "product.yaml")).hash


@pytest.mark.parametrize(
    "text", [FIVE, BOMB, FIVE + "goal: 'x\n", FIVE + "serve: {retention: [}\n", "a: 😀 b\nc: d: e\n"]
)
def test_the_c_and_the_python_parser_read_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome() -> object:
        try:
            return strict.read(text, "f", words()).top
        except UserError as error:
            return error.code, error.where.partition(":")[2].partition(":")[0]

    first = outcome()
    monkeypatch.setattr(strict, "LOADER", yaml.SafeLoader)
    assert outcome() == first


@given(st.text(st.sampled_from(sorted(set(FIVE + "&*!%<>[]{}'\"#?|-：\t\0\ud800\u2028\n  ")))) | st.text())
def test_any_text_is_a_contract_or_a_user_error(text: str) -> None:
    for tried in (text, FIVE + text, text + FIVE):
        with suppress(UserError):
            parse(tried)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_contract_or_a_user_error(tmp_path_factory, content: bytes) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    path.write_bytes(FIVE.encode() + content)
    with suppress(UserError):
        load(path)
