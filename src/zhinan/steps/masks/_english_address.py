"""Finds addresses in English texts: a number with a street, a box or a named house, and what belongs to it."""

from __future__ import annotations

import re

from zhinan.core.rules import rule
from zhinan.steps.masks._gates import Gate
from zhinan.steps.masks._spans import Span
from zhinan.steps.masks._tables import english

__all__ = ["addresses"]

_LONG = (
    "Street|Road|Avenue|Lane|Drive|Boulevard|Court|Way|Place|Square|Terrace|Close|Crescent|Parkway|Highway|Circle|"
    "Row|"
    "Gardens|Grove|Mews|Walk|Trail|Alley|Plaza|Quay|Wharf|Hill|Rise|Vale|Green|Loop|Pike|Parade|Brow|Cottages|Bank|"
    "Heights|Embankment|Bryn|Esplanade|Promenade|Turnpike|Broadway|Crossing|Path|Cove|Ridge|Run|Bend|Gate|Yard|Park|"
    "Villas|Buildings|Chase|Croft|Dene|Fold|Garth|Hollow|Landing|Meadow|Meadows|Orchard|Point|Side|View|Wynd|"
    "Expressway|Freeway|Marg|Nagar|Salai|Colony|Layout|Enclave|Vihar|Chowk|Bazaar|Bazar"
)
_SHORT = "St|Rd|Ave|Av|Ln|Dr|Blvd|Ct|Pl|Sq|Cres|Ter|Pkwy|Hwy|Cir|Trl|Expy|Fwy|Gdns|Cl|Tce|Pde"
_SURE = (
    "street|st|road|rd|avenue|ave|lane|ln|boulevard|blvd|crescent|cres|terrace|parkway|pkwy|highway|hwy|drive|"
    "close|court|way|place|gardens|grove|square"
)
_POINT = r"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.? )?"
_CAP = r"(?:[A-Z][\w'’-]*\.?|\d{1,3}(?:st|nd|rd|th)|of|de|the|la|le|les|du|des|del|and|e)"
_NUMBER = (
    r"(?:(?:No|Nr|#)\.? ?)?(?:\d{1,4}/)?\d{1,5}[A-Za-z]?(?:-(?:\d{1,5}[A-Za-z]?|[A-Z]\b)|"
    r" to \d{1,4}[A-Za-z]?)?(?: 1/2)?"
)
_START = r"(?<![A-Za-z0-9$£€#.:-])"
_BLOCK = (
    "(?:Bldg|Building|Towers?|Apartments?|Apts|House|Estates?|Works|Mills?|Wharf|Residency|Residences?|Society|"
    "Mansions?|Heights|Court|Lodge|Arcade|Flats|Villas|Condo(?:minium)?|Compound|Village|Gardens|Park|Complex|Plaza)"
)
_TYPED = rf"(?:{_LONG}|{_SHORT}|{_LONG.upper()}|{_SHORT.upper()})"
_HEARTS = tuple(
    rule(pattern)
    for pattern in (
        rf"{_START}{_NUMBER},? {_POINT}(?:{_CAP} ){{1,4}}{_TYPED}\b\.?(?: (?:N|S|E|W|NE|NW|SE|SW|North|South|East|"
        rf"West|Central|Upper|Lower)\b)?(?: \d{{1,2}}\b(?! ?[A-Za-z%]))?",
        rf"{_START}(?:[A-Z]-?)?\d{{1,4}}[A-Z]?,? (?:[A-Z][\w'’]+ ){{1,3}}{_BLOCK},\s"
        rf"(?:[A-Z][\w'’]*\.? ){{1,4}}{_TYPED}\b",
        rf"(?i:\b(?:house|plot|villa|unit|flat|door|apartment|apt|room|shop|stand|suite)(?: no)?\.? ?#?)"
        rf"[A-Z]?-?\d{{1,4}}[A-Z]?,? (?:[A-Z][\w'’]+ ){{1,3}}{_BLOCK}\b",
        r"\b\d{1,4}(?:/\d{1,3}){0,2},? (?:[A-ZÀ-ÞĐ][\w'’]* ){0,3}[A-ZÀ-ÞĐ][\w'’]*,\s(?:Quận|Phường|District|Ward|"
        r"[QP]\.) ?\d{1,2}\b",
        r"\b\d{1,3}(?:-\d{1,3}){0,3},? (?:[A-Z][\w-]+,? ){0,2}[A-Z]\w*-(?:ku|shi|gu|dong|ro|gil|daero|"
        r"cho|chome)\b",
        r"\b\d{1,4}(?:/\d{1,4})?,? (?:[A-Z]\w+ )?(?:Moo|Soi) \d{1,2}\b",
        r"\b(?:Calle|Carrera|Cra\.?|Cl\.?|Kr\.?|Avenida|Av\.?|Diagonal|Transversal) \d{1,3}[A-Z]? ?(?:#|No\.?|Nº|"
        r"N°) ?\d{1,3}[A-Z]? ?- ?\d{1,3}\b",
        r"\b(?:PSC|CMR|Unit|HC|RMB|RSD|Star Route) \d{1,5},? Box \d{1,5}\b",
        r"\bPMB \d{1,5}\b",
        r"\b[A-ZÄÖÜ][\wäöüß-]+ (?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse|Damm|Ufer) \d{1,4}(?: ?[a-z]\b)?",
        rf"\b[NSEW]\d{{3,5}} (?:{_CAP} ){{1,3}}{_TYPED}\b(?: [A-Z]{{1,2}}\b)?",
        r"(?i:\b(?:flat|rm|room|unit|shop) )[A-Z]?\d{0,4}[A-Z]?, (?:\d{1,2}/F|G/F)",
        r"(?i:\b(?:h|d|door|house)\.? ?no\.? ?)\d{1,3}(?:[-/]\d{1,4}){1,4}(?:/[A-Z])?,\s[A-Z]\w+(?: [A-Z]\w+){0,2}",
        r"#\d{1,4}(?:/\d{1,3})?[A-Z]?, \d{1,2}(?:st|nd|rd|th) (?:Cross|Main|Block|Stage|Avenue|Street)\b",
        r"(?:(?<=outside )|(?<=lives at )|(?<=live at )|(?<=living at )|(?<=staying at )|(?<=in front of ))\d{2,5} "
        r"(?!(?:January|February|March|April|May|June|July|August|September|October|November|"
        r"December)\b)[A-Z][a-z]{3,}\b(?! [A-Z0-9])",
        rf"{_START}{_NUMBER} (?:Broadway|Piccadilly|Strand|Cheapside|Queensway|Kingsway|Bishopsgate|Moorgate|"
        rf"Holborn|Haymarket|Whitehall|Millbank|The [A-Z][a-z]+|(?:County|State|Farm|Rural|"
        rf"Old|US|Route|Highway|Hwy|CR|SR|FM|Interstate)(?: (?:Road|Route|Rd|Highway|Hwy))? \d{{1,4}})\b(?! of\b)",
        r"(?i:\bp\.? ?o\.? ?box|\bpostfach|\bapartado|\bprivate bag|\bGPO box|"
        r"\blocked bag) (?:no\.? )?[A-Z]?\d{1,6}\b",
        r"(?i:\bRR ?\d{1,2},? Box \d{1,5}\b|\bR\.?R\.? \d{1,2}\b(?=, (?-i:[A-Z])))",
        r"\b(?:[A-Z][a-z'’]+ ){1,3}(?:Street|Road|Avenue|Lane|Rd|St|Ave) \d{1,4}[A-Z]?(?=,)",
        r"(?i:\b(?:house|plot|holding|flat) (?:no\.? )?#?)\d{1,4}[A-Z]?, Road (?:No\.? ?)?\d{1,4}\b",
        r"(?<![A-Za-z0-9#])[A-Z]-?\d{1,4}, Sector[- ]\d{1,3}\b",
        r"\b\d{1,4}[A-Z]?(?:-\d{1,3}[A-Z]?)?,? Jalan [A-Z][A-Za-z]*(?: [A-Z][a-z]+)? \d{1,3}(?:/\d{1,3}[A-Z]?)?",
        rf"\b(?:Blk|Block) \d{{1,4}}[A-Z]? (?:[A-Z][\w'’]+ ){{1,4}}(?:{_LONG}|{_SHORT})(?: \d{{1,3}})?\b",
        rf"(?i:\b(?:plot|lot|house|villa|shop|door|stand|erf|h\.?|"
        rf"flat)(?: no)?\.? ?#?)\d{{1,5}}[A-Za-z]?(?:[-/]\d{{1,4}}[A-Z]?)?,? (?:(?:[A-Z][\w'’]*\.? "
        rf"){{1,4}}{_TYPED}|Street \d{{1,3}}|Sector [A-Z0-9]+(?:[-/]\d+)*|Phase \w+)\b(?: \d{{1,3}}\b)?",
        r"\b(?:Blk|"
        r"Block) \d{1,4}[A-Z]? (?:[A-Z][\w'’]+ ?){1,4}(?:\d{1,2} ?)?,? ?#\d{1,3}-\d{1,4}[A-Z]?(?:,? ?S ?\(\d{6}\))?",
        r"\b(?i:flat|apartment|apt\.?|unit|villa|h\.? ?no\.?)(?: no\.?)? ?#?[A-Z]?-?\d{1,4}[A-Z]?(?:/\d{1,4})?,\s"
        r"(?:The )?[A-Z][\w'’]*(?: [A-Z0-9][\w'’]*){0,3},\s[A-Z][\w'’]*(?: [A-Z][\w'’]*){0,3}",
        r"\b(?:The )?(?:[A-Z][a-z'’]+ ){1,3}(?:Cottage|House|Lodge|Forge|Farm|Barn|Hall|Manor|Villa|Rectory|"
        r"Vicarage|Mill|"
        r"Bungalow|Grange|Croft|Bank|"
        r"Court)(?:,\s(?:[A-Z][\w'’-]+ ?){1,3}){0,3},?\s[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
        r"\b(?:[Cc]alle|C/|Avenida|Avda?\.|Av\.|Paseo|Plaza|Carrera|Cra\.?|Carretera|Rua|Travessa|Praça|Via|Viale|"
        r"Piazza|Corso|Jalan|Jln\.?|Jl\.|Lorong|Heol|Ffordd|ul\.|ulica|Ulitsa|Strada|Calea|Bulevardul|Largo|Vicolo|"
        r"Rambla|Ronda|Camino|Alameda|Rodovia|Estrada|Carrer|Al\.|vul\.|Vul\.|vulytsia|prosp?\.|prospekt|Prospekt|"
        r"bulv\.|"
        r"Bul\.|Bd\.|Blvd\.|Bvd\.|Str\.|Sos\.|Șos\.|Splaiul|Aleea|os\.|al\.|pl\.|nám\.|třída|tř\.|Rruga|Odos|"
        r"Leoforos|Avda|"
        r"Autopista|Pasaje|Jirón|Jr\.|Callejón|Quinta|Boulevard|Via) (?:(?:de|del|dei|degli|delle|della|di|da|do|das|"
        r"dos|la|"
        r"las|los|el|al) ){0,2}[A-ZÀ-Þ][\w'’.-]*(?: (?:(?:de|del|della|di|da|do|la|los|y|"
        r"e) )?[A-ZÀ-Þ][\w'’.-]*){0,3},? (?:[Nn][°ºo.]\.? ?)?\d{1,5}[A-Za-z]?(?:/\d{1,4}[A-Za-z]?)?\b",
        r"\b\d{1,4}[A-Za-z]?(?: bis| ter)?,? (?:(?:[Rr]ue|[Aa]venue|Av\.|Bd\.|[Bb]oulevard|[Bb]d|[Pp]lace|[Cc]hemin|"
        r"[Aa]llée|"
        r"[Ii]mpasse|[Qq]uai|[Cc]ours|[Rr]oute|Jalan|Jln|Lorong|Heol|Ffordd|Via|Calle|Taman) )(?:(?:de|du|des|la|"
        r"le|les|l|d|et|sur|aux?)['’ ]){0,3}[A-ZÀ-Þ][\w'’-]*(?:[ -](?:(?:de|du|des|la|le|"
        r"et) )?[A-ZÀ-Þ][\w'’-]*){0,3}",
        r"\b(?:[A-ZÀ-Þİ][\w'’-]+ ){1,3}(?:Caddesi|Cad\.|Sokak|Sokağı|Sk\.|Bulvarı|Mahallesi|utca|út|tér|körút|útja|"
        r"ulice|"
        r"náměstí|nábřeží|iela|gatvė|tee|puiestee),? (?:No:? ?)?\d{1,4}[A-Za-z]?(?:/\d{1,4})?\b",
        r"\b(?:[A-ZÄÖÜ][a-zäöüß]+-){1,3}(?:Straße|Strasse|Str\.|Platz|Weg|Allee|Ring|Ufer|Damm|"
        r"Gasse) \d{1,4}(?: ?[a-z]\b)?",
        r"\b[A-ZÄÖÜ][a-zäöüß-]+(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer|ring|straat|laan|gracht|"
        r"plein|vägen|gatan|vej|gade|veien|kade|singel|katu|tie) \d{1,4}(?: ?[a-zA-Z]\b)?(?:[-/](?:\d{1,4}|"
        r"[IVX]{1,4}\b))?",
        rf"\b(?:The )?(?:[A-Z][a-z'’]+ ){{0,2}}(?:Cottage|House|Lodge|Forge|Farm|Barn|Hall|Manor|Villa|Rectory|"
        rf"Vicarage|Mill|Bungalow|Grange|Croft),\s(?:[A-Z][a-z'’]+ ){{1,3}}(?:{_LONG}|"
        rf"{_SHORT})\b(?=(?:,\s(?:[A-Z][\w'’-]+ ?){{1,4}}){{0,3}},?\s[A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}})",
    )
)
_SMALL = rule(
    rf"{_START}(?i:{_NUMBER}|(?:(?:oh|zero|one|two|three|four|five|six|seven|eight|nine)[ -]){{1,3}}"
    rf"(?:oh|zero|one|two|three|four|five|six|seven|eight|nine)) (?:(?:n|s|e|w|north|south|east|"
    rf"west)\.? )?(?P<name>(?:[a-z0-9'’]+ ){{1,3}}?)(?:{_SURE})\b\.?(?: (?:n|s|e|w|north|south|east|west)\b)?"
)
_NOT_SMALL = rule(
    r"\b(?:minutes?|mins?|hours?|hrs?|miles?|km|days?|weeks?|months?|years?|times?|people|of|the|a|an|in|on|to|"
    r"more|other|and|or|my|your|for|percent|lane|way|long|short|free|test|block|blocks|feet|meters?|metres?|am|pm|"
    r"cars?|by|from|per)\b"
)
_CUE = rule(
    r"(?i:\b(?:address(?:ed)?(?: is| to|:| =)?|liv(?:e|es|ing)(?: at| on| in)?|lived at|stay(?:s|ing)? at|"
    r"resid(?:e|es|ing) at|located at|ship(?:ped|ping)?(?: it| this| that)? to:?|deliver(?:ed|y|ies)?(?: it| this|"
    r" that)?(?: to| at)?:?|"
    r"sen[dt](?: it| this| that| them)? to|mail(?:ed)?(?: it)? to|mov(?:ed|ing) to|home is|house is|office is|"
    r"place is|pick(?:ed)?[ -]?up (?:at|from)|drop(?:ped)? (?:it |them )?(?:off )?at|come to|based at|property at|"
    r"billing|return to|based on|it['’]s|at|from|to))[ :,=-]{0,3}\Z"
)
_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|"
    r"W[AIVY]|NSW|VIC|QLD|TAS|ACT|ON|BC|QC|AB|MB|SK|NS|NB|Vic|Qld)"
)
_POSTCODE = (
    r"(?:[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}|\d{5}(?:-\d{3,4})?|\d{2}-\d{3}|[A-Z]\d[A-Z] ?\d[A-Z]\d|"
    r"\d{4}-\d{3}|\d{4} [A-Z]{2}|\d{4}(?=\W|$)|\d{6}|\d{3} ?\d{2})"
)
_UNIT = (
    r"(?i:(?:apartment|apt|unit|suite|ste|flat|floor|fl|room|rm|building|bldg|block|blk|tower|level|lvl|lot|"
    r"shop|office|studio|penthouse|dept|door|apto|apt[oº]|dpto|sala|interno|int|lokal|kv|byt|villa|wing|stair|"
    r"entrance|piso|étage|etage|depto|dpto|kat|daire|d[uú]m|korp|kv|bl|sc|et|ap|k|box|station|gate|bay|dock|"
    r"phase|sector|site|stage|cross|main)\b\.? ?#?(?:[A-Za-z]?-?\d{1,5}[A-Za-z]?|[A-Za-z])(?:[-/]\d{1,4})?\b|"
    r"#\d{1,4}(?:-\d{1,4})?[A-Za-z]?|\d{1,3}(?:st|nd|rd|th) (?:floor|fl\b\.?|flr\b)|\d{1,3}/F|G/F|LG/F|UG/F|"
    r"No\.(?= ?\d|\s)|\d{1,2}º ?[A-Z]?|"
    r"(?:(?:lower |upper )?ground|first|second|third|fourth|fifth|sixth|seventh|top|lower|upper|mezzanine) floor|"
    r"basement)"
)
_COUNTRY = (
    r"(?:U\.?S\.?A?\.?|U\.?K\.?|United (?:Kingdom|States)|England|Scotland|Wales|Northern Ireland|Ireland|"
    r"Canada|Australia|New Zealand|India|Singapore|Hong Kong|Malaysia|South Africa|Nigeria|Kenya|Ghana|Germany|"
    r"France|Spain|Italy|Netherlands|Kowloon|N\.?T\.?)"
)
_CITY = (
    r"(?!(?:TP|Please|Thanks|Thank|And|But|The|I|My|We|He|She|It|Call|Ring|Tel|Phone|Email|Attn|Mr|Mrs|Ms|Dr|"
    r"Regards|Best|Cheers|Ask|Leave|Can|Could|Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|"
    r"Sat(?:urday)?|Sun(?:day)?|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days|"
    r"NRIC|IC|Dear|Yours|Kind|"
    r"Address|If|When|Not|Order|Name|Date|DOB|Contact|Then|So|This|That|Reference|"
    r"Sent|Numbers?|Landmark|Ref|Buzzer|Code|Delivery|Hi|Hello|Also|Customer|Ticket|Mobile|Now|Until|Since|No|Yes|"
    r"Passport|Plate|Account|"
    r"Card)\b)(?:(?:St|Mt|Ft|Co|Pt)\. )?[A-ZÀ-ÞČĐĞİŁŚŞŠŽ][\w'’-]*(?: (?:(?:upon|on|in|under|of|de|la|le|del|am|next|"
    r"the)[ -])?(?:(?:St|Mt|Ft|Co|Pt)\. )?[A-ZÀ-ÞČĐĞİŁŚŞŠŽ][\w'’-]*){0,3}(?: \d{1,2}\b)?"
)
_RIGHT = rule(
    rf"(?:,? ?\n?|, )(?:{_UNIT}\b)| ?[-–] ?\d{{6}}\b"
    rf"|,? ?\(?{_STATE}(?:,? {_POSTCODE})?\b\)?|(?:,\s?|\s){_POSTCODE}\b(?: {_CITY})?|"
    rf",\s?{_COUNTRY}(?![a-z])(?:,? \d{{5,6}}\b)?| {_COUNTRY}(?![a-z])(?:,? \d{{5,6}}\b)?"
    rf"|(?:,\s{{0,2}}|\n){_CITY}(?=,|\s{_STATE}\b|\s{_POSTCODE}\b|\s\d{{3}}-\d{{4}}\b|\s[A-Z]{{1,2}}\d{{1,2}}\b|"
    rf"[.;)\n]|\s*\Z| -|\s[a-z(])| - [A-Z]{{2}}\b"
    rf"|(?<=[a-z])\s[A-Z]{{1,2}}\d{{1,2}}[A-Z]?(?= -|[,.;)\n]|\s*\Z)|(?<=Tokyo|Osaka|Kyoto)\s\d{{3}}-\d{{4}}\b|"
    rf",\s?TP\.? ?(?:HCM|[A-ZĐ][a-z]+)|"
    rf",\s?(?:Quận|Phường|District|Ward|[QP]\.) ?\d{{1,2}}\b|,\s?[A-Z]\w+-(?:ku|shi|gu|dong|do|si)\b"
)
_HEAD = (
    r"(?:(?:No|Nr)\. ?\d{1,4}(?:/\d{1,4})?,|(?i:flat|apt|apartment|unit|suite|shop|room|rm|block|blk|level|plot|"
    r"lot|house|door|villa|stand|bay|dock|site|"
    r"rr|h\.? ?no)\b\.?(?: no\.?)? ?#?[A-Za-z]?\d{1,5}[A-Za-z]?(?:[-/]\d{1,5}){0,3}|"
    r"(?i:(?:lower |upper )?(?:ground|first|second|third|fourth|fifth|top) floor)|"
    r"[A-Z]{1,2}-?\d{1,4}(?:[-/]\d{1,4})?(?=,)|[A-Z]{1,2}-\d{1,4}(?=\s[A-Z])|"
    r"The [A-Z][a-z]+(?: [A-Z][a-z]+)?(?=,)|\d{1,5}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?){0,2})"
)
_CODE = (
    r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[\dW] [A-Z\d]{4}|[A-Z]\d[A-Z] ?\d[A-Z]\d|"
    rf"{_STATE},? \d{{5}}(?:-\d{{4}})?|(?:NSW|VIC|QLD|TAS|ACT|SA|WA|NT|Victoria|Queensland),? \d{{4}}|"
    r"(?<=[a-z] )\d{6}|(?<=- )\d{6}|(?<=[a-z]-)\d{6})(?![A-Za-z0-9])"
)
_WORDS = (
    r"(?:[A-Z0-9#][\w'’.&/#-]*|of|the|and|on|de|la|le|du|upon|under|in|by|near|"
    r"opp\.?|opposite|behind|next to|close to|old|bus|stand)"
)
_CODED = rule(rf"{_START}{_HEAD}(?:,?[ \n](?:[-–] )?{_WORDS}){{1,14}}?,?[ \n]?-? ?{_CODE}")
"""From a house's number or name to a postcode, with nothing but capital words between."""
_NO_HOUSE = rule(
    r"(?i:\b(?:order|ref|reference|invoice|ticket|case|tracking|booking|parcel|item|no|number|id|account|policy|"
    r"claim|"
    r"po|sku|model|version|flight|train|bus|platform|page|line|route|gate)[ :#.]*)\Z"
)
_LEFT = rule(
    rf"(?<![A-Za-z0-9])(?:(?:{_UNIT}|The (?:[A-Z][a-z]+ )?[A-Z][a-z]+(?=,)|[A-Z][a-z]+bank(?=,)|"
    rf"(?:The )?(?:[A-Z0-9][\w'’.&-]* ){{1,4}}(?:House|Hall|Court|Tower|Towers|Building|Lodge|Estate|Mansions?|"
    rf"Residences?|Apartments?|Heights|Mall|Arcade|Market|Exchange|Chambers|Hub|Studios|Lofts|Quay|Terminal|Square|"
    rf"Plaza|Centre|Center|Complex|Park|Point|View|Works|Mill|Yard|Wharf|Gardens|"
    rf"Flats?|Block|Campus|Village|Farm|Cottage|Mansion|Forge|Rectory|Vicarage|Barn|Manor|Villa|Grange|Croft)|"
    rf"c/o [A-Z][a-z]+(?: [A-Z][a-z]+)?)(?:,\s?|\s|\n)){{1,5}}\Z"
)
_MAY = Gate((*_HEARTS, _CODED, _SMALL))
_YEAR = rule(r"(?i:\b(?:in|since|during|by|until|before|after|from|of|year) )\Z")


