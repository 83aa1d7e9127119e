"""Mask of number plates of vehicles: some by their form alone, those of any country beside a word such as plate."""

from __future__ import annotations

from collections.abc import Iterator

from zhinan.core import register
from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span, around, merged, spans

__all__ = ["may_be_plate", "plate"]

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_ONE = "[A-HJ-NP-Za-hj-np-z0-9]"
_STOP = r"(?![A-Za-z0-9]|[-.]\d)"
_CHINESE = rule(
    rf"(?:[{_PROVINCES}] ?[A-Za-z][·•./ -]?(?=(?:{_ONE}*\d){{2}})(?:{_ONE}{{6}}|{_ONE}{{4}}[挂学警港澳领超]|"
    rf"{_ONE}{{5}}(?:学(?![校生院习期员位费区])|挂(?![失号在车]))?)"
    rf"|[{_PROVINCES}][·•. ]?X\d{{4}}应急|[{_PROVINCES}]\d{{3}}[·•. ]?\d{{3}}[使领]"
    rf"|WJ[{_PROVINCES}]?[·•. -]?\d{{4}}[0-9A-Z]|使\d{{3}}[·•. ]?\d{{3}}|使[·•. ]?\d{{6}})(?![A-Za-z0-9])"
)
_BY_FORM = rule(
    r"(?<![A-Za-z0-9-])(?:[A-Z]{2}\d{2} [A-Z]{3}"
    r"|(?:A[NPRS]|BR|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK|T[NRS]|U[KP]|WB)"
    r"[ -]?\d{1,2}[ -]?[A-Z]{1,3}(?: [A-Z]{1,2})?[ -]?\d{4}|\d{2}[ -]?BH[ -]?\d{4}[ -]?[A-Z]{1,2}"
    r"|(?:8[7-9]|9\d|0\d|1\d[12]?|2\d[12])-(?:C[ENW]?|D|DL|G|K[EKY]?|L[DHKMS]?|M[HNO]|OY|RN|SO|T[NS]?|"
    r"W[DHWX]?)-\d{1,6})" + _STOP
)
"""Britain since 2001 with its space, India and Ireland: nothing else is written so."""
_ABROAD = rule(
    r"(?<![一-龥])[一-龥]{2,4} ?\d{2,3} ?[ぁ-ん] ?(?:\d{1,2}-\d{2}|[·・]{1,3}\d{1,3})(?!\d)"
    r"|(?<!\d)\d{2,3}[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주아바사자배하허호] ?\d{4}"
    r"(?!\d|[월일억만천명개건회차%]| ?[원년])"
    r"|(?<!\w)[АВЕКМНОРСТУХ] ?\d{3} ?[АВЕКМНОРСТУХ]{2} ?\d{2,3}(?!\w)"
)
"""Japan, Korea and Russia."""
_ALOUD = (
    r"(?:[a-z] as in [a-z]+|alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliett?|kilo|lima|mike|"
    r"november|"
    r"oscar|papa|quebec|romeo|sierra|tango|uniform|victor|whiskey|x-?ray|yankee|zulu|zero|oh|one|two|three|four|five|"
    r"six|seven|eight|nine|\d{1,4}|[a-z])"
)
_SPELT = rule(
    r"(?i)\b(?:plates?|rego?|registration|tag)(?: number)?(?: is| was|['’]s|:|,)?(?: uh| um)? "
    rf"(?P<find>(?=(?:[a-z-]+,? ){{0,14}}(?:zero|one|two|three|four|five|six|seven|eight|nine|\d))"
    rf"{_ALOUD}(?:,? {_ALOUD}){{3,9}})(?![a-z0-9])"
)
"""Letter by letter."""
_NO_LETTERS = (
    r"(?!(?:IN|AT|ON|AND|THE|IS|OR|OK|FOR|TO|BY|OF|WAS|PM|AM|BMW|VW|KIA|SUV|NEW|TAX|MOT|USD|EUR|GBP|CNY|RMB|MM|CM|"
    r"KM|KG|KWH?|MPH|KPH|RPM|PSI|HP|BHP|GB|MB|TB|FT|OZ|LB|LBS|ML|XLT|GTI|TDI|TFSI|AMG|MPG|TON|DAYS?|MIN|HRS?|"
    r"JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC|REF|INV|PCN|SKU|ORD|PO|ROW|BAY|GATE|ROOM|FLAT|UNIT|"
    r"VIN|EXT|TEL|SALE|ISO|PIN|FAX|HTTP|MIT|WIN|COVID|ZONE|EXIT|LOT|PAGE|STEP)(?![A-Z]))"
)
_ANY = (
    rf"(?:[A-Z]{{2}} ?\d{{2}} ?[A-Z]{{2}} [A-Z]{{2}}"
    rf"|{_NO_LETTERS}[A-Z]{{1,4}}[ .·-]?(?:\d{{2,3}}[ .-]\d{{2,3}}|\d{{1,5}})"
    rf"(?:[ .-]?{_NO_LETTERS}[A-Z]{{1,3}}(?:[ .-]?\d{{1,5}})?|-\d{{2,3}})?"
    rf"|[A-Z]{{1,2}}[ -][A-Z]{{1,2}} ?\d{{1,4}}[EH]?"
    rf"|\d{{5}}T(?![A-Z])|\d{{1,4}}[ .-]?(?![WV](?![A-Z])){_NO_LETTERS}[A-Z]{{1,4}}"
    rf"(?:[ .-]?\d{{1,5}}(?:\.\d{{2}})?(?:[ .-]?{_NO_LETTERS}[A-Z]{{1,3}})?)?)" + _STOP
)
"""Letters and digits as any country sets them."""
_SMALL = (
    r"(?:[a-z]{2}\d{2} ?[a-z]{3}|(?=\d*[a-z])(?=[a-z]*\d[a-z]*\d)(?!\d+(?:st|nd|rd|th|mm|cm|kg|km|am|"
    r"pm)\b)[a-z0-9]{5,8})"
)
_PLATE = (
    r"(?:\b(?i:(?:number|licen[cs]e|car|vehicle|private)[ -]?plates?|plates?|regos?|reg(?:istration|"
    r"d)?s?(?: mark)?|vrm|"
    r"vrn|index mark|tag|vehicle(?: (?:no|number|reg)\.?|:)|(?:car|cab|taxi|bike|truck) (?:no|number)\b\.?|"
    r"kennzeichen|kenteken|matr[ií]cula|placas?|patente|plaque|immatriculation|targa|plaka|nopol|plat nomor|"
    r"biển số)\b|"
    r"车牌|車牌|牌照|号牌|號牌|車號|车号|牌号)"
)
_SAID = (
    rf"{_PLATE}(?:[ :.#(\"'=-]|(?i:no|number|is|was|are|reads?|of|ending|details|mark|plate|it['’]?s|号码?|號碼?|"
    rf"是|为|為)"
    r"(?![A-Za-z])){0,8}"
)
_NEXT = rule(
    rf"{_SAID}(?<![A-Za-z0-9])(?P<find>[A-Z]{{2}} \d{{2}} [A-Z]{{2}}(?![A-Za-z0-9])|[A-Z]{{3}}-[A-Z]\d\d(?!\w)|"
    rf"[A-Z]{{2,3}} (?=[A-Z]{{0,2}}\d)(?=\d{{1,4}}[A-Z])[A-Z0-9]{{4,5}}(?![A-Za-z0-9])|{_ANY}|{_SMALL}(?![A-Za-z0-9]))"
)
_NEAR = rule(rf"(?<![A-Za-z0-9])(?<![A-Za-z0-9][-/])(?=[A-Z0-9 .-]{{0,6}}\d){_ANY}")
_MORE = rule(rf"(?:,? (?:and|or|&) |, ?|/| / |[、和与跟])(?P<find>{_ANY})")
_CUE = rule(rf"{_PLATE}[^\n.!?;。！？；]{{0,32}}\Z")
_AFTER = rule(
    r" ?[,(]? ?(?:(?:is|was) )?(?:(?:my|the|our|his|her|your) )?(?i:(?:car |bike |number )?(?:plate|reg(?:o|"
    r"istration)?|"
    r"bike number|car number)\b(?! ?[:=#]? ?[A-Z0-9-]{0,8}\d))"
)
_NO_POST = (
    r"(?!A[KLRTZ]|C[AHOTZ]|D[CEK]|E[ES]|F[ILR]|GA|H[IR]|I[ADLNT]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AL]|RI|"
    r"S[CDEK]|T[NX]|U[AKST]|V[AT]|W[AIVY])"
)
"""Two letters before five digits that are a state's or a country's, and the digits a postal code."""
_ON_ROADS = rule(
    r"(?<![A-Za-z0-9])(?<![A-Za-z0-9][-/])(?:[A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z]|"
    rf"{_NO_LETTERS}[A-Z]{{3}}[ -]?\d{{3}}[ -]?[A-Z]{{2}}|"
    rf"[A-Z]\d{{1,3}} ?{_NO_LETTERS}[A-Z]{{3}}|{_NO_LETTERS}[A-Z]{{3}}[ -]\d{{3}}[A-Z]?|"
    rf"{_NO_LETTERS}[A-Z]{{3}}[ -]?\d{{4}}(?: ?[A-Z])?|\d[A-Z]{{3}}\d{{3}}|[A-Z]{{2}}[ -]\d{{3}}[ -][A-Z]{{2}}|"
    rf"\d{{4}} [B-DF-HJ-NP-TV-Z]{{3}}|T\d{{6}}C|[A-Z]{{3}}-\d\d-\d\d|"
    rf"[A-Z]{{3}} ?\d[A-Z]\d\d|"
    rf"\d[A-Z]{{2}}[ -]\d[A-Z]{{2}}|"
    rf"{_NO_LETTERS}[A-Z]{{2}}[ -]\d{{1,4}}-\d{{2}}|"
    r"\d{1,2}-[A-Z]{1,3}-\d{1,6}|\d{2}-[A-Z]\d? \d{3}\.?\d{2}|[A-Z]{1,3}-[A-Z]{1,2} \d{1,4}[EH]?|"
    rf"[a-z]{{2}}\d{{2}} ?[a-z]{{3}}|{_NO_LETTERS}[A-Z]{{2}} \d{{4}} [A-Z]|(?:0[1-9]|[1-7]\d|"
    rf"8[01]) {_NO_LETTERS}[A-Z]{{2,3}} \d{{2,4}}|"
    rf"{_NO_LETTERS}{_NO_POST}[A-Z]{{2}} \d{{5}})" + _STOP
)
_SHORT = rule(
    rf"(?<![A-Za-z0-9])(?<![A-Za-z0-9][-/]){_NO_LETTERS}(?!(?:A[4-6]|M[1-9]|HK|LD|UK|US|EU|UN|CN|MR|NO|TV|PC|ID|QR|PS|"
    rf"PA|FL|BL|AWB|HS|RM)(?![A-Z]))[A-Z]{{2}} ?\d{{4}}(?! ?\d|-[A-Z])"
    rf"(?! (?:chargers?|adapters?|batter(?:y|ies)|cables?|phones?|headsets?|cameras?|printers?|drills?|models?|series|"
    rf"speakers?|scanners?|engines?|parts?|kits?)\b){_STOP}"
)
"""Two letters and four digits: a plate of Hong Kong, where the sentence speaks of a vehicle."""
_VEHICLE = rule(
    r"(?i)\b(?:van|lorry|lorries|truck|trailer|tractor|forklift|tail ?lift|minibus|coach|taxi|cab|car|vehicle|"
    r"motorbike|"
    r"scooter|tow(?:ed|ing)?|parked|reversed|clamped|double-parked|bumper|tailgate|driver|driving|drove|"
    r"windscreen|tyres?|mot|breakdown|broke down)\b"
)
_GERMAN = rule(r"[A-Z]{1,3}-[A-Z]{1,2} \d{1,4}[EH]?\Z")
"""Hardly anything else is written so: what speaks of roads may stand further away."""
_ROADS = rule(
    r"(?i)\b(?:moto|carro|coche|aveo|iFood|camry|subaru)\b|\bvehicle|\bdrove (?:off|away|into)|\b(?:hit|bumped|"
    r"scratched|overtook) (?:us|me|my|our)\b|\bcar\b|"
    r"\bvan\b|licen[cs]e|parked|\bdriv(?:e|ing|er)|\bpark(?:ing)?\b|truck|lorry|车辆|"
    r"\bcab\b|\btaxi|"
    r"\btow(?:ed|ing)?\b|\buber\b|\bgrab\b|\bbolt\b|\blyft\b|motor(?:bike|cycle)|scooter|(?:gate|barrier|traffic|"
    r"speed|cctv) cam(?:era)?|barrier|\bcoach(?:es)?\b|car ?park|garage|matatu|bakkie|\bute\b|"
    r"tractor|"
    r"\bfleet\b|hit[ -]and[ -]run|\bsprinter\b|overt(?:ak|ook)|dash ?cam|number ?plate|hire car|rental car|"
    r"\b(?:fiat|opel|"
    r"seat|dacia|citro[eë]n|byd|tata|mahindra|jeep|porsche|chevrolet|mitsubishi)\b|"
    r"\banpr\b|\bulez\b|\btoll\b|parking fine|speeding|challan|hatchback|saloon|\bsedan|minibus|gate log|"
    r"\b(?:toyota|honda|ford|bmw|audi|tesla|skoda|vw|golf|corolla|civic|prius|camry|nissan|hyundai|kia|mazda|volvo|"
    r"mercedes|merc|vauxhall|peugeot|renault|subaru|suzuki|lexus|transit|innova|swift|hiace|hilux|fortuner|"
    r"land ?cruiser|pajero|ranger)\b"
)
_NO_ROADS = rule(
    r"(?i)\b(?:tag|asset|file|locker|student|pupil|employee|staff|member|cancell?ed|host(?:name)?|machine|device|node|printer|s/n|model|trim|part|order|invoice|ref(?:erence)?|sku|code|"
    r"policy|zone|bay|"
    r"level|flight|engine|type|serial|version|booking|reservation|confirmation|locator|pnr|voucher|coupon|claim|"
    r"ticket|case|"
    r"batch|lot|item|product|box|label|carton|shelf|tracking|parcel|contract|seat)"
    r"(?: (?:no|number|code|id|ref(?:erence)?)\.?)?(?: (?:is|was|says|reads))?[ :#.]*\Z|(?:型号|型號|款式|版本|"
    r"序列号|序號|货号|貨號|单号|單號|订单|車?厢|车厢|櫃|"
    r"柜)[ :：#是为為]*\Z"
)
_OF_PAPERS = rule(
    r"(?i)车|車|[闸閘驾駕驶駛]|[识識][别別]|[摄攝]像|停[在到喺泊放错錯好]|(?<![湖漂])泊|牌照|[号號套]牌|上牌|[执執]照|"
    r"[护護]照|证件|證件|通行[证證]|密[码碼]|挪|拖[走吊]|檢舉|举报|passport|psprt|plate|\breg|licen[cs]e"
)
"""What a text in 汉字 speaks of that names a vehicle or somebody's papers."""
_INSIDE = rule(rf"[{_PROVINCES}]?[A-Za-z0-9 ·•./-]+[挂学警港澳领領使掛學]?\Z")
_NO_WORD = rule(
    r"(?:PNR|REF|SKU|INV|BOX|CLM|ORD|TKT|VOUCHER|BOOKING)\b|(?:RMB|USD|EUR|GBP|CNY|EGP|HKD|SGD|AUD|INR|JPY|NTD|"
    r"CAD)(?![A-Z])|\d+ ?(?:USD|EUR|GBP|CNY|RMB|HKD|SGD|AUD|CAD|INR|JPY|NTD)\Z"
)
_TIME = rule(r"(?:\d{1,2}[:.])?\d{1,2} ?[AaPp]\.? ?[Mm]\b")
_HAN = rule(r"[一-龥《》]")
_HONG_KONG = rule(
    r"(?:[架部輛台]車|的士|[機貨轎客房]車|小巴|私家車|車輛|座駕|泊車|違泊|"
    r"電單車)[ :：是叫嘅號（(]{0,2}(?P<find>[A-Z]{2,3}[ -]?\d{1,4})(?![A-Za-z0-9])"
    r"|摩托[车車]?[ :：是叫]{0,2}(?P<bike>[A-Z]{3}-\d{3,4})(?<!\d[05]0)(?![A-Za-z0-9-])"
    rf"|(?<![A-Za-z0-9-]){_NO_LETTERS}(?![AF]M|DAB|UV|PS ?[1-5](?!\d))(?P<before>[A-Z]{{2}} ?\d{{1,4}})"
    r"(?= ?[)）]?[^\n，。,.0-9]{0,14}?(?:[違乱亂]?[泊停][喺在咗了唔埋]|[違乱亂]泊|[阻塞撞剷扣]|拋錨|死火|拖走|"
    r"抄牌|壞[咗喺]|行車|跟車|[司車][機主]|[架部輛台]車|"
    r"私家車|靚牌|[號车車]牌|入閘|出閘|駛|揸|埋[站閘]|上[落]?貨|落貨))"
)


