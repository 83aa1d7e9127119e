"""Words that say what a capital word of an English text is: a title, a particle, a firm, or in no name at all."""

from __future__ import annotations

__all__ = ["EAST", "FIRMS", "HEADS", "MAYBE", "NEVER", "PARTICLES", "ROLES", "SHOPS", "TITLES", "listed"]


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


PARTICLES = listed(
    """
    abu af al ap e bin bint binte da das de del den der di dos du el ibn la le op st ten ter van von y zu
    """
)
"""Small words inside names."""

TITLES = listed(
    """
    pte cpl lcpl maj cmdr pvt ssgt dott dott.ssa dottore sig sig.ra prof.ssa dr.ssa ing avv
    aunt auntie aunty bapak begum brother capt captain chef cik cikgu cllr coach corporal councillor constable
    dame datin dato datuk detective doctor dr encik father frau hajah haji
    herr ibu imam inspector judge lady lord lt madam madame mdm miss mme monsieur mr mrs ms mx nurse officer pak
    pastor prof
    professor puan rabbi rev reverend senator sensei sergeant señor señora sgt sheikh shri sir sister smt sr sra
    sri tuan uncle pc ustad baroness mister
    """
)
"""Words before a name that are no part of it."""

ROLES = listed(
    """
    master agent applicant baby barista buyer caller candidate cardholder carer caretaker chef child cleaner
    client colleague
    complainant consignee consultant contact contractor counsellor courier customer daughter defendant dentist
    director driver
    editor electrician employee engineer farmer foreman friend fao gardener granny guest handyman host husband
    instructor janitor landlady landlord lawyer lead manager mechanic member neighbour neighbor nurse owner passenger
    patient physio pilot plumber porter receptionist rep reporter resident rider seller sister student supervisor
    supplier surgeon tailor teacher tech technician tenant therapist trainer tutor user vendor visitor wife witness
    """
)
"""What somebody is, before a name."""

NEVER = listed(
    """
    santa buddy born ssa a about account adidas again agent air airport aldi alexa all also am amazon amd america
    american amex an and
    android any apartment api app apple april are as ask asus at atm august aunt auto autumn avenue bank barclays
    beach because been before best black blue bluetooth bmw boss brand british bro bus business but by call can card
    case cash center centre chanel chase chat chatgpt chinese christmas chrome church citi city claim clinic code
    college com company contact corp cortana costco could county court covid credit crore customer cyclone dad data
    day days dear debit december deliver delivery dell dental department desk did diwali do dob docker does door
    down dr drive each east easter ebay eid else email english error etc even every excel face facebook fall father
    fax february fedex few file first floor for ford france french friday from game general german github gitlab
    gmail god gold good google got gran grandma grandpa great green group gucci guest guy had hague halifax
    halloween has have he head health hello help her here hey hi him his home honda hospital hotel hour house how
    hsbc hurricane id if in india inn instagram insurance intel interest into invoice ipad iphone is island it its
    january japan japanese java javascript jira july june just king know kong kubernetes lake lakh lakhs lane last
    later law lenovo let lidl life like line linkedin linux list live llc log long look love ltd mac macbook machine
    macos made mail main make mall mama man manager many march market mastercard may maybe me medical member men
    message microsoft mini mobile model mom monday money month monzo more morning most mother mum must my name nan
    nationwide need netflix never new news next night nike nissan no none north not note november now number nvidia
    october of office ok old on once one online only open openai or order other our out outlook over own page paid
    papa paper park part password pay payment paypal pdf person pharmacy phone photo pin place plan plane planet
    please plus point police policy post prada premium president prime print pro problem product public puma python
    queen question quick ramadan read ready red ref refund regards report request return revolut right river road
    room route run sale same samsung santander saturday save say school sea second see sell send september server
    service set she ship shop should show sign siri sis site skype slack sms so some son sony sorry south spanish
    special speed spring sql st start state station still stop store storm street stripe subject such suite summer
    sun sunday support sure sweet system table take talk target tax team teams tech tel telephone tell tesco tesla
    test text than thank thanks thanksgiving that the their them then there these they thing things think this those
    though thursday ticket time to today together told tomorrow tonight too top tornado total tower town toyota
    train trip true try tuesday turn tv twitter two type typhoon uber uk under union unit united up update upon us
    usa usb use user van venmo very via visa visit wait walk wall walmart want was water way we web wednesday week
    well were west what whatsapp when where which while white who why wifi will win window windows winter wire with
    woman word work world would year yes yesterday york you young your youtube zip zoom
    harvard stanford yale princeton fao ikea wi-fi netflix spotify evernote pinterest camry corolla lexus kia audi
    porsche dior rolex gillette oh ah wow hmm sorry nope yep yeah ok okay luv plz thx google hilton marriott hyatt
    lufthansa ryanair easyjet argos asda morrisons samsonite jira cloudflare iban bic swift goa hdmi xbox
    playstation nintendo roblox
    oi minecraft ubuntu debian excel outlook teams korea
    """
)
"""Words that cut a run of capital words: in no name."""

