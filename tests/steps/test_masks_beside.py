"""Details that nothing names: what they look like and what they stand beside tells what they are."""

from __future__ import annotations

import pytest

from .marked import hides_what_is_marked

LINES = {
    "url_secret": """
        The code for the staff washroom is ⟦3141⟧, hash included?
        Side gate: ⟦C1928X⟧.
        The garage keypad takes ⟦90210#⟧.
        Her manager override is ⟦9014⟧.
        The key code has been changed to ⟦60606⟧.
        The 6 digits came, I typed ⟦771204⟧ and nothing happened.
        Lift needs the fob or code ⟦3390⟧.
        Redeem ⟦XK4P-99QT-2LMN⟧ before Sunday.
        Gift card number ⟦6006 4912 3345 8871⟧, thanks
        unzip with ⟦sunny-river-42⟧
        I reset it to ⟦Welcome1!⟧ for you.
        The passphrase to collect the parcel is ⟦green tractor⟧.
        My password was ⟦marmalade⟧ and she typed it in.
        Use ⟦Bluebell77⟧ to get into the portal.
        Security word on the account is ⟦gooseberry⟧, she said.
        倉庫大門密碼轉咗做⟦7702*⟧，通知夜更。
        智能櫃取件碼⟦384 917⟧，48小時內攞。
        单元门⟦#2580#⟧
        客服让我报验证码，我报了⟦771882⟧
        密碼提示我寫「外婆家的狗」，答案是⟦來福仔⟧。
        Remote session ID 512 884 207, code ⟦9941⟧, please connect.
        Safe in room 118: the guest chose ⟦7316⟧ as code and forgot it.
        The bot gives ⟦HR-9f2b71aa03c4⟧ as the API key.
        Reset code for the app is ⟦448 027⟧, valid ten minutes.
        Confirm with the words ⟦otter maple seven⟧ when the courier calls.
        the password is ⟦capital t trombone dash fourteen⟧ and you log in
        SNMP community string is ⟦blr-ro-7781⟧
        密码是⟦大写的K小写的t然后八八二零⟧，别记错了
        保险箱密码先左三圈再到⟦47-12-80⟧，别告诉人
        lockbox code ⟦3096⟧, wifi ⟦GuestHouse-2b7⟧, host inside
        second staircase, code to door ⟦14K3907⟧.
        骗子让我报验证码，我就说了⟦604 917⟧，钱就没了
        门禁码⟦0903*⟧，外卖柜码⟦71846⟧
        那个验证码嘛⟦三八五零一九⟧我念给他了
        放前台，签收码报⟦8026⟧
        the security word on the account is ⟦marmalade⟧ she said
        The TOEFL code for the school is 7431.
        Use code SPRING24 for fifteen per cent off.
        The transfer came back with code AC04.
        The code for the colour is 4471 in the catalogue.
        Gate 14 opens at 18:05.
        The alarm is 1945 euros.
        Order 44711290 for the garage door.
        I reset it to version 12.
        密码错误2次后锁定。
        12号柜还空着
    """,
    "date_of_birth": """
        Esperanza Cuevas | F | ⟦1976.08.19⟧ | 2 dependents
        Carmen Yip, F, ⟦08-JUN-1994⟧; Dickson Yip, M, ⟦21-OCT-1992⟧.
        Birth date mismatch: plan has ⟦10/10/1968⟧, we have ⟦10/01/1968⟧.
        He turned 65, ⟦Nov. 30, 1960⟧, so coordinate.
        To verify: Hannah Kessler, ⟦03/03/1981⟧, postcode
        Applicant: Paolo Ricci; ⟦08.05.1967⟧; Italian
        乘机人：李想，护照号，⟦1999.10.10⟧
        BB⟦2023年12月25號⟧出世，侍產假點計？
        Baby Tane arrived ⟦16 July 2025⟧, all well.
        客户资料：年小小，⟦2000-02-29⟧，女。
        Peter Miller, visited 03/03/1981, paid
        Treaty signed by Paul Martin, 12/05/1996, in Rome
        DOB on file; order of 12/05/2019 and 13/05/2019
    """,
    "phone": """
        Vivian Mok | DID ⟦3628 1140⟧ | desk
        Use the mobile of Suki, ⟦9455-7013⟧.
        我個電話係⟦六二一四零九五五⟧你叫司機打俾我
        My new number - ⟦0400123456⟧ - same as ever.
        Row 15: Ong Kah Leng,S7412403H,⟦9127 4486⟧,active
        my girlfriend's number she handles this ⟦2 0 6 7 9 1 4 4 0 8⟧
        Your case number is 2024-0993817, please keep it.
        Customs hotline is 182 8080.
        For lost Octopus cards call 2266 2222.
        查詢請致電海關熱線182 8080。
        Parcel JD0002 1123 4459 8871 is out for delivery.
        The helpline 1300 555 727 is always busy.
    """,
    "bank_card": """
        条形码6921168509256扫不出来
        card ⟦5555 5555 5555 4444⟧
    """,
    "plate": """
        The forklift can't get past ⟦TN 4471⟧.
        the tail lift on ⟦WX 9020⟧ is stuck halfway.
        Plate of the trailer: ⟦10472T⟧. Tractor: ⟦SE 5586⟧.
        落雨路滑，⟦PK 2970⟧喺觀塘繞道撞欄，人冇事。
        ⟦AB 12⟧呢個靚牌泊喺我哋裝卸區成朝。
        my car ⟦kx19zte⟧ was in bay 4 again
        Two coaches from Spain: ⟦4471 LBV⟧ and ⟦8820 KTR⟧, parking.
        Fleet import: ⟦1TQ-7KD⟧, Hilux
        The guest parked on the lawn: ⟦GA 881 WT⟧.
        使館車牌⟦使224·018⟧請放行
        Rental car number is ⟦品川 302 さ 48-17⟧, small scratch
        Plate ⟦12가 3456⟧ is what the ticket says, our van is ⟦73허 8814⟧.
        silver Camry ⟦T784212C⟧
        The guy with moto ⟦PXG 2C71⟧ broke our gate.
        my license plate is ⟦7 hotel bravo 482⟧ california
        the plate is ⟦k as in kilo r z five five one⟧ georgia
        Colorado plate ⟦BRN-Q47⟧.
        Model NX 7718 is out of stock.
        Flight CX 4471 was late.
        PO 4471 by van
    """,
    "passport": """
        New passport issued: ⟦AN704418⟧, Canadian
    """,
    "national_id": """
        Driving licence on the claim: ⟦HUGHE802195GR9AX⟧.
        eKYC failed, number ⟦282668592117⟧, name as per card
        ID scan: Personalausweis ⟦CXF4MPX2F9⟧, blurred.
        individual number: ⟦849701276200⟧ (given)
        CNH ⟦40469215879⟧, wait
        Driver license presented: Ohio ⟦TK482917⟧, matched
        The locum's UTR is ⟦8284610937⟧ and she invoices.
        Health card ⟦1234-567-890-AB⟧, Ontario
    """,
    "mac": """
        资产表：T14,⟦8C8CAA51E7D0⟧,三楼
    """,
}


@pytest.mark.parametrize("mask", LINES)
def test_a_detail_is_hidden_by_what_it_stands_beside_and_what_is_written_alike_stays(mask: str) -> None:
    hides_what_is_marked(mask, LINES[mask])