def addresses(text: str) -> list[Span]:
    """Spans of English addresses, with those of the countries around that write the number beside the street."""
    found: list[Span] = []
    may = _MAY(text)
    for heart in (pattern for pattern in may if pattern in _HEARTS):
        found += [_whole(text, *match.span()) for match in heart.finditer(text) if not _dated(text, match)]
    for match in _CODED.finditer(text) if _CODED in may else ():
        if not _NO_HOUSE.search(text, max(0, match.start() - 14), match.start()) or match[0].count(",") > 1:
            found.append(_whole(text, *match.span()))
    for match in _SMALL.finditer(text) if _SMALL in may else ():
        if _NOT_SMALL.search(match["name"]):
            continue
        start, end = _whole_small(text, *match.span())
        if end > match.end() or _CUE.search(text, max(0, start - 30), start):
            found.append((start, end))
    return found


def _dated(text: str, match: re.Match[str]) -> bool:
    return bool(re.match(r"(?:19|20)\d\d ", match[0])) and bool(
        _YEAR.search(text, max(0, match.start() - 10), match.start())
    )


def _whole(text: str, start: int, end: int) -> Span:
    """An address with the flat, the house, the town, the postcode and the country around its heart."""
    before = _LEFT.search(text, max(0, start - 90), start)
    for _ in range(8):
        after = _RIGHT.match(text, end)
        if after is None or after.end() == end:
            break
        end = after.end()
    while text[end - 1] in " ,\n(":
        end -= 1
    return (before.start() if before else start), end


