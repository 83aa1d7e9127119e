"""Dates of birth that no word beside them calls so: in records, of kin, corrected, asked for, of eras and feasts."""

from __future__ import annotations

from zhinan.core.rules import rule
from zhinan.steps.masks._dates import (
    ADULT,
    DATE,
    DATE_END,
    ERA_YEAR,
    FEAST,
    FULL,
    LIFE,
    MONTH,
    NUMBER,
    SPOKEN,
    YEAR,
    YEAR_OF_LIFE,
)
from zhinan.steps.masks._spans import Span

__all__ = ["TOLD", "of_another_day"]

_FIND = rf"(?<![\d.-])(?<![A-Za-z])(?P<find>{DATE}){DATE_END}"
_BORN = r"(?:(?i:birth(?:day|date)?|b-?day|\bd\.?o\.?b\b\.?|\bborn)|出生(?!率)|生日(?!快[乐樂])|生辰|[寿壽]辰|生年月日)"
_STANDS_ALONE = r"(?=[,，)）;；。|、\s]|\.(?!\d)|\Z)"
_NO_VISIT = (
    r"(?![^\n，,。；;]{0,4}(?:入[职職学學伍党黨]|[参參][加军軍]|[毕畢][业業]|起|至|到|[开開]始|就[诊診]|[住入出]院|"
    r"[办辦]理|[签簽]))"
)
_RECORD_ZH = rule(
    r"(?:(?:客[户戶]|[资資]料|[员員]工|[门門][诊診]|[病患][历歷人者案]|住院|挂号|掛號|就[诊診]|体检|體檢|[参參投]保|被保[险險]?人|乘客|旅客|"
    r"[游遊]客|[访訪]客|住客|[学學][员員生]|队员|隊員|"
    r"[选選]手|考生|孕[妇婦]|[产產][妇婦]|患[儿兒]|投保人|入住人|租客|申请人|申請人|受益人|[继繼]承人|姓名|"
    r"(?:[您你我他她佢][的们們]?|老人家?)(?:母[亲親]|父[亲親]|[爱愛]人|妈妈?|媽媽?|爸爸?|老[伴公婆]|丈夫|妻子|先生|"
    r"太太|[儿兒]子|女[儿兒]|孩子|[爷爺]{2}|奶奶|外[公婆]|姥[姥爷]|公公|婆婆|岳[父母]|哥哥|姐姐|弟弟|"
    r"妹妹)(?=[一-龥·]{2,3}[，,、（( ])|登[记記]|档案|檔案|[户戶][籍主口]|[报報]名)"
    rf"[^\n。；;0-9]{{0,16}}?[一-龥·]{{2,4}}[，,、（( ]{{1,2}}(?P<life>{LIFE})){_STANDS_ALONE}{_NO_VISIT}"
)
_NAME = r"[^\W\d_a-z][\w'’.-]{0,30}(?: (?:[^\W\d_a-z][\w'’.-]{0,30}|de|da|van|von|bin|al|el|della|den|der|du)){1,4}"
_RECORD = rule(
    r"(?<![A-Za-z])(?i:patient|passenger|pupil|student|results?|report|notes?|chart|letter|records?|file|referral|"
    r"admission|admitted|discharge|booked in|appointment|claim|claimant|insured|policy|bloods?|scan|x-?ray|vaccin\w*|"
    r"clinic|ward|guest|visitor|member|applicant|candidate|tenant|resident|beneficiary|dependants?|employee|"
    r"starter|player|lodger|spouse|prescription|(?:your|my|his|her|our|their) (?:mother|father|mum|mom|dad|wife|"
    r"husband|"
    r"partner|son|daughter|brother|sister|grand(?:mother|father)|aunt|uncle|child))\b"
    rf"[^\n;]{{0,30}}?(?<![\w]){_NAME}"
    r"(?:,[^\n,;]{0,16}\b(?i:no\b\.?|number|NI|NHS|SSN|ID|ref\b\.?|MRN|passport)\b[^\n,;]{0,24})?"
    rf"(?:, ?| ?\(| - | – | / | \| )(?P<find>{LIFE}){_STANDS_ALONE}"
)
"""A person of whom there are records, and the date beside the name."""
_KIN = rule(
    rf"(?<![A-Za-z])(?i:(?:he|she)(?:['’]s| is)|(?:son|daughter|kid|kiddo|child|toddler|little one|boy|girl|grandson|"
    rf"granddaughter|nephew|niece|twins?)(?:['’]s| is| are)) (?:an? )?(?P<find>{DATE}){DATE_END}"
    r"(?<=\d\d)(?! ?(?:st|nd|rd|th|[ap]m|:|\d))(?<!/\d\d)"
)
_OF_THE_CHILD = rule(
    r"(?:儿子|女儿|兒子|女兒|孩子|小孩|宝宝|寶寶|娃|闺女|孙子|孙女|囡囡|老大|老二|二宝|大宝|外甥|侄[子女]|小朋友|"
    r"小孩上户口，|[双雙三]胞胎|[龙龍][凤鳳]胎)"
    rf"(?:[，,]?[都全]|(?:(?!的)[一-龥]){{1,3}}[，,]?)?[是係]?"
    rf"(?P<find>(?:{YEAR}|\d{{2}}) ?年 ?\d{{1,2}} ?月(?: ?\d{{1,2}} ?[日号號])?|{FULL})"
    r"(?=的(?:[，,。？！?!、；; ]|\Z))"
    rf"|(?:老[公婆]|丈夫|妻子|先生|太太|[爸妈媽父母][爸妈媽亲親]?)[是係]?(?P<kin>{ADULT})(?=[，,。；;]|\Z)"
    r"|(?<![A-Z])[A-Z]{2,20}/[A-Z]{2,20} ?(?:MR|MRS|MS|MISS|MSTR|CHD|INF) (?P<air>\d\d[A-Z]{3}(?:\d\d)?\d\d)(?!\w)"
    r"|(?:[我他她你您]|老公|老婆|爸|妈|媽|爷爷|奶奶|本人)[是係]?"
    rf"(?P<life>(?:{YEAR_OF_LIFE}|[3-9]\d) ?年 ?\d{{1,2}} ?月(?: ?\d{{1,2}} ?[日号號])?|"
    rf"{YEAR_OF_LIFE}\.\d{{1,2}}\.\d{{1,2}})"
    r"(?=的(?:[，,。？！?!、；; ]|\Z))"
)
_AT_HOME = rule(
    rf"[我咱][们們]?家[一-龥]{{2,4}}?(?P<find>(?:{YEAR}|\d{{2}}) ?年 ?\d{{1,2}} ?月(?: ?\d{{1,2}} ?[日号號])?)"
    r"(?=的[，,。][^\n。]{0,10}(?:[报報上]|班|[学學]|[园園]|[岁歲]|门票|年级|年級))"
)
_MENDED = rule(
    rf"{_BORN}[^\n]{{0,70}}?(?:[.;!?:]|\.{{3}}| [-–—]) ?(?:\w{{1,12}},? )?"
    r"(?i:(?:it|this|that|mine|(?:his|hers|the)(?: (?:right|correct|real|actual|true|proper))?(?: (?:one|date|"
    r"answer))?|"
    r"correct|right)(?: (?:should|ought to|must|has to)(?: be| read| say)?| is| was| reads|['’]s|:)|"
    r"i(?:['’]ve)? (?:put|typed?|entered|have|gave|wrote|answered|said|tried|used|keyed in)|try|use|put),? (?:the )?"
    rf"{_FIND}"
)
_MENDED_ZH = rule(
    rf"{_BORN}[^\n]{{0,30}}?[。！!；;，, ][^\n0-9。]{{0,8}}?(?:正[确確]|而?是|[应應][该該]?|[实實][际際]|其[实實]|"
    rf"真[实實]|[对對])的?"
    rf"[^\n0-9。]{{0,4}}?[是為为係填:：]?(?:{_FIND}|(?P<day>\d{{1,2}}[./]\d{{1,2}})(?=[，,。 ]|\Z))"
)
"""What a date of birth should have been."""
_TYPED = rule(
    rf"{_BORN}[^\n.!?0-9]{{0,30}}?(?i: so| and| but|,) (?i:i|he|she|we|they) (?i:put|typed?|entered|have|gave|wrote|"
    rf"answered|said|tried|used|keyed(?: in)?) (?:in )?(?:the )?{_FIND}"
)
_ANSWER = rule(
    rf"{_BORN}[^\n?？.。]{{0,40}}?[?？。.][\"”'’」』]?[\s—–-]{{0,3}}"
    rf"(?:[^\W\d]{{1,10}} ?[:：] ?)?[\"“「『]?(?:[^\n0-9.?!。？！]{{0,24}}?[ ,，、])?(?:the )?"
    rf"(?:{_FIND}|(?P<said>{SPOKEN}))"
)
"""What answers a question."""
_ALSO = rule(
    rf"(?<![A-Za-z])(?i:aged?(?: (?:as|of|is|was))?|turn(?:s|ed|ing)?|is|was|now) \d{{1,3}}(?: (?i:years old|"
    rf"today))?[,;:( –-]{{1,3}}"
    rf"(?P<find>{LIFE})(?=[,;.)\n ]|\Z)"
    rf"|(?P<when>(?<![\d./-])(?<![A-Za-z]){DATE}){DATE_END}(?=,? (?:(?i:is|was) )?(?:(?i:when|the day) )?(?i:i|he|"
    rf"she|we|"
    rf"they|(?:my|our|his|her|their|the) \w{{2,12}}) (?i:was|were) (?i:born))"
    rf"|(?i:\bleap(?:[- ](?:year|day))? (?:baby|child|kid))[,:]? (?P<leap>\d{{1,2}}(?:st|nd|rd|th)? {MONTH} {YEAR}|"
    rf"{MONTH} \d{{1,2}},? {YEAR}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]{YEAR})"
    rf"|{_BORN}(?:[ :,?]| is| was| on| uh| um){{0,5}} (?:the )?(?P<said>{SPOKEN})"
    rf"|(?:[是：:，,]|\A)(?P<day>(?:{YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|"
    rf"3[01])))(?=[，, ]{{0,2}}(?:这)?[是就]{{1,2}}[我他她你][^\n，。]{{0,4}}(?:生日|出生))"
    rf"|"
    rf"[出诞]?生[年月日期份和]{{2,7}}[（(]?[^\n，。0-9]{{0,6}}[)）]?[：:是 ]{{0,2}}(?P<month>{YEAR}[-./]?(?:0[1-9]|"
    rf"1[0-2]))(?![\d./-])"
    rf"|(?P<early>(?<!\d)(?:0[1-9]|1[0-2])/{YEAR})(?= ?\(birth\))"
    rf"|(?<!\w)(?P<roman>\d{{1,2}} [IVX]{{1,4}} {YEAR})(?=[^\n.;]{{0,20}}\bbirth|\Z)"
    rf"|(?i:birth|born)[^\n.;0-9]{{0,16}}(?P<latin>\d{{1,2}} [IVX]{{1,4}} {YEAR})"
    rf"|(?<![A-Za-z])(?i:bd|d\.o\.b|dob|born)[ :=-]{{1,3}}(?P<bd>{YEAR} {MONTH} \d{{1,2}}|"
    rf"{MONTH}[- /]\d{{1,2}}[-/ ,]{{1,2}}{YEAR})"
    rf"|(?i:birthday|bday|birth day|dob|born)[^\n.;]{{0,40}}?(?i:mine(?: is|['’]s)|i (?:enter|type|use|"
    rf"put)) (?:the )?(?P<mine>\d{{6}}|\d{{1,2}}(?:st|nd|rd|th)? {MONTH})(?![\d])"
)
_BABY = rule(
    rf"(?i:\bbaby (?:girl|boy)|\bnew-?born)[,:]? (?P<find>{FULL}|\d{{1,2}} {MONTH} {YEAR})|"
    rf"新生[儿兒][:，, ]{{0,2}}(?P<small>{FULL})"
)
_PAPER = rule(
    rf"{_BORN}[^\n]{{0,60}}?\b(?i:certificate|passport|licen[cs]e|ID|card|register|records?)(?i: (?:says?|gives?|"
    rf"shows?|reads?|has|have|lists?|gave|said)) (?:the )?{_FIND}"
)
_NEXT_LINE = rule(rf"{_BORN}[^\n0-9]{{0,20}}\n ?(?P<find>{FULL}){DATE_END}")
_SMALL = r"(?:the|our|my|his|her|their) (?:babies|baby|newborn|little one|twins|triplets)"
_ARRIVED = rule(
    r"(?:(?i:\bcame into (?:the|this) world|\bgave birth|\b(?:daughter|son|baby|twins?|(?:little |baby )(?:boy|"
    r"girl|one|"
    r"brother|sister)|grand(?:son|daughter))(?: (?-i:[A-Z][a-z]+))? (?:(?:safely )?arrived|(?:was|were) delivered)|"
    rf"{_SMALL} came(?! (?:home|back|to|over|down|round|for|with|from|out))|"
    r"\bdelivered (?:of )?(?:an? |her |twin )?(?:\w+ )?"
    rf"(?:boys?|girls?|bab(?:y|ies)|son|daughter)))\b[^\n.!?0-9]{{0,30}}? (?:on )?(?:the )?{_FIND}"
)
_HAD_ME = rule(
    rf"{_FIND}(?:[^\n.!?0-9]{{0,50}}? (?i:that (?:my|our) (?:mother|mum|mom|mam|ma) had (?:me|us|him|her))\b"
    r"|[^\n。；0-9]{0,6}(?:[诞誕]下|[顺順][产產]|剖[腹宫宮][产產]|喜得|生下|降生|呱呱坠地))"
)
_HAD = rule(rf"\b(?i:(?:mother|mum|mom|mam|ma) had (?:me|us|him|her))(?: on)? (?:the )?{_FIND}")
_TURNS = rule(
    rf"(?<![A-Za-z])(?i:(?:turn(?:s|ed|ing)?|hits?|is|be|was|became|reach(?:es|ed))(?: just)? (?:\d{{1,3}}|{NUMBER})"
    rf"(?: years old)?(?:(?: on| this| next| last| in) (?:the )?| (?!{MONTH}))|\b(?:his|her|my|our|your|their|"
    rf"\w+['’]s) (?:\d{{1,2}}(?:st|nd|rd|th)|"
    rf"big \d0)(?: birthday)?(?: is| was| falls)? (?:on|this|next) (?:the )?){_FIND}(?! ?[%/])"
)
_FULL_AGE = rule(
    rf"(?<![\d.-])(?P<find>(?:{YEAR} ?年 ?)?\d{{1,2}} ?月 ?\d{{1,2}} ?[日号號])(?=(?:[就才正刚剛]好?|那天|當天|当天)?"
    r"年?[满滿](?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:周?[岁歲]|[，,。 ]|\Z))"
)
_SIGNS = (
    r"(?:白羊|牡羊|金牛|[双雙]子|巨蟹|[狮獅]子|[处處]女|天秤|天[蝎蠍]|射手|摩羯|水瓶|"
    r"[双雙][鱼魚])座?(?![一-龥]{0,2}[店商场])"
)
_BEASTS = "属[鼠牛虎兔龙蛇马羊猴鸡狗猪]|屬[鼠牛虎兔龍蛇馬羊猴雞狗豬]"
_SIGN_AFTER = rule(
    rf"{_FIND}(?:[的生日]{{0,2}}[，,、 ：:—-]{{1,3}}(?:{_SIGNS}|{_BEASTS})|,? (?:a |an )?(?i:aries|taurus|gemini|"
    r"leo|virgo|libra|scorpio|sagittarius|capricorn|aquarius|pisces)\b)"
)
_SIGN_BEFORE = rule(rf"(?:{_BEASTS})的?[，,、 ]{{1,2}}(?:[我他她是]{{0,2}}){_FIND}")
_SEX = rule(
    rf"(?:(?<![\w'’&-])(?<!(?i:size) )(?:[MF]|(?i:(?:fe)?male|girl|boy))(?: ?[,/|;·\t)-] ?| )(?:\d{{1,3}}(?:,? \(?|,|"
    rf"\())?(?P<find>{LIFE})|\((?P<first>{FULL})(?=, ?[MF]\))|"
    rf"(?:(?<![一-龥])|(?<=性[别別]))"
    rf"[男女][，,、/| \u3000]{{1,3}}(?:(?P<month>(?:19\d\d|200\d|201\d)(?:年|[./-])\d{{1,2}}月?)(?![\d./-])"
    r"|(?P<short>[3-9]\d年\d{1,2}月(?:\d{1,2}[日号號])?)))"
    rf"{_NO_VISIT}"
)
_ERA = rule(
    rf"(?P<find>{ERA_YEAR})(?=[的]?(?:出?生(?![产產活意前效])|出世))"
    rf"|(?:出?生[于於]|出世[于於]?)(?P<year>{ERA_YEAR})(?![正腊臘冬一二三四五六七八九十]{{1,2}}月)"
)
_SHORTLY = rule(
    r"(?<![\d.-])(?P<find>(?:\d{2}([./])\d{1,2}\2\d{1,2}|\d{1,2}[./]\d{1,2})(?=出?生(?:的|[，,。 ]|\Z)))"
    r"|(?P<moon>[正腊臘冬一二三四五六七八九十]{1,2}月(?:初?[一二三四五六七八九十廿卅]{1,3})(?=出?生(?:的|[，,。 ]|"
    r"\Z)|出世))"
    r"|(?P<month>(?:[一二〇零九八七六五四三]{2,4}|\d{2,4})年(?:[正腊臘冬一二三四五六七八九十]{1,2}|"
    r"\d{1,2})月(?=的?出?生(?:[的人，,。 ]|\Z)|出世))"
)
_FEAST = rule(
    rf"(?<![A-Za-z])(?i:born|birth(?:day|date)?|b-?day|came into the world|"
    rf"{_SMALL} (?:came|arrived))(?: was| is|['’]s|:)?(?: on| at|"
    rf" falls on)?(?: the)? (?P<find>{FEAST})(?![A-Za-z一-龥])"
    rf"|(?:生日|出生|生[于於])(?:就?[是在为為]|[:：])?(?P<day>{FEAST})"
    rf"|(?P<date>{FEAST})(?=(?:那天|当天|當天|那日|嗰日|晚上)?(?:出生|生[的人]|出世|降生))"
)
_ABROAD_WORD = (
    r"(?i:\*(?=\d\d?\.)|生年月日|дата рождения|родил(?:ся|ась)|narozen[aí]?|urodz\w{0,9}|data urodzenia|"
    r"doğum\w{0,9}(?: tarihi)?|"
    r"fødselsdato|født|född|födelsedatum|syntymäaika|geboortedatum|geburtsdatum|sinh ngày|ngày sinh|tanggal lahir|"
    r"생년월일|生まれ)"
)
_MONTH_ABROAD = (
    r"(?i:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|januar|februar|märz|"
    r"april|"
    r"juni|juli|august|september|oktober|november|dezember|enero|febrero|marzo|abril|mayo|junio|julio|agosto|"
    r"septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|"
    r"dicembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro)"
)
_FOREIGN = rule(
    rf"{_ABROAD_WORD}[ :：=]{{0,3}}{_FIND}|(?P<day>{YEAR}年\d{{1,2}}月\d{{1,2}}日)(?=生まれ)"
    rf"|(?i:née? (?:le|el|il|am)|geboren(?: am)?|geb\.|geburts(?:datum|tag)|nacimiento|nacid[oa]|naissance|nascita|"
    rf"nat[oa] il|nascimento|nascid[oa]|born)[ :：=]{{0,3}}(?:(?i:el|le|am|il|em) )?"
    rf"(?P<abroad>\d{{1,2}}(?:er|º|\.)? (?:de )?{_MONTH_ABROAD} (?:de )?{YEAR})(?!\d)"
)
_ANOTHER = rule(
    r"(?:(?i:\b(?:now|currently|between|holiday|died|d\.|wed|married|issued?|expir\w+|exp|due|dated|"
    r"start(?:s|ed|ing)?(?: date)?|since|until|"
    r"joined|hired?|"
    r"enrol\w*|signed|stamped|admitted|admission|discharged?|application|applied|submitted|registered|register|"
    r"created(?:_at)?|updated(?:_at)?|vaccin\w+|booster|jab|tetanus|seen|visit(?:ed)?|began|begun|will|invoice|"
    r"effect|w\.?e\.?f\.?|"
    r"order(?:ed)?|"
    r"ship(?:ped)?|deliver(?:y|ed)|valid|effective|renew\w*|return(?:ed)?|paid|booked|appointment|signup date|"
    r"sign-?up|"
    r"medicare start|moved|retired|graduated|employed|baptised|christened|date of (?:application|issue|expiry|"
    r"admission|death|"
    r"visit|hire|entry|joining|loss|service|travel))\b(?: date)?(?: was| is| on| in| from| at| of| the|"
    r"[ :=>'\"(-]){0,4})"
    r"|(?i:\b(?:today|now),? )|(?:[今当當昨明现現][天日在](?:\()?|[产產](?=日)|[生失]效|出[厂廠]|[入离離到][职職]|"
    r"入[学學伍党黨会會园園]|"
    r"到(?:期|[职職])|有效(?:期[至到]?)?|截止|"
    r"[签簽][发發]|[体體][检檢]|就[诊診]|首次[^\n，。]{0,4}|"
    r"[接下][单單]|[开開][学學业業票]|[参參][保加]|[登注][记記册冊]|入院|出院|住院|[办辦]理|[结結]婚|去世|死亡|"
    r"[毕畢][业業]|[转轉]入|[预預]产|[创創]建|更新|"
    r"[发發][货貨证證]|[报報]名|[缴繳][费費]|[复復][诊診]|接[种種]|[结結]果|[购購][买買]|退[休役]|"
    r"[访訪])[日时時]?[期间間]?"
    r"(?:本[来來])?[是为為於于在：: 　\n]{0,3}(?:(?:公元|西元|[农農][历曆]|民[國国]))?)\Z"
)
_OWN = rule(
    rf"{_BORN}(?:[^\n0-9,;.!?，；。！？]|[.!?](?! ))*\Z"
    r"|(?:\A|[\n;；。]|\. )(?:(?i:(?:(?:my|the|his|her) )?date of birth|birthday|d\.?o\.?b\.?)|"
    r"出生(?:日期|年月日?)|生日)"
    r"[，,][^\n0-9,;，；。]{0,24}\Z"
)
"""What calls the date one of birth first."""
_BEHIND = rule(
    r"(?:日|号|號)?(?:[的]?[生出][产產]|(?:登[记記])?[结結離离]婚|的?工[龄齡]|[辞辭逝]世|被|[协協][议議]|左右|"
    r"[晚早]上?[住到入]|入[住园]|住的|去的|到的|[来來]的)|(?:日|号|號)?(?:才|就|"
    r"因|起)?[^\n，。；;,0-9]{0,2}?(?:[转轉]入|入[院园園住]|[开開]始|抵[达達]|退房|离店|離店|[预預][订訂定]|"
    r"[订訂]了|生意|[发發]生|[举舉][行办辦]|"
    r"入[职職学學伍党黨]|就[诊診]|拿到|"
    r"[参參]加工作|[开開][学學]|下[单單]|是[开開][学學]|[签簽]|到期|[生失]效|[施实實][行施]|[发發][布佈]|截止|"
    r"上[线線市]|[开開][业業庭播售])"
    r"| ?[,;|] ?(?i:archived|closed|expired|paid|signed|joined|left|draft|done|sent)\b"
    r"|,? is when (?:i|we|he|she|they) (?!w(?:as|ere) born)|,? as the (?:date|day) of (?!birth)|,? (?:issued|"
    r"expires?|signed)\b| died\b"
)


def of_another_day(text: str, span: Span) -> bool:
    """Whether what stands right before a date, or right behind, says what else happened that day."""
    start, end = span
    if _BEHIND.match(text, end):
        return True
    another = _ANOTHER.search(text, max(0, start - 24), start) is not None
    return another and _OWN.search(text, max(0, start - 80), start) is None


TOLD = (
    _MENDED, _MENDED_ZH, _TYPED, _ANSWER, _PAPER, _NEXT_LINE, _ALSO, _RECORD_ZH, _RECORD, _SEX, _KIN, _OF_THE_CHILD,
    _AT_HOME, _ARRIVED, _HAD_ME, _HAD, _BABY, _TURNS, _FULL_AGE, _SIGN_AFTER, _SIGN_BEFORE, _ERA, _SHORTLY, _FEAST,
    _FOREIGN,
)  # fmt: skip
"""Where such dates stand: in the last group of a match that has a name, or in the whole."""