MAYBE = listed(
    """
    april august best black chase day dear ford gold green june king lane long love mac march mark may mercedes son van
    walk west white will young
    """
)
"""Words of `NEVER` that are a name's in good company."""

EAST = listed(
    """
    ahn ai an ao au ba baek bai bao bei bian biao bie bo bu bui cai cang cao cen cha chai chan chang chao che chen
    cheng cheung chew chi chia chiang chiu cho choi chong chou chow chu chua chuan chuang cong cui da dai dan dang dao
    deng di diao ding dong dongfang dou du duan fan fang fei feng foo fu fung gan gao ge geng goh gong gongsun gou gu
    guan guang gui guo hai han hao he heng ho hoang hong hou hsieh hsu hu hua huai huan huang huangfu huo huynh hwang
    jang ji jia jian jiang jiao jie jin jing jiu ju juan jung kang ke khoo kim koh kong kou kuai kuang kuo kwan kwok
    kwon kwong lai lam lan lang lao lau lee lei leng leung li lian liang liao lim lin ling linghu liu loh lok long lou
    lu luan luo lv ma mai mak mao mei meng mi miao min ming mo moon mou mu murong na nan neo ng ngo nguyen ni nian nie
    ning niu nong ong ooi ou ouyang pan pang park pei peng pham phan phua pi pian poon pu qi qian qiang qiao qin qing
    qiu qu quan que quek rao ren rong ru ruan rui seah sha shan shang shangguan shao shen sheng shi shin shou shu
    shuai shuang shui si sim sima situ siu song su sun suo szeto tam tan tang tao tay teh teng teo tian toh tong tran
    tsai tsang tse tsui tu tuo vo vu wan wang wee wei wen weng wo wong woo wu xi xia xiahou xian xiang xiao xie xin
    xing xiong xu xuan xue xun yan yang yao yap yau ye yeo yeung yi yim yin ying yip yong yoo yoon yu yuan yue yuen
    yun zan zang zeng zha zhai zhan zhang zhao zhen zheng zhi zhong zhou zhu zhuang zhuge zhuo zong zou zu zuo
    """
)
"""Surnames of China, Hong Kong, Taiwan, Singapore, Vietnam and Korea in Latin letters."""

HEADS = listed(
    """
    attn begunstigde best canon cc'ing chief elder emerita emeritus fo hirer per
    mon tue tues wed thu thur thurs fri sat
    """
)
"""What stands beside a name with a capital and is no part of it."""

