"""Details of forms that only what announces them tells: numbers of persons, plates, lines, births, addresses."""

from __future__ import annotations

import pytest

from .marked import hides_what_is_marked

FORMS = {
    "national_id": """
        DOB 1991-08-23, ID ⟦91082344711⟧, name Wojciech Maj. Please update my profile.
        Here's the tax id you asked for, ⟦20 053 814 671⟧. Name is Heike Sonnenfeld.
        Consignee: Oleksandr Bondar, tax number ⟦2093324863⟧, vul. Saksahanskoho 41.
        My Kazakh IIN is ⟦680808392064⟧.
        For customs: Tamar Ben-David, ID ⟦007972797⟧, goods worth 90 dollars, gift.
        Georgian personal number ⟦01024056789⟧, card attached.
        my Pakistani CNIC: ⟦35202-1234567-1⟧
        CNIC no ⟦3520212345671⟧ of the sender
        NID ⟦1990123456789⟧ (Bangladesh)
        Ghana Card ⟦GHA-712345678-1⟧
        Uganda NIN ⟦CM90012345ABCD⟧
        Zimbabwean ID ⟦63-1234567A42⟧
        Zambian NRC ⟦123456/10/1⟧
        Omang ⟦123416789⟧ from Gaborone
        Moroccan CIN ⟦BE123456⟧
        Kuwait civil ID ⟦290010112345⟧
        QID ⟦28963412345⟧ attached
        Bahraini CPR ⟦900112345⟧
        کد ملی ⟦0013542419⟧
        Uruguayan cédula ⟦1.234.567-2⟧
        CI ⟦4.567.890-1⟧, Montevideo
        Costa Rican cédula ⟦1-0234-0567⟧
        DPI ⟦2345 12345 0101⟧ de Guatemala
        DUI ⟦01234567-8⟧
        Dominican cédula ⟦001-1234567-8⟧
        kennitala ⟦120174-3399⟧
        isikukood ⟦37605030299⟧
        personas kods ⟦010190-11234⟧
        asmens kodas ⟦38001010012⟧
        OIB ⟦12345678903⟧
        JMBG ⟦0101990710008⟧
        EMŠO ⟦0101990500003⟧
        adóazonosító ⟦8123456789⟧, TAJ ⟦123 456 788⟧
        Maltese ID ⟦0123456M⟧
        matricule ⟦1990 0101 123 45⟧ Luxembourg
        IDNP ⟦2001004123456⟧
        Her Armenian social card number is ⟦1234567890⟧.
        Uzbek PINFL ⟦31204850123456⟧
        my Estonian id code is ⟦37605030299⟧
        Finnish social security number ⟦131052-308T⟧
        Employee: Anna Nowak, PESEL number on the contract ⟦44051401458⟧.
        ID number ⟦8001015009087⟧ for RICA
        the ID on the form should read ⟦8001015009087⟧
        Turkish ID number: ⟦10000000146⟧
        Customer's identity no. ⟦10000000146⟧, Ankara branch.
        Mexican CURP ⟦MOSL941009MVZZNL08⟧
        INE clave ⟦GMVLMR80070501M100⟧
        Driver's license ⟦D1234567⟧ (CA)
        Driving licence number ⟦MORGA657054SM9IJ⟧
        tax file number is ⟦123 456 782⟧
        National Insurance no: ⟦QQ 12 34 56 C⟧
        我的哈萨克斯坦身份号是⟦680808392064⟧
        他持格鲁吉亚身份证，号码 ⟦01024056789⟧
        俄罗斯税号 ⟦500100732259⟧
        波兰的 PESEL 写⟦44051401458⟧
        澳门身份证 ⟦1234567(8)⟧
        台湾健保卡号 ⟦000012345678⟧
        日本个人编号 ⟦1234 5678 9018⟧
        泰国身份证⟦1-8942-99597-64-9⟧
        马来西亚身份证⟦900101-14-5678⟧
        越南公民证⟦001090012345⟧
        新加坡 FIN ⟦G1234567X⟧
        印度 Aadhaar ⟦2345 6789 0124⟧
        韩国外国人登录证⟦900101-5234567⟧
        The order ID 91082344710 is wrong.
        Zoom ID 882 4410 3317.
        user ID 20881234
        Session ID 8123456789
        Apple ID 12345678
        Your transaction ID 8123456789
        Company VAT number 123456789
        meeting ID: 812 3456 7890
        Employee ID 100200300
        Student ID 20231234
        Company tax number 12345
        Reference 91082344711
        AWS account 123456789012
        Georgian wine 2019, 12345678 bottles
        GHA-12 is a code
        Ghana cards cost 12 dollars
    """,
    "plate": """
        Fleet list: ⟦GJ-778-KL⟧, ⟦EX-204-MM⟧. Second one goes back on Monday.
        He hit us and drove off. I only got part of it, but Andreas wrote it down: ⟦M-AX 9081⟧.
        The blue Fiat, ⟦AB-123-CD⟧, was parked across two bays.
        hire cars: ⟦LR21 KXP⟧ and ⟦KN70 VDE⟧
        Number plate is ⟦LR21KXP⟧.
        my rego is ⟦1ABC234⟧ (Vic)
        his car reg ⟦BD51 SMR⟧, silver Golf
        The courier's bike ⟦KA 05 HB 4521⟧ hit my gate.
        Vehicle: white Sprinter ⟦B-KR 4410⟧
        Licence plate ⟦7XKR204⟧, California
        Toll charged for ⟦GXD 1429⟧ but I sold that car.
        Parking permit for ⟦EK19 OWT⟧ please.
        The taxi was ⟦SKP4821M⟧.
        Please move ⟦WX67 FGH⟧, it blocks the ambulance bay.
        The truck ⟦ABC-1234⟧ was seen leaving at noon.
        Matrícula ⟦4821 KLM⟧
        plate no. ⟦HR-26-DK-8337⟧
        The new plate is ⟦EA123BC⟧ and the old ⟦CD456EF⟧.
        a grey Opel with ⟦HH-TK 1043⟧ took the mirror off
        I am claiming, my claim number is CLM-88120.
        Booking reference QX7L2P, two adults, Lisbon to Oslo on 14 June.
        The SKU is LMP-2204-BRS and the box says LMP-2204-BLK.
        Box says LMP-2204-BLK.
        Flight LH 2204 to Munich
        PNR K7QXLP for the traveller
        Model MX-5 2019, parked outside
        The car is a BMW X5 2020
        Gate B12, car park 3
        Booking AB12 CDE on hold
        Car hire booking HX7K2P, pick-up at noon
        the car part is BKR-5510-E
        invoice INV-20412 for the van
        Locator QX7L2P, rental car included
        Voucher CAR-2210-UK for parking
        Ref KL-4410-B, vehicle inspection.
        seat 14C on the coach
    """,
    "phone": """
        Phone at the workshop: ⟦01 44 52 80 19⟧. Mobile: ⟦06 39 98 12 40⟧.
        Rohit: ⟦98201 55043⟧. Kavya: ⟦99305 21876⟧. Either can sign.
        Meena ⟦98450 11223⟧, call after six.
        Tel. ⟦030 23125 77⟧
        Landline ⟦0221 / 47 11 08⟧, mobile ⟦0171 / 234 56 78⟧
        Ufficio ⟦06 6982 3345⟧
        Bureau : ⟦04 72 11 20 30⟧
        Phone ⟦03-5843-2301⟧ (Tokyo)
        Home ⟦02-2511-0987⟧
        Contact number ⟦021 555 0192⟧
        Fixed line ⟦91 523 44 18⟧
        Call ⟦617-555-0132⟧
        landline number is ⟦0161 496 0712⟧
        the number's ⟦555-0132⟧
        Wohnung ⟦089 1234567⟧
        Reception: ⟦+33 1 44 52 80 19⟧
        Anna ⟦07700 900123⟧, Ben ⟦07700 900456⟧
        Zoom for the review: meeting 882 4410 3317, passcode fern42.
        Ticket number 999-2287104418
        e-ticket 220-2287104418
        Order 01 44 52 80 19 is no phone
        Coordinates 51.5074, 0.1278
        Meeting 882 4410 3317
        lottery numbers 01 14 22 30 41
        sizes 36 38 40 42 44
        Flight ticket 781-2410993312, seat 14C
        webinar 845 2210 9917 starts at nine
        会议 845 2210 9917 开始
        座机⟦0571-8822 1143⟧
        家里电话是⟦88221143⟧
        公司前台⟦021-5566 7788⟧
        固话：⟦0755-2688 1001⟧
        传真 ⟦025-8472 6610⟧
        票号 999-2287104418，里程补登
        电子客票号 781-2410993312
        区号 0571
        热线 400-820-8820
        Regards, Lettings, ⟦(0)20 7946 0355⟧
        that is zero eight hundred five five five one one one for the switchboard
    """,
    "date_of_birth": """
        您母亲莫秀英，⟦1949.10.02⟧，符合免费体检条件。
        台灣會員蔡宜庭，生日⟦民國 79 年 5 月 3 日⟧，想補發卡片。
        保险公司说我的出生日期是⟦1970/02/03⟧，其实是⟦三月二号⟧，日月写反了。
        出生⟦民國 68 年 11 月 2 日⟧
        ⟦民國79年5月3日⟧出生
        父亲赵德明，⟦1952年3月⟧生。
        外婆⟦1938年腊月⟧生的
        患者张玲，女，⟦1986-02-14⟧，门诊号 20391。
        您爱人王芳，⟦1980.5.6⟧，符合参保条件。
        您父亲孙国强，⟦1950年6月1日⟧，可以办老年卡。
        孩子叫米粒，⟦2021年8月3日⟧生。
        宝宝⟦2023/11/05⟧出生，三斤八两
        我⟦90年3月5号⟧的，属马
        身份证上写⟦1988年8月8日⟧，实际生日是⟦8月18日⟧。
        她⟦1995-06-07⟧生人。
        生日那天是⟦12月25⟧
        出生年月：⟦1979.03⟧
        年龄不对，我是⟦1979年3月⟧的
        Born ⟦14 March 1962⟧ in Leeds
        DOB ⟦14/03/62⟧
        d.o.b. ⟦14.3.1962⟧
        Date of birth the ⟦14th of March 1962⟧
        my birthday is ⟦March 14th⟧
        He was born on ⟦3.4.1988⟧ not ⟦4.3.1988⟧.
        Patient: Ola Nordmann, ⟦03.04.1956⟧, ward 7
        Child Leo Park, ⟦2019-05-02⟧, allergic to nuts.
        Your mother Joan Pike, ⟦2 October 1949⟧, qualifies for a free check.
        born in ⟦May 1990⟧
        baby arrived ⟦2 Feb 2024⟧, 3.2 kg
        her DOB reads ⟦02-11-1990⟧ on the file
        and the birth date uh the ⟦fourth of july nineteen eighty two⟧
        Meeting on 14 March 2024
        Invoice dated 02/11/2023
        Passport expires 02-11-2030
        Admitted 1949.10.02
        母亲节 2024.05.12 打折
        您母亲的订单 2024.05.12 已发货
        您父亲2024年6月1日入院
        老人卡 2024-05-01 起可办
    """,
    "postal_address": """
        Customer lives in ⟦Calea Victoriei 155, bl. D1, sc. 2, ap. 41, București⟧ and wants delivery after 5.
        I live at ⟦Av. Providencia 1650, depto 904, Santiago⟧.
        Consignee at ⟦vul. Saksahanskoho 41, kv. 12, Kyiv 01033⟧.
        New: ⟦Schillerstr. 9, 04109 Leipzig⟧. Old: ⟦Karl-Liebknecht-Str. 52, 04275 Leipzig⟧.
        Inspection at ⟦House 9, Road 27, Dhanmondi, Dhaka 1209⟧, Tuesday 4 pm.
        送到⟦新加坡大巴窑 4 巷 62 座 #14-208，邮区 310062⟧，黄丽萍。
        地址⟦東京都豊島区池袋 3-17-8 メゾン池袋 405⟧。
        Send it to ⟦Bağdat Caddesi No: 214/7, Kadıköy, 34728 İstanbul⟧.
        ⟦lot 14, Jalan Ampang Hilir, 55000 Kuala Lumpur⟧, IC 640218-14-5532.
        Home tuition at ⟦63 Fernbank Road, Ascot SL5 8JR⟧, Wednesdays, ask for Persis.
    """,
    "passport": """
        The airline wrote my passport as ⟦FN449201⟧ but it is ⟦FN442901⟧.
        签约时请带护照，Olga Ivanova的是⟦75 4417208⟧，俄文名也要
        guest register, booking AB1234567
    """,
}


@pytest.mark.parametrize("mask", FORMS)
def test_what_is_marked_is_hidden_and_nothing_else(mask: str) -> None:
    hides_what_is_marked(mask, FORMS[mask])
