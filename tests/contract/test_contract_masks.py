"""What a contract may ask of masks: names, modes, its own patterns; a bad one is refused where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhinan.contract import Contract, parse
from zhinan.core import MaskSpec, UserError

HEAD = "product: x\ntarget: y\nmust: [accuracy >= 90%]\n"


def parsed(mask: str, tmp_path: Path) -> Contract:
    (tmp_path / "a.csv").touch()
    return parse(f"{HEAD}data:\n  source: a.csv\n  mask: {mask}\n", tmp_path / "product.yaml")


def test_names_modes_and_own_patterns(tmp_path: Path) -> None:
    text = "{手机号: mask, email: hash, person_name: pseudonym, order_no: {pattern: 'ORD-[0-9]{8}', mode: hash}}"
    wanted = (
        MaskSpec("phone"), MaskSpec("email", "hash"), MaskSpec("person_name", "pseudonym"),
        MaskSpec("order_no", "hash", "ORD-[0-9]{8}"),
    )  # fmt: skip
    assert parsed(text, tmp_path).data.mask == wanted
    assert parsed("[phone]", tmp_path).data.mask == parsed("{phone: mask}", tmp_path).data.mask
    assert parsed("{phone: hash}", tmp_path).hash != parsed("{phone: mask}", tmp_path).hash


def test_a_pipeline_for_presidio_is_a_folder_beside_the_contract(tmp_path: Path) -> None:
    contract = parsed("{people: {presidio: models/zh, mode: hash}}", tmp_path)
    assert contract.data.mask == (MaskSpec("people", "hash", pipeline=str(tmp_path / "models" / "zh")),)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert parsed("{people: {presidio: models/zh, mode: hash}}", elsewhere).hash == contract.hash
    assert contract.hash != parsed("{people: {presidio: models/en, mode: hash}}", tmp_path).hash


@pytest.mark.parametrize(
    ("mask", "code"),
    [
        ("{fone: mask}", "E019"),
        ("{phone: hide}", "E155"),
        ("{phone: mask, 手机号: mask}", "E015"),
        ("{phone: {pattern: '[0-9]{9}'}}", "E015"),
        ("{Order: {pattern: '[0-9]{9}'}}", "E015"),
        ("{order_no: {mode: mask}}", "E013"),
        ("{people: {presidio: ../zh}}", "E016"),
        ("{people: {presidio: zh, pattern: '[0-9]{9}'}}", "E015"),
        ("{order_no: {pattern: '[0-9]{9}', kind: x}}", "E011"),
        ("{order_no: {pattern: '(a+)+b'}}", "E150"),
        ("{order_no: {pattern: '.*'}}", "E150"),
        ("{order_no: {pattern: 'a{2,}'}}", "E150"),
        ("{order_no: {pattern: '(?=a)a'}}", "E150"),
        ("{order_no: {pattern: '(a)\\1'}}", "E150"),
        ("{order_no: {pattern: '([0-9]'}}", "E150"),
        ("{order_no: {pattern: '[0-9]{0,9}'}}", "E151"),
        ("{}", "E012"),
    ],
)
def test_a_bad_mask_is_refused_where_it_stands(mask: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        parsed(mask, tmp_path)
    assert caught.value.code == code
    assert "product.yaml:6:" in caught.value.where
    assert "is a mapping" not in caught.value.what()


@pytest.mark.parametrize("pattern", [r"ORD-\d{8}", r"a\+b\*", "[+*]{1,3}x", "订单[0-9]{4,9}"])
def test_a_sign_that_is_no_repetition_is_no_fault(pattern: str, tmp_path: Path) -> None:
    assert parsed(f"{{own: {{pattern: '{pattern}'}}}}", tmp_path).data.mask[0].pattern == pattern
