"""A find becomes a placeholder, a keyed token or a stand-in; without the key nothing is told and nothing is opened."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.core import MaskSpec, UserError
from zhinan.core.keys import new_key
from zhinan.steps._standins import hashed, revealed, standin
from zhinan.steps.mask import Mask, options_of, redact, reveal

KEY = new_key().derive("test")
FINDS = st.text(st.sampled_from("0123456789abcXYZ王小伟阳龘 -@.·"), min_size=1, max_size=24)


@given(FINDS, st.integers(0, 4))
def test_a_stand_in_leads_back_to_what_it_was_made_of_and_looks_alike(find: str, keeps: int) -> None:
    other = standin(find, "any", KEY, keeps)
    assert revealed(other, "any", KEY, keeps) == find
    assert len(other) == len(find)
    assert [c.isdigit() for c in other] == [c.isdigit() for c in find]
    assert [c for c in other if c in " -@.·"] == [c for c in find if c in " -@.·"]


def test_another_key_or_mask_makes_another_stand_in_and_leads_elsewhere() -> None:
    phone = "13812345678"
    other = standin(phone, "phone", KEY, 2)
    assert other[:2] == "13"
    assert other != phone
    assert other != standin(phone, "bank_card", KEY, 2)
    assert other != standin(phone, "phone", new_key().derive("test"), 2)
    assert revealed(other, "phone", new_key().derive("test"), 2) != phone


def test_stand_ins_of_all_short_numbers_differ() -> None:
    assert len({standin(f"{i:03}", "any", KEY) for i in range(1000)}) == 1000


def test_a_token_is_the_same_however_the_value_is_written() -> None:
    assert hashed("138 1234 5678", "phone", KEY, grouped=True) == hashed("13812345678", "phone", KEY, grouped=True)
    assert hashed("GB82 WEST", "iban", KEY, grouped=True) == hashed("gb82west", "iban", KEY, grouped=True)
    assert hashed("A@B.com", "email", KEY) == hashed("a@b.com", "email", KEY) != hashed("a@b.com", "phone", KEY)


@pytest.mark.parametrize("numbers", [
    ["13800138000", "138-0013-8000", "+86 13800138000", "0086-138-0013-8000", "86 13800138000"],
    ["+44 20 7946 0958", "020 7946 0958", "0044 (0)20 7946 0958"],
    ["+1 (415) 555-2671", "415-555-2671"],
    ["+33 6 77 87 53 01", "06 77 87 53 01"],
    ["+852 9123 4567", "9123 4567"],
    ["double five nine", "Double Five  Nine"],
])  # fmt: skip
def test_a_telephone_number_has_one_token_with_and_without_its_countrys_code(numbers: list[str]) -> None:
    assert len({hashed(number, "phone", KEY, grouped="dialled") for number in numbers}) == 1
    assert hashed("13800138001", "phone", KEY, "dialled") not in {hashed(n, "phone", KEY, "dialled") for n in numbers}


@pytest.mark.parametrize(("mask", "one", "other"), [
    ("ip", "1.23.45.67", "12.3.45.67"), ("date_of_birth", "born 1.12.1990", "born 11.2.1990"),
])  # fmt: skip
def test_different_values_have_different_tokens(
    mask: str, one: str, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHINAN_KEY", new_key().text)
    hidden = [redact(text, [MaskSpec(mask, "hash")]) for text in (one, other)]
    assert "1" not in "".join(hidden)
    assert len(set(hidden)) == 2


def test_a_stand_in_does_not_depend_on_how_a_number_is_grouped() -> None:
    plain = standin("13812345678", "phone", KEY, 2)
    assert standin("138 1234 5678", "phone", KEY, 2).replace(" ", "") == plain
    assert standin("138-1234-5678", "phone", KEY, 2).replace("-", "") == plain


@given(st.text(max_size=20))
def test_a_stand_in_of_any_letters_leads_back(find: str) -> None:
    assert revealed(standin(find, "any", KEY), "any", KEY) == find


def test_letters_of_every_alphabet_are_exchanged() -> None:
    for name in ("Иван Петров", "Γιώργος Παπαδόπουλος", "محمد علي", "राजेश कुमार", "김민준", "さとう", "Ærøskøbing"):
        others = [standin(name, f"mask_{number}", KEY) for number in range(30)]
        kept = sum(a == b for other in others for a, b in zip(name, other, strict=True) if a != " ")
        assert kept <= len(others) * len(name) / 3, (name, others)


def test_modes_need_a_key_and_a_version_names_which(monkeypatch: pytest.MonkeyPatch) -> None:
    specs = (MaskSpec("email", "hash"), MaskSpec("phone", "pseudonym"), MaskSpec("order_no", "mask", "ORD-[0-9]{8}"))
    with pytest.raises(UserError) as caught:
        redact("a@b.com", specs)
    assert caught.value.code == "E153"
    first, second = new_key(), new_key()
    monkeypatch.setenv("ZHINAN_KEY", first.text)
    text = redact("a@b.com, 13812345678, ORD-12345678, a@b.com", specs)
    token, number, own, again = text.split(", ")
    assert token.startswith("[EMAIL:")
    assert token == again
    assert own == "[ORDER_NO]"
    assert reveal(number, "phone") == "13812345678"
    options = options_of(specs)
    assert options["key"] == first.id
    assert first.text not in str(options)
    monkeypatch.setenv("ZHINAN_KEY", f"{second.text} {first.text}")
    assert Mask(("a",), ("a",), {}, **options).run({"a": ["a@b.com"]}) == {"a": [token]}
    monkeypatch.setenv("ZHINAN_KEY", second.text)
    with pytest.raises(UserError) as caught:
        Mask(("a",), ("a",), {}, **options)
    assert caught.value.code == "E420"


def test_a_mailbox_has_one_stand_in_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHINAN_KEY", new_key().text)
    mails = ("bob.lee@example.com", "Bob.Lee@example.com", "BOB.LEE@EXAMPLE.COM")
    (made,) = {redact(mail, [MaskSpec("email", "pseudonym")]) for mail in mails}
    assert made != mails[0]
    assert reveal(made, "email") == mails[0]


def test_what_was_masked_is_not_masked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHINAN_KEY", new_key().text)
    once = redact("write to a@b.com or call 13812345678", (MaskSpec("email", "hash"), MaskSpec("phone", "hash")))
    assert redact(once) == once


@pytest.mark.parametrize("name", ["customer", "anna", "ticket_no"])
def test_a_token_of_a_contracts_own_mask_is_not_masked_again(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHINAN_KEY", new_key().text)
    own = MaskSpec(name, "hash", "C-[0-9]{4}")
    texts = [redact(f"ask C-{number} about it", [own]) for number in range(1000, 1020)]
    assert all(f"[{name.upper()}:" in text for text in texts)
    assert [redact(text) for text in texts] == texts
