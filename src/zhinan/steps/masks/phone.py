"""Mask of telephone numbers: mainland mobiles and landlines, US and UK forms, and the international form."""

from __future__ import annotations

from zhinan.core import register
from zhinan.steps.masks._dialling import (
    ANNOUNCED,
    CANTONESE,
    DICTATED,
    FIXED_ANNOUNCED,
    FOUR_FOUR,
    HONG_KONG,
    IN_ROW,
    LOCAL_ANNOUNCED,
    OF_SOMEBODY,
    PERSONAL,
    SEVEN_ANNOUNCED,
    SPACED,
    WORTH,
    dialled,
    in_hong_kong,
    in_row,
    spaced,
)
from zhinan.steps.masks._spans import Span, merged, spans

__all__ = ["phone"]


@register(
    "mask", "phone", zh=("电话", "手机号", "手机"), order=41, worth=WORTH, keeps=2, grouped="dialled",
    least=("digit", 5),
    called=("mobile", "mobile_number", "cell", "tel", "telephone", "phone_number"),
    columns=(
        "phone", "mobile", "=cell", "cellphone", "telephone", "tel", "whatsapp", "fax", "landline", "fixed line",
        "contact number", "contact no", "telefon", "telefono", "teléfono", "téléphone", "telephone", "handy", "celular",
        "电话", "手机", "手机号", "电话号码", "手机号码", "座机", "传真", "電話", "手機", "手機號碼", "電話號碼",
    ),
)  # fmt: skip
def phone(text: str) -> list[Span]:
    """Finds every telephone number, fixed lines too. Choose it whenever people write the text.

    Public lines (400, toll-free), order numbers, dates, prices and versions stay. Ten bare digits are a US number only
    behind a word such as "call".

    Source: ITU-T E.164 (at most 15 digits); numbering plans of China (MIIT), North America and the UK (Ofcom).
    """
    patterns = (PERSONAL, FIXED_ANNOUNCED, LOCAL_ANNOUNCED, SEVEN_ANNOUNCED, ANNOUNCED, OF_SOMEBODY, DICTATED)
    found = [span for pattern in patterns for span in spans(text, pattern, dialled)]
    found += [*spans(text, SPACED, spaced), *spans(text, HONG_KONG, in_hong_kong), *spans(text, IN_ROW, in_row)]
    if CANTONESE.search(text):
        found += spans(text, FOUR_FOUR, in_hong_kong)
    return merged(found)
