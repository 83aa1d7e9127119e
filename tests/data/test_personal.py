"""What is somebody's is said by how sure it is and how much there is, and never before what makes a result wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.core import entries
from zhinan.data import Finding, check, load
from zhinan.data.personal import asked

Product = Callable[..., Contract]

FIRST = ("Anna", "Peter", "Maria", "Thomas", "Julia", "Martin", "Laura", "Stefan")
LAST = ("Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann", "Koch", "Richter")
TOPICS = ("parcel", "refund", "invoice", "login", "voucher")


def found(product: Product, said: list[str], plain: int = 300, **columns: Sequence[str]) -> tuple[Finding, ...]:
    """What is said of messages of which some hold these words, labels a and b in turn."""
    texts = [f"about the {TOPICS[i % 5]} number {i} of mine" for i in range(plain)] + said
    more = "".join(f",{name}" for name in columns)
    held = list(columns.values())
    lines = [",".join([text, "ab"[i % 2], *(some[i % len(some)] for some in held)]) for i, text in enumerate(texts)]
    contract = product({"rows.csv": "\n".join([f"message,label{more}", *lines]) + "\n"}, target="label")
    return check(contract, load(contract))


def personal(findings: tuple[Finding, ...]) -> list[tuple[str, int, int]]:
    return [(f.code, f.count, f.damage) for f in findings if f.code.startswith("personal_")]


def test_the_few_that_words_alone_tell_are_said_together_and_modestly(product: Product) -> None:
    made = found(product, ["my name is Anna Schneider", "my birthday is 3 May 1981 dear team"])
    assert personal(made) == [("personal_perhaps", 2, 1)]
    (said,) = [f for f in made if f.code == "personal_perhaps"]
    assert said.what.en.startswith("2 of 302 rows (0.7%) perhaps hold somebody's details (")
    assert said.what.en.endswith("told by the words around, which often mislead")
    assert "person_name 1" in said.what.en
    assert "rows.csv:302  message: my name is [PERSON_NAME]" in said.examples
    assert "Schneider" not in repr(made)


def test_what_words_tell_of_a_fifth_may_matter_and_is_grave_where_a_column_is_about_it(product: Product) -> None:
    names = [f"my name is {first} {last}" for last in LAST for first in FIRST]
    assert personal(found(product, names)) == [("personal_perhaps", 80, 2)]
    assert personal(found(product, names, plain=60)) == [("personal_data", 80, 3)]


def test_a_name_that_most_finds_repeat_is_a_things_and_said_without_alarm(product: Product) -> None:
    assert personal(found(product, ["tell Anna Schneider that it works"] * 80)) == [("personal_perhaps", 80, 1)]


def test_names_in_a_column_that_is_called_after_them_are_sure_however_few_differ(product: Product) -> None:
    people = [f"{first} {last}" for last in LAST[:3] for first in FIRST[:5]]
    assert personal(found(product, [], customer_name=people)) == [("personal_data", 300, 3)]
    assert personal(found(product, [], month=["May", "April", "June", "Jan"])) == []


PEOPLE = ("Ann Lee", "Bob Stone", "Carla Ruiz", "Dmitri Orlov", "Mei Chen", "Omar Said", "Priya Patel")
HANS = ("王芳", "李娜", "张伟", "刘洋", "陈静", "赵敏", "吴倩")
FIRMS = ("Acme GmbH", "Blue Ltd", "Siemens AG", "Goldman Sachs", "Deutsche Bank", "Contoso", "Wells Fargo")
GOODS = ("Blue Mug", "Desk Lamp", "Phone Case", "Garden Chair", "Olive Oil 500ml", "Steel Bottle", "Wool Scarf")


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("Name", PEOPLE, True), ("Billing Name", PEOPLE, True), ("owner", PEOPLE, True), ("assigned_to", PEOPLE, True),
        ("负责人", HANS, True), ("客户", HANS, True), ("Name", GOODS, False), ("client", FIRMS, False),
        ("客户", ("阿里巴巴", "腾讯科技", "华为技术有限公司", "美团"), False), ("createdBy", PEOPLE, True),
        ("agent", ("Support", "Sales", "Billing"), False),
        ("brand", PEOPLE, False), ("owner", ("Paris", "London", "Austin", "Florence"), False),
    ],
)  # fmt: skip
def test_a_column_that_may_be_of_people_is_told_by_what_it_holds(
    product: Product, column: str, values: tuple[str, ...], said: bool
) -> None:
    assert personal(found(product, [], **{column: list(values)})) == ([("personal_data", 300, 3)] if said else [])


def test_secrets_are_not_looked_for_in_names_of_files() -> None:
    assert "url_secret" not in asked(pl.Series(["wav/0_jackson_1.wav"]), "audio", entries("mask"))
    assert "url_secret" in asked(pl.Series(["wav/0_jackson_1.wav"]), "text", entries("mask"))


def test_what_has_a_form_is_grave_from_one_row_in_a_hundred_on(product: Product) -> None:
    mails = [f"write to anna{i}@example.com" for i in range(9)]
    made = found(product, mails)
    assert personal(made) == [("personal_data", 9, 3)]
    assert made[0].what.en == (
        "9 of 309 rows (2.9%) seem to hold somebody's details (email 9), which data.mask does not name"
    )
    assert made[0].examples[0] == "rows.csv:302  message: write to [EMAIL]"
    assert personal(found(product, mails[:1])) == [("personal_data", 1, 2)]


@pytest.mark.parametrize("mails", [1, 30])
def test_what_makes_a_result_wrong_or_costs_quality_comes_before_what_stands_open(product: Product, mails: int) -> None:
    said = [f"write to anna{i}@example.com" for i in range(mails)]
    made = found(product, said, team=["north", "south"], fold="123")
    codes = [f.code for f in made]
    assert codes.index("leaks") < codes.index("personal_data")
    assert (codes.index("split_columns") < codes.index("personal_data")) == (mails == 1)
