"""A file is read in the encoding that its contract says or its mark names, else UTF-8, else the most likely one."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from zhinan.contract import Contract, parse
from zhinan.contract.encodings import codec_of
from zhinan.core import UserError
from zhinan.data import Raw, load
from zhinan.data.child import stretches
from zhinan.data.encodings import guess

TEXTS = {
    "gb18030": "我的订单还没有到货，请帮忙处理|密码错误登录不了|快递没到，包裹在哪里|服务态度很差，房间有味道",
    "big5hkscs": "我的訂單還沒有到貨，請幫忙處理|密碼錯誤無法登入|包裹在哪裡，請問|服務態度很差，房間有味道",
    "cp949": "주문 아직 도착하지 않았습니다 |비밀번호를 잊어버렸어요|배송이 너무 늦어요|직원이 친절했습니다",
    "euc_jp": "注文がまだ届いていません|パスワードを忘れました|荷物はどこですか|部屋がとてもきれいでした",
    "cp932": "注文がまだ届いていません|パスワードを忘れました|荷物はどこですか|部屋がとてもきれいでした",
    "cp1252": "Rückerstattung für das Gerät|Die Größe passt nicht|Ich möchte kündigen|très déçu, ça ne marche pas",
    "cp1251": "Мой заказ не пришел|Где моя посылка|Пароль не подходит|Верните деньги пожалуйста",
    "koi8-u": "Мой заказ не пришел|Где моя посылка|Пароль не подходит|Верните деньги пожалуйста",
    "cp866": "Мой заказ не пришел|Где моя посылка|Пароль не подходит|Верните деньги пожалуйста",
    "cp1255": "איפה ההזמנה שלי|החשבון שלי נעול|אני רוצה החזר כספי|המוצר הגיע שבור",
    "cp1256": "أين طلبي لم يصل حتى الآن|أريد استرداد أموالي|حسابي مغلق ولا أستطيع الدخول|خدمة العملاء ممتازة",
    "cp874": "สินค้าของฉันยังไม่มาถึง|ฉันต้องการขอเงินคืน|บัญชีของฉันถูกล็อก|บริการดีมากขอบคุณ",
    "cp1258": "Đơn hàng của tôi chưa đến|Tôi muốn hoàn tiền|Tài khoản bị khóa|Hóa đơn bị sai",
    "mac-roman": "Je veux être remboursé|Ma carte a été volée hier|Le colis est arrivé abîmé|Où est passé le reçu",
    "cp850": "Rückerstattung für das Gerät|Die Größe passt nicht|Ich möchte kündigen|Schöner Ärger",
    "iso2022_jp_ext": "注文がまだ届いていません|パスワードを忘れました|荷物はどこですか|部屋がとてもきれいでした",
}


def encoded(text: str, encoding: str) -> bytes:
    """Windows-1258 has the marks of tones by themselves."""
    if encoding != "cp1258":
        return text.encode(encoding)
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parted = (unicodedata.normalize("NFD", sign) for sign in text)
    kept = (("".join(c for c in signs if c not in tones), "".join(c for c in signs if c in tones)) for signs in parted)
    return "".join(unicodedata.normalize("NFC", letter) + tone for letter, tone in kept).encode(encoding)


def rows_of(encoding: str) -> str:
    texts = TEXTS[encoding].split("|")
    return "text\tlabel\n" + "".join(f"{texts[i % 4]} {i}\t{'ab'[i % 2]}\n" for i in range(24))


def contract_of(folder: Path, source: str) -> Contract:
    text = f"product: x\ndata:\n  source: {source}\n  target: label\nmust:\n  - accuracy >= 50%\n"
    return parse(text, folder / "product.yaml")


def raw_of(path: Path, **options: str) -> Raw:
    return Raw.joined(stretches(path.suffix[1:], str(path), options))


@pytest.mark.parametrize("encoding", TEXTS)
def test_what_is_not_utf_8_is_told_by_what_reads_like_a_language(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "rows.tsv"
    path.write_bytes(encoded(rows_of(encoding), encoding))
    raw = raw_of(path)
    assert raw.encoding == encoding
    read = [unicodedata.normalize("NFC", text) for text in raw.frame["text"]]
    assert read == [line.split("\t")[0] for line in rows_of(encoding).splitlines()[1:]]


@pytest.mark.parametrize("encoding", [codec for codec in TEXTS if codec != "iso2022_jp_ext"])
def test_one_line_of_a_language_is_enough(encoding: str) -> None:
    assert guess([encoded(TEXTS[encoding].split("|")[0], encoding)]) == encoding


def test_a_word_that_may_be_another_s_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes("word,label\nŚwietna,a\nfine,b\n".encode("cp1250"))  # Œwietna in Windows-1252
    with pytest.raises(UserError) as caught:
        raw_of(path)
    assert caught.value.code == "E103"
    assert raw_of(path, encoding="cp1250").frame["word"][0] == "Świetna"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_one_row_is_enough_for_utf_8_for_a_mark_and_for_gb18030(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes("消息,类别\n卡丢了怎么办,丢失\n".encode(encoding))
    raw = raw_of(path)
    assert (raw.encoding, raw.frame.rows()) == (encoding, [("卡丢了怎么办", "丢失", 2)])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("注文{i}がまだ届いていません、返金してください", "cp932"),
        ("Café n°{i} – très déçu du café crème à emporter", "cp1252"),
        ("我的订单{i}还没到！！！", "gb18030"),
    ],
)
def test_one_sentence_over_and_over_is_told(text: str, encoding: str) -> None:
    assert guess(text.format(i=i).encode(encoding) for i in range(60)) == encoding


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Proszę o zwrot pieniędzy za paczkę nr {i}, źle działa", "cp1250"),
        ("Prosím o vrácení peněz, zásilka {i} nedorazila, děkuji", "cp1250"),
        ("A {i}. csomagom nem érkezett meg, őrült késés, köszönöm", "cp1250"),
        ("Siparişim {i} gelmedi, lütfen iade edin, teşekkürler ığdır", "cp1254"),
        ("Kur yra mano siuntinys {i}, noriu grąžinti pinigus, ačiū", "cp1257"),
        ("Πού είναι το δέμα μου {i}, θέλω επιστροφή χρημάτων", "cp1253"),
        ("Wo ist mein Paket {i}, bitte Rückerstattung für größere Schäden", "cp1252"),
        ("¿Dónde está mi paquete {i}? Quiero un reembolso mañana, señor", "cp1252"),
        ("Où est mon colis {i}, déjà payé à l’été", "cp1252"),
    ],
)
def test_the_letters_of_a_language_tell_its_encoding(text: str, encoding: str) -> None:
    assert guess(text.format(i=i).encode(encoding) for i in range(20)) == encoding


WESTERN = {
    "apostrophes": "I don’t like it|It’s great|We’re still waiting",
    "quotes": "he said “hello” twice|“no” is no answer|it is ‘fine’",
    "dashes": "2010–2015|good – bad|yes—no|so — no",
    "dots": "wait… what|so…|• first|• second point",
    "blanks": "hello\u00a0world|price:\u00a05|a\u00a0b c",
    "money": "£5 refund|costs £20|€5 refund|costs 20 €|20€",
    "measures": "20°C outside|5 µg dose|10 µm|1½ cups|45 m²|10 cm³ of it",
    "marks": "Windows™ box|© 2020 us",
    "single words": "one café more|résumé sent|a cliché",
    "English": "I don’t like it|2010–2015|wait… what|• first|hello\u00a0world|“yes”|£5|5 µg|café|20°C",
    "German": "Die Größe passt nicht|„Gut“ sagt er|für 5 €|– schön",
    "French": "l’été dernier|« oui »|«\u00a0non\u00a0»|déjà payé|c’est bon|ça va|20 €",
    "Spanish": "¿Dónde está?|¡hola!|mañana|el niño – sí",
    "Italian": "è rotto|perché no|l’ho visto|dell’anno|città|20 €",
    "Portuguese": "não está à venda|coração – 5 €|amanhã é pior, não é?",
    "Dutch": "één keer|’s avonds|foto’s|geïnteresseerd|€ 5",
}


@pytest.mark.parametrize("kind", WESTERN)
@pytest.mark.parametrize("count", [1, 2, 3, 10, 200])
def test_what_windows_writes_in_the_west_is_read_as_written(kind: str, count: int) -> None:
    texts = WESTERN[kind].split("|")
    rows = [texts[i % len(texts)] for i in range(count)]
    raw = [row.encode("cp1252") for row in rows]
    found = guess(raw)
    assert found is not None
    assert [row.decode(found) for row in raw] == rows


@pytest.mark.parametrize("count", [1, 2, 3, 50])
@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "say “no” now|“hello” he said"), ("gb18030", "他说“hello”|ok“好”"), ("gb18030", "OK，thanks|yes！"),
        ("big5hkscs", "他說“hello”|“好”的"), ("mac-roman", "I don’t like it|It’s great|we’re"),
    ],
)  # fmt: skip
def test_signs_that_others_write_stay_theirs(encoding: str, text: str, count: int) -> None:
    texts = text.split("|")
    assert guess(texts[i % len(texts)].encode(encoding) for i in range(count)) == encoding


@pytest.mark.parametrize("text", ["był", "był|miał", "ją|są"])
def test_letters_that_end_polish_words_are_no_western_signs(text: str) -> None:
    assert guess(word.encode("cp1250") for word in text.split("|")) != "cp1252"  # by³


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_no_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(("text,label\n" + "".join(f"消息 {i} of mine,a\n" for i in range(40))).encode(encoding))
    raw = raw_of(path)
    assert (raw.encoding, raw.frame.height, raw.frame["text"][3]) == (encoding, 40, "消息 3 of mine")


def test_a_line_that_is_damaged_does_not_change_what_the_others_are(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_bytes(rows_of("big5hkscs").encode("big5hkscs") + b"abc\xa4\xff\xff\tx\n")
    raw = raw_of(path)
    assert (raw.encoding, raw.frame.height, [one.line for one in raw.rejected]) == ("big5hkscs", 24, [26])


def test_what_fits_no_encoding_is_refused_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"a,b\n1,2\n" + b"\x81\xff\x00\xfe\x80\x81,\xff\xff\n" * 9)
    with pytest.raises(UserError) as caught:
        raw_of(path)
    assert (caught.value.code, caught.value.where) == ("E103", "rows.csv:3")


def test_a_guess_is_said_and_a_contract_says_better(tmp_path: Path) -> None:
    (tmp_path / "rows.tsv").write_bytes(rows_of("big5hkscs").encode("big5hkscs"))
    said = [one for one in load(contract_of(tmp_path, "rows.tsv")).findings if one.code == "guessed_encoding"]
    assert [one.examples for one in said] == [("rows.tsv:  big5hkscs",)]
    contract = contract_of(tmp_path, "{path: rows.tsv, encoding: Big5}")
    loaded = load(contract)
    assert loaded.dataset.frame["text"][0] == "我的訂單還沒有到貨，請幫忙處理 0"
    assert not [one for one in loaded.findings if one.code == "guessed_encoding"]
    assert contract.hash != contract_of(tmp_path, "rows.tsv").hash
    (tmp_path / "rows.tsv").write_bytes(b"text\tlabel\n" + b"\xb0\xf8\xc4\xe3 1\ta\n" * 9)
    assert raw_of(tmp_path / "rows.tsv", encoding="iso8859_2").frame["text"][0] == "°řÄă 1"


def test_the_short_files_of_a_folder_are_told_together(tmp_path: Path) -> None:
    texts = TEXTS["euc_jp"].split("|")
    for i in range(24):
        file = tmp_path / "mail" / "ab"[i % 2] / f"{i}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(("返金" if i == 0 else f"{texts[i % 4]}{i}").encode("utf-8" if i % 5 == 2 else "euc_jp"))
    raw = Raw.joined(stretches("folder", str(tmp_path / "mail"), {}))
    assert raw.encoding == "euc_jp"
    assert raw.frame.filter(raw.frame["_member"] == "a/0.txt")["text"].to_list() == ["返金"]
    assert raw.frame.filter(raw.frame["_member"] == "a/2.txt")["text"].to_list() == ["荷物はどこですか2"]


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("Big5", "big5hkscs"), ("GBK", "gb18030"), ("Shift_JIS", "cp932"), ("euc-kr", "cp949"), ("latin-1", "cp1252"),
        ("utf8", "utf-8"), ("utf-16-le", "utf-16-le"), ("windows-1250", "cp1250"),
        ("utf-7", None), ("iso2022_jp", None), ("cp037", None), ("rot13", None), ("base64", None), ("idna", None),
        ("unicode_escape", None), ("no such", None), ("a\0b", None),
    ],
)  # fmt: skip
def test_an_encoding_goes_by_its_usual_names_and_what_is_none_by_none(name: str, codec: str | None) -> None:
    assert codec_of(name) == codec


def test_an_encoding_is_said_of_text_alone(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for i in range(20):
        book.active.append([f"text {i}", "ab"[i % 2]] if i else ["text", "label"])
    book.save(tmp_path / "b.xlsx")
    for source, code in (
        ("{path: b.xlsx, encoding: big5}", "E148"),
        ("{path: b.csv, encoding: big6}", "E015"),
        ("{query: SELECT 1, dsn: D, encoding: big5}", "E012"),
    ):
        with pytest.raises(UserError) as caught:
            load(contract_of(tmp_path, source))
        assert (caught.value.code, caught.value.where.startswith("product.yaml:3")) == (code, True)
