"""Mask of postal addresses in English and 中文: a house number with a street, and what belongs to it."""

from __future__ import annotations

from zhinan.core import register
from zhinan.steps.masks import _chinese_address, _english_address
from zhinan.steps.masks._spans import Span, merged

__all__ = ["postal_address"]

_WHOSE = (
    "home", "postal", "mailing", "billing", "shipping", "delivery", "residential", "customer", "client", "patient",
    "contact", "employee", "work", "current", "permanent",
)  # fmt: skip
"""What stands before "address" in columns of people's addresses; the web and machines have addresses, too."""


@register(
    "mask", "postal_address", zh=("地址", "住址"), least=("letter", 1), called=("address",), order=70,
    columns=(
        "=address", "=addr", "=street", "address line", "street address", "地址", "住址",
        *(f"{whose} address" for whose in _WHOSE),
    ),
    worth=(
        "(?:oh|zero|one|two|three|four|five|six|seven|eight|nine)[ -](?:[a-z0-9'’]+ ){1,3}(?:street|road|avenue|"
        "lane|drive|"
        "close|court|way|place|gardens|grove|square)(?:$|[^a-z])|[Ff]loor, |[A-Z][a-z]+ (?:Street|Road|Rd|St|Ave|"
        "Lane) [0-9]|"
        "[0-9]-[A-Z] [A-Z]|(?:Straße|Strasse|Weg|Platz|Allee|Gasse) [0-9]|[0-9] (?:Av|Bd)[.]|[0-9A-Za-z]组|"
        "[0-9一二三四五六七八九十][社队户]|[一二三四五六七八九十庄村前后东西]组|[0-9]门|"
        "[0-9][A-Za-z]?(?:-[0-9]{1,5}[A-Za-z]?)?,? [A-Z0-9]|[0-9][a-z]?,? (?:[a-z0-9'’]+ ){1,3}(?:st|rd|ave?|ln|"
        "blvd|cres|hwy|pkwy|street|road|avenue|lane|"
        "boulevard|crescent|terrace|parkway|highway|drive|close|court|way|place|gardens|grove|square)(?:$|[^a-z])|"
        "[0-9],? ?(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Pp]lace|[Cc]hemin|[Qq]uai|[Aa]llée|[Ii]mpasse|[Cc]ours|"
        "[Rr]oute|[Jj]alan)|"
        "(?:[Bb][Oo][Xx]|[Bb]ag|[Pp]ostfach|[Aa]partado|RR|[Bb]lk|[Bb]lock|[Pp]lot|[Ll]ot|[Hh]ouse|[Ff]lat|"
        "No[.]?) #?[0-9]|"
        "(?:vul[.]|Vul[.]|vulytsia|pr(?:osp?)?[.]|[Pp]rospekt|[Bb]ul[bv]?[.]|Bd[.]|Bl?vd[.]|Str[.]|[SȘ]os[.]|"
        "Splaiul|Aleea|os[.]|al[.]|"
        "pl[.]|nám[.]|tř|Rruga|Odos|Leoforos|Avda|Autopista|Pasaje|Jir|Jr[.]|Callej|Quinta|Boulevard) [A-ZÀ-Þ]|"
        "(?:Str[.]|Ring) [0-9]|"
        "(?:Caddesi|Cad[.]|Sokak|Soka|Sk[.]|Bulvar|Mahallesi|utca|tér|körút|útja|ulice|náměstí|nábřeží|"
        "iela|gatvė|tee|puiestee|út),? (?:No:? ?)?[0-9]|[都道府県] ?[一-龥]|"
        "(?:[Cc]alle|Avenida|Av[.]|Paseo|Carrera|Rua|Via|Viale|Corso|Jalan|Jln|Lorong|ul[.]|Heol|Ffordd|Strada|Calea|"
        "Bulevardul|Largo|Vicolo|Rambla|Ronda|Camino|Alameda|Rodovia|Estrada|Carrer|Al[.]) [A-ZÀ-Þ]|(?:PSC|CMR|HC|"
        "RMB|RSD|"
        "Unit|PMB|Calle|Carrera|Cra[.]?) [0-9]|"
        "(?:stra(?:ß|ss)e|str[.]|weg|platz|allee|gasse|damm|ufer|straat|laan|gracht|gatan|vej|kade|singel|katu|"
        "tie) [0-9]|[0-9](?: bis|"
        " ter),? |"
        "[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}|"
        "[0-9A-Za-z一二三四五六七八九十百甲乙丙丁东西南北中] ?(?:号|栋|幢|座|弄|院|单元|巷|號|棟|單元|楼|樓)|"
        "(?:厦|廈|广场|廣場|中心|园|園|苑|城|区|區|村|寓|府|庄|莊|舍|湾|灣|庭|馆|館|际|際|都|里|轩|軒|阁|閣|期|部|"
        "院|学|學|店|"
        "楼|樓)[ ,]?[0-9一二三四五六七八九十百甲乙丙丁A-Za-z]|"
        "(?:家属|大)[院区][老新东西南北]?[0-9一二三四五六七八九十]|市[一-龥]{1,6}[区县區縣]|"
        "[县縣镇鎮乡鄉区區][一-龥]{1,4}[村庄莊屯寨]"
    ),
)  # fmt: skip
def postal_address(text: str) -> list[Span]:
    """Finds addresses of houses with what stands before and behind: flat, district, city, postcode.

    Choose it where things are delivered or visited. A street without a number, a city or a country alone stays.
    """
    return merged([*_english_address.addresses(text), *_chinese_address.addresses(text)])