@register(
    "mask", "plate", zh=("车牌", "车牌号"), called=("license_plate", "licence_plate", "number_plate"), order=60,
    least=("digit", 1), columns=(
        "=plate", "number plate", "license plate", "licence plate", "car plate", "车牌", "车牌号", "车牌号码",
    ),
    worth=r"[ぁ-ん] ?[0-9·・]|[0-9][가-힣]|[АВЕКМНОРСТУХ] ?[0-9]{3}|T[0-9]{6}C|[A-Z]{3} ?[0-9][A-Z]|"
    rf"[{_PROVINCES}] ?[A-Za-z][^A-Za-z0-9]?[A-Za-z0-9]{{4}}|[{_PROVINCES}].?[0-9X][0-9]{{2}}|WJ|"
    rf"使[^0-9]?[0-9]{{3}}.?[0-9]{{3}}|[0-9]{{4}} [A-Z]{{3}}|[0-9][A-Z]{{2}}[ -][0-9]|"
    r"[A-Z]{2,3}[ -]?[0-9]{2}|[A-Z]{2} ?[0-9]|[a-z]{2}[0-9]{2} ?[a-z]{3}|[A-Z][0-9]{1,3} ?[A-Z]{3}|"
    r"[0-9][A-Z]{3}[0-9]{3}|[0-9]-[A-Z]{1,3}[0-9]?[ -][0-9]|"
    r"[0-9]{2} ?BH|"
    r"\b(?i:(?:car|number)?plates?|tag|registrations?|regs?|regd|rego|vr[mn]|index mark|vehicle|"
    r"(?:car|cab|taxi|bike|truck) n(?:o|umber)|kennzeichen|kenteken|matr[ií]cula|placas?|patente|plaque|"
    r"immatriculation|targa|plaka|nopol|plat nomor|biển số)(?:[^A-Za-z]|$)|"
    r"[車车牌][牌照號号]|[架部輛台機貨轎客房家單]車|的士|小巴",
    grouped=True,
)  # fmt: skip
def plate(text: str) -> list[Span]:
    """Finds number plates. Choose it for parking, insurance, repairs and deliveries.

    Chinese, Indian, Irish and current British plates are found by their form; what other countries write needs plate,
    registration, 车牌 or the like close before it, or, for the commonest forms, a word of the roads.

    Source: GA 36-2018; DVLA INF104; Central Motor Vehicles Rules (India), rule 50.
    """
    found = [*spans(text, _CHINESE), *spans(text, _BY_FORM, _is_no_part)]
    found += [match.span(match.lastgroup or 0) for match in _HONG_KONG.finditer(text)]
    found += [*spans(text, _NEXT, _whole), *spans(text, _NEAR, _is_called), *spans(text, _ON_ROADS, _is_on_roads)]
    found += [*spans(text, _ABROAD), *spans(text, _SPELT)]
    found += spans(text, _SHORT, _is_of_a_vehicle)
    return merged([*found, *(more for span in found for more in _listed(text, span))])


