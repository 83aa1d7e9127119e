"""Columns that are called after what a mask hides."""

from __future__ import annotations

import polars as pl
import pytest

from zhinan.data.kinds import infer
from zhinan.data.masking import masked
from zhinan.steps.held import fits, holders
from zhinan.steps.kept import Keeper
from zhinan.steps.mask import Mask, armed


@pytest.mark.parametrize(
    ("column", "masks"),
    [
        ("phone", {"phone"}),
        ("customer_phone_no", {"phone"}),
        ("MobileNumber2", {"phone"}),
        ("landline", {"phone", "landline"}),
        ("客户姓名", {"person_name"}),
        ("customer_name", {"person_name"}),
        ("patientName", {"person_name"}),
        ("收货地址", {"postal_address"}),
        ("billing address", {"postal_address"}),
        ("ip_address", {"ip"}),
        ("email_address", {"email"}),
        ("DOB", {"date_of_birth"}),
        ("license_plate", {"plate"}),
        ("WhatsApp", {"phone"}),
        ("contact_number", {"phone"}),
        ("Téléphone", {"phone"}),
        ("電話號碼", {"phone"}),
        ("SSN last 4", {"national_id"}),
        ("address", {"postal_address"}),
        ("web address", set()),
        ("steel_plate", set()),
        ("stem_cell", set()),
        ("product_name", set()),
        ("name", set()),
        ("file_name", set()),
        ("phones_sold", set()),
        ("address_change_claim", set()),
        ("microphone", set()),
    ],
)
def test_a_name_tells_what_a_column_holds(column: str, masks: set[str]) -> None:
    assert holders(column) == masks


@pytest.mark.parametrize(
    ("text", "mask", "so"),
    [
        ("06 77 87 53 01", "phone", True),
        ("030/928123", "phone", True),
        ("yes", "phone", False),
        ("MOORE, EMMA", "person_name", True),
        ("김민수", "person_name", True),
        ("unknown", "person_name", False),
        ("no", "url_secret", False),
        ("123456", "url_secret", True),
        ("hunter2", "url_secret", True),
        ("----", "url_secret", False),
        ("Call before you come, the gate is shut after nine and nobody hears the bell in the yard.", "phone", False),
        ("somebody@example.com", "email", False),
    ],
)
def test_only_what_can_be_a_detail_is_taken_as_a_whole(text: str, mask: str, so: bool) -> None:
    assert fits(text, mask) is so


LONG = "the guest did not say who she was; at the desk they will call her and ask for Emma Moore"
NAMES = ["MOORE, EMMA", "Иванов Иван", "Nguyễn Văn An", "unknown", LONG]


def test_loading_inference_and_serving_hide_all_of_such_a_value() -> None:
    frame = pl.DataFrame({"customer_name": NAMES, "text": ["a"] * 5})
    done, counts = masked(frame, {}, ["person_name"], target=None, person=None)
    assert done["customer_name"].to_list()[:4] == ["[PERSON_NAME]"] * 3 + ["unknown"]
    assert "Emma" not in done["customer_name"][4]
    assert "call" in done["customer_name"][4]
    assert counts["customer_name"]["person_name"] == 4
    step = Mask(("customer_name",), ("customer_name",), {}, masks={"person_name": "mask"})
    assert step.run({"customer_name": NAMES})["customer_name"] == done["customer_name"].to_list()
    kept = Keeper(armed(["person_name"])).rows([{"customer_name": NAMES[0], "text": NAMES[0]}])[0]
    assert kept["customer_name"] == "[PERSON_NAME]"
    assert kept["text"] != kept["customer_name"]


def test_masking_such_a_column_twice_is_masking_it_once() -> None:
    frame = pl.DataFrame({"手机": ["06 77 87 53 01", "4916177763"]})
    once, _ = masked(frame, {}, ["phone"], target=None, person=None)
    twice, counts = masked(once, {}, ["phone"], target=None, person=None)
    assert once["手机"].to_list() == ["[PHONE]"] * 2
    assert twice.equals(once)
    assert not +counts["手机"]


def test_a_mask_that_is_not_declared_takes_no_column() -> None:
    frame = pl.DataFrame({"phone": ["4916177763"] * 3})
    done, _ = masked(frame, {}, ["email"], target=None, person=None)
    assert done.equals(frame)


def test_what_a_declared_mask_holds_is_an_id_whatever_its_form() -> None:
    numbers = [str(4916177763 + 7919 * k) for k in range(60)]
    frame = pl.DataFrame({"phone": numbers, "birthday": [f"1985-03-{1 + k % 28:02d}" for k in range(60)]})
    plain = {column.name: column.kind for column in infer(frame)}
    held = {column.name: (column.kind, column.why.en) for column in infer(frame, ["phone", "date_of_birth"])}
    assert plain == {"phone": "number", "birthday": "time"}
    assert held["phone"] == ("id", "called after what the mask phone hides")
    assert held["birthday"][0] == "id"


def test_flags_called_after_a_mask_stay_flags() -> None:
    frame = pl.DataFrame({"phone": ["yes", "no"] * 30})
    assert infer(frame, ["phone"])[0].kind == "flag"


def test_a_column_of_passwords_that_are_numbers_is_no_input() -> None:
    frame = pl.DataFrame({"password": [str(123456 + 7 * k) for k in range(60)]})
    assert infer(frame, ["url_secret"])[0].kind == "id"
    assert masked(frame, {}, ["url_secret"], target=None, person=None)[0]["password"].unique().to_list() == [
        "[URL_SECRET]"
    ]