FIRMS = frozenset(pair.replace("_", " ") for pair in listed(
    """
    abu_dhabi al_jazeera alfa_romeo aston_martin aunt_jemima austin_martin baden_baden ben_jerry ben_nevis
    betty_crocker big_ben bloody_mary blue_cross boston_dynamics burger_king calvin_klein carl_junior carl_zeiss
    charles_schwab christian_dior christian_louboutin costa_coffee costa_rica dairy_queen danish_krone darth_vader
    des_moines doc_martens donald_duck dow_jones dr_martens east_sussex el_paso elizabeth_arden ernst_young
    estee_lauder father_christmas franklin_templeton goldman_sachs green_cross harley_davidson harry_potter
    hello_kitty hong_kong hugo_boss inter_milan jack_daniel jack_daniels james_bond jesus_christ jimmy_choo
    jimmy_john jo_malone john_deere johnnie_walker johnson_johnson jp_morgan kate_spade ken_griffey key_west
    king_arthur king_george la_paz lady_gaga laura_ashley lloyds_banking los_angeles louis_vuitton marie_curie
    martin_luther mary_kay mary_poppins mercedes_benz merrill_lynch merry_christmas michael_kors mickey_mouse
    monte_carlo morgan_stanley mother_nature mother_teresa mount_everest new_jersey new_york oscar_mayer papa_john
    paul_smith peter_pan john_lewis erin_brockovich forrest_gump black_forest earl_grey cross_keys charing_cross
    jane_eyre moby_dick anna_karenina oliver_twist tom_sawyer prince_albert pro_max procter_gamble queen_elizabeth
    ralph_lauren real_madrid robin_hood rose_gold rolls_royce saint_louis san_antonio san_diego san_francisco
    san_jose santa_barbara santa_clara santa_claus santa_cruz santa_monica sherlock_holmes shirley_temple
    sierra_leone sierra_nevada sky_sports st_louis sydney_harbour tim_hortons tom_collins tom_ford tommy_hilfiger
    trader_joe uncle_ben uncle_sam vera_wang virgin_mary wells_fargo winnie_pooh yves_saint billy_elliot
    charlotte_tilbury comic_sans daniel_wellington david_copperfield don_juan don_quixote donna_karan dorian_gray
    eddie_bauer ethan_allen franklin_gothic gill_sans giorgio_armani granny_smith great_scott hannah_montana
    helly_hansen humpty_dumpty jim_beam jolly_roger karen_millen king_lear lady_macbeth liz_claiborne marks_spencer
    mary_celeste max_factor mona_lisa monty_python mrs_dalloway nancy_drew nina_ricci peter_rabbit pierre_cardin
    ray_ban red_stripe rip_curl robinson_crusoe rocky_road romeo_juliet ronald_mcdonald russell_hobbs smith_wesson
    stella_artois stella_mccartney sweeney_todd times_roman tom_yum tory_burch uncle_vanya vivienne_westwood
    willy_wonka dr_pepper dr_martens dr_martin dr_oetker dr_scholl dr_seuss dr_strange dr_who uncle_bens
    mister_whippy mr_whippy miss_marple madam_butterfly madame_butterfly lady_grey mr_porter mr_kipling miss_saigon
    annie_hall ferris_bueller harvey_nichols penny_black alice_springs saint_laurent temple_meads trevi_fountain
    velvet_teddy jerry_maguire mamma_mia addis_ababa maida_vale buenos_aires phnom_penh
    santo_domingo las_palmas san_marino nova_scotia
    sri_lanka port_louis san_salvador kuala_lumpur cape_verde
    """
))  # fmt: skip
"""Two words that begin a firm, a feast, a place or somebody in a book and look like a name."""

SHOPS = listed(
    """
    ada alexa arby armani bacardi barbie bentley bixby bosch cadbury cadillac cambridge campbell cartier chanel
    chelsea chrysler corona cortana denny dodge domino ducati dunkin dyson fanta fender ferrari garmin gibson gretel
    guinness hadoop heineken heinz hermes hershey jenkins jersey julia kafka kawasaki kellogg kohl lamborghini lay
    lego levi lincoln macy marshall marvel mattel maven mcdonald mercedes nando oxford paisley pascal philips pixar
    porsche quicken reese ruby sage sainsbury siemens siri smirnoff steinway stella suzuki tiffany travis valentino
    versace wendy yamaha asia astra bose costa hoover irish scorpio victorian yaris cemex echo everton
    hulu mclaren pandora erasmus turnitin vauxhall ryzen geforce peugeot renault skoda subaru mazda jeep nas
    """
)
"""Names that are a shop, a brand, a language or a place as often as a person."""
