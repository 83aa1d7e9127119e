"""The language of a column is noticed, by its script or by its own small words."""

from __future__ import annotations

import polars as pl
import pytest

from zhinan.data.kinds import explicit


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (["I lost my card", "please block it", "where is the money"], "en"),
        (["我的卡丢了", "请帮我冻结", "app 登录不了"], "zh"),
        (["où est ma carte bancaire aujourd'hui", "je veux annuler ma commande"], "other"),
        (["battery died fast screen great", "arrived broken twice", "great product works well so far"], "en"),
        (["was ist mit meiner Karte", "la tarjeta no funciona", "dov'è la mia carta"], "other"),
        (
            ["The van broke down", "My El Paso order", "Did los Angeles pour it?", "My LA order", "OS update failed"],
            "en",
        ),
        (
            ["Los Angeles office", "Las Vegas hotel", "El Paso store closed", "Parcel arrived Mon", "Mi phone broken"],
            "en",
        ),
        (["Was kostet das", "was ist los mit dem Konto", "de kaart is weg en ik wil hulp"], "other"),
        (["カードをなくしました", "ログインできません"], "other"),
        (["I lost my card", "我的卡丢了", "please block it", "请帮我冻结"], "mixed"),
        (["12", "!!", "?"], None),
    ],
)
def test_the_language_of_a_text_column_is_noticed(texts: list[str], language: str | None) -> None:
    column = explicit(pl.Series("message", texts), "text", "said")
    assert column.notation.get("language") == language