def _whole(text: str, span: Span) -> bool:
    """Whether letters and digits are as many as a plate has."""
    found = text[slice(*span)]
    return 4 <= sum(c.isalnum() for c in found) <= 10 or (len(found) > 3 and text[span[0] - 1] == " ")


def _is_called(text: str, span: Span) -> bool:
    """Whether a plate is spoken of close by, and the form has enough of it."""
    found = text[slice(*span)]
    if sum(c.isalnum() for c in found) < 5 or sum(c.isdigit() for c in found) < 2:
        return False
    return bool(_CUE.search(text, max(0, span[0] - 48), span[0]) or _AFTER.match(text, span[1]))


def _is_no_part(text: str, span: Span) -> bool:
    """Whether nothing right before it says that this is a model or an order."""
    return not _NO_ROADS.search(text, max(0, span[0] - 16), span[0])


def _is_on_roads(text: str, span: Span) -> bool:
    before = 90 if _GERMAN.match(text, *span) else 40
    return _is_no_part(text, span) and around(text, span, _ROADS, before, 20)


def _is_of_a_vehicle(text: str, span: Span) -> bool:
    return _is_no_part(text, span) and around(text, span, _VEHICLE, 48, 32)


def may_be_plate(text: str, span: Span) -> bool:
    """Whether what was taken for a plate looks like one and, among 汉字, stands where vehicles or papers are told."""
    start, end = span
    found = text[start:end]
    if _NO_WORD.match(found) or text[end : end + 1] == "-":
        return False
    long = sum(map(str.isalnum, found)) > 8
    if long and not around(text, span, _OF_PAPERS, 40, 40) and not around(text, span, _ROADS, 40, 20):
        return False
    if not _INSIDE.match(found) or _TIME.match(text, start) or not _is_no_part(text, span):
        return False
    among = _HAN.search(text, max(0, start - 12), start) or _HAN.search(text, end, end + 12)
    return not among or around(text, span, _OF_PAPERS, 24, 24)


def _listed(text: str, span: Span) -> Iterator[Span]:
    """Plates that follow one."""
    end = span[1]
    while match := _MORE.match(text, end):
        if not _is_called(text, match.span("find")) and sum(c.isalnum() for c in match["find"]) < 5:
            return
        yield match.span("find")
        end = match.end()