_RIGHT_SMALL = rule(
    rf",? (?:apt|apartment|unit|suite|ste|flat|floor|fl|room|rm|#)\.? ?#?\w{{1,5}}\b|"
    rf",? (?i:{_STATE})(?: \d{{5}}(?:-\d{{4}})?)\b|(?:,\s?|\s)(?:[A-Za-z]{{1,2}}\d[A-Za-z\d]? ?\d[A-Za-z]{{2}}|"
    rf"\d{{5}}(?:-\d{{4}})?)\b|,\s?(?i:{_STATE})\b|"
    rf",?\s[a-z]{{3,}}(?: [a-z]{{3,}})?(?=,?\s(?:[a-z]{{1,2}}\d[a-z\d]? ?\d[a-z]{{2}}|(?i:{_STATE}) \d{{5}}))"
)
_PLACE = rule(r",?\s?([a-z]{3,}(?: [a-z]{3,})?)\b")


def _whole_small(text: str, start: int, end: int) -> Span:
    before = re.search(
        r"(?:(?:flat|apt|apartment|unit|suite|room|block)\.? ?#?\w{1,4},? ){1,3}\Z", text[max(0, start - 40) : start]
    )
    for _ in range(6):
        after = _RIGHT_SMALL.match(text, end)
        if after is None:
            place = _PLACE.match(text, end)
            words = place[1].split() if place else []
            if not words or not _known(words):
                break
            after = place
        end = after.end()  # type: ignore[union-attr]
    return (start - len(before[0]) if before else start), end


def _known(words: list[str]) -> bool:
    """Whether small words are a place that is no ordinary word."""
    facts = [english().get(word, (0, 0, 0, 0)) for word in words]
    return " ".join(words) in ("new york", "los angeles", "san francisco", "hong kong") or (
        bool(facts[0][3]) and not facts[0][2] and len(words) == 1
    )
