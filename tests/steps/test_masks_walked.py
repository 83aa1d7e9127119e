"""Secrets that a sentence tells: what opens something, the words between, and the value; and what is none."""

from __future__ import annotations

import pytest

from .marked import hides_what_is_marked

FORMS = {
    "url_secret": """
        The code to the key box is ⟦4471⟧, blue door on the left.
        Let yourself in, the keypad is ⟦2580⟧ then the tick.
        Punch in ⟦7731⟧ on the keypad and wait for the beep.
        You'll need ⟦4482⟧ for the side gate.
        To get in, press ⟦4482#⟧ at the gate.
        Side gate: ring once, then ⟦8814#⟧, then push.
        Front door of the cottage: press the key symbol, then ⟦1986*⟧, turn left.
        To open the archive use ⟦Harvest-Moon-22⟧.
        To open the PDF, type ⟦Kestrel88⟧.
        The zip opens with ⟦Autumn-Leaf-9⟧.
        You can unzip it with ⟦lighthouse77⟧.
        Unlock the spreadsheet with ⟦Q3-budget-19⟧.
        The document is protected, use ⟦MapleSyrup4⟧ to open it.
        She said the password is ⟦bluetractor⟧ all lower case
        He told me the wifi password is ⟦greenkettle⟧, all one word
        password is ⟦sunnyporch⟧ no capitals
        the password's ⟦redwagon⟧ lowercase, no spaces
        password is ⟦Elephant⟧ with a capital E
        my password used to be ⟦daffodil7⟧ before you made me change it
        I forgot my PIN. It was ⟦4096⟧ last year.
        Lost the PIN for the SIM, it used to be ⟦7721⟧ I think.
        I never changed the PIN on my debit card. It's still ⟦3310⟧.
        The PIN you sent me by post was ⟦8842⟧ but the machine says no.
        My card PIN, which I set in the branch, is ⟦5590⟧.
        Her pin number is ⟦2207⟧ and she writes it on the card.
        i set my pin as ⟦7788⟧ yesterday and it still wont work
        Voicemail pin ⟦4 4 7 1⟧, just so you know.
        I keep typing ⟦Marigold88⟧ and it says wrong password.
        It doesn't accept ⟦Marigold88⟧ as my password.
        Tried logging in with ⟦Tulip2020!⟧ and got locked out.
        Username amara.k, password ⟦Lagos4ever⟧, please check.
        The temporary password I was given is ⟦Xy7kPq2m⟧.
        The password you sent, ⟦Kx82ab9z⟧, doesn't work.
        They gave me ⟦temp-9931-blue⟧ as a temporary password.
        reset it to ⟦Autumn#77⟧ for now, password I mean
        The text said ⟦448120⟧, is that the code you need?
        The code they texted me is ⟦448120⟧.
        The code I got by SMS was ⟦559 013⟧ and it expired.
        I got code ⟦731904⟧ by text but never asked to log in.
        The one-time code was ⟦604418⟧.
        ⟦604418⟧ is what the text says, is that the login code?
        Your Google verification code is ⟦G-448120⟧.
        WhatsApp code ⟦123-456⟧. Don't share this code with others
        Your code is ⟦883021⟧. It expires in 10 minutes.
        <#> Your ExampleApp code is ⟦40912⟧
        Use verification code ⟦771203⟧ to finish signing up.
        Enter ⟦771203⟧ to confirm the payment. Never share this code.
        Safe combination: ⟦12-34-05⟧, left first.
        The padlock on the shed is ⟦0417⟧.
        Bike lock is ⟦7 1 4 2⟧.
        Locker 14, combination ⟦36-12-24⟧.
        My suitcase lock is set to ⟦519⟧.
        Hotel safe: I set it to ⟦0917⟧ and now it won't open.
        the room safe i put in ⟦4455⟧ and it beeps three times
        Alarm ⟦4455⟧, then the green button, within 30 seconds.
        Burglar alarm off with ⟦9044⟧.
        Turn off the alarm with ⟦7130⟧ as soon as you come in.
        The alarm panel takes ⟦7130⟧.
        Dial ⟦2468⟧ on the intercom.
        gate code's ⟦1379#⟧
        Garage: ⟦60921⟧ and hold the star key.
        Staff door ⟦C2580⟧, please don't prop it open.
        Guest wifi: BlueFinch / password ⟦wren-otter-19⟧
        the wifi is cafe_guest and the password is ⟦latte2024⟧
        Wifi name Bluebell, key ⟦fernhill22⟧.
        Connect to Guest_5G, then enter ⟦pinecone41⟧.
        Network: HomeSix, pass: ⟦toast&jam12⟧
        Zoom passcode ⟦fern42⟧.
        Meeting passcode: ⟦882104⟧
        Webinar password ⟦orchid9⟧.
        Here's the API key you wanted: ⟦zk_9f8A7s6D5g4H3j2K1l⟧
        We rotated the key, the new one is ⟦pk9fA27sD5gH3jK1lQ⟧.
        The webhook secret was ⟦whs_81jdkf73hdk29sk⟧ until Friday.
        In the .env it says DB_PASS=⟦r0ses&thorns⟧
        ftp user backup, pw ⟦Frost!2291⟧
        the admin panel takes admin / ⟦changeMe2⟧
        Security question answer: ⟦Biscuit⟧
        The memorable word is ⟦harbour⟧.
        My secret answer was ⟦Blackpool⟧, first holiday.
        Telephone banking passcode ⟦903314⟧.
        CVV ⟦731⟧, expires 09/27.
        The three digits on the back are ⟦731⟧.
        security code ⟦731⟧ on the back of the card
        puk code is ⟦40128837⟧
        Recovery code ⟦9K2F-77QX-LM31⟧ please keep it.
        My backup code is ⟦5521 9034⟧.
        license key ⟦AB12C-DE34F-GH56J-KL78M⟧
        Gift card pin ⟦8841⟧
        The kid lock on the TV is ⟦0000⟧.
        parental control PIN ⟦9182⟧
        Child lock code ⟦2244⟧.
        Passcode for my old phone was ⟦142857⟧.
        the tablet unlocks with ⟦2580⟧
        Swipe and type ⟦9512⟧ to unlock the ipad.
        My phone's screen lock is ⟦770077⟧.
        door code hasn't changed, still ⟦4096X⟧
        So the door, that's ⟦C1945Z⟧, right?
        code for the bike room is ⟦3817⟧
        the keysafe by the bins is ⟦9024⟧
        Key is in the lockbox, ⟦0318⟧, left of the door.
        The courier asked for my delivery PIN, it is ⟦6617⟧.
        Tell the driver PIN ⟦6617⟧.
        Please error code 4096, product code 4417, post code 4000.
        The dress code is smart, area code 0161 and country code 0044.
        My order code is 771203 and the promo code is SAVE20.
        Discount code WELCOME10 does not work.
        Room 4471 has no keypad.
        Use 2 eggs to open the recipe, use 500 g.
        The alarm is at 0730, wake me.
        Alarm 6:30, meeting 0900.
        To open a ticket use form 4471.
        To open an account use your passport.
        To open it use scissors.
        To open the tin use the ring.
        I need 4482 for the parcel, that's the order number.
        password must be at least 12 characters
        Please enter 2 passwords
        The code in my account shows error 5003.
        The PIN on the form is 6 digits.
        Your code is valid for 10 minutes.
        The safe is 45 cm deep and weighs 4471 g.
        The door is 2100 mm high.
        Gate 14, door 3, row 22.
        Garage door, model 4471-B.
        Press 1 for English, then 3 for billing.
        He said the password is wrong.
        The password is case sensitive
        password is important
        The lock on the gate is broken.
        The log in page is slow
        Enter 100 to confirm the amount
        The text said 20 minutes.
        I got code 404 from the server.
        The server returned code 50301.
        The token is invalid.
        Unlock the bike with the app.
        Passport 512904773
        password reset link was sent on 12 June 2024
        Pin the message, 2024 was a good year.
        the pin badge costs 1200
        Safe delivery, order 88123
        小区门禁先按⟦1502#⟧再按⟦6629#⟧，快递柜在左边。
        门禁密码⟦6629⟧，进门右转。
        单元门先按井号再按⟦8023⟧。
        开锁密码临时给您设成⟦246810⟧，明早失效。
        开门密码帮您改成⟦135790⟧了。
        密码给你重新设了一个，⟦889900⟧。
        酒店房间保险箱我设的⟦0917⟧，现在打不开。
        保险柜我用的是⟦4417⟧，忘了改没改。
        手机锁屏是⟦147258⟧，屏幕碎了解不开。
        锁屏密码原来是⟦2580⟧，后来改了。
        接口返回 403，token 用的是 ⟦CPTYUNgaCFcSie9nqppihJytVMbErvxe⟧，是不是过期了？
        token 填的是⟦nHtRwQaZxEdCvFrTgByHnUjM⟧，还是不行。
        密钥写的⟦Qm3xVt8LpZ⟧，对吗
        密码现在还是默认的⟦admin888⟧，赶紧改
        初始密码统一是⟦Abc@2024⟧，首次登录要改。
        系统给我发的临时密码⟦Tm9x2kQa⟧登不上。
        我密码一直用⟦woaini520⟧，怎么会错？
        wifi密码贴墙上了，⟦88886666⟧
        wifi 名 LaoJia，密码 ⟦laojiamian66⟧，客人问就给。
        无线网 TP-LINK_8F2，密码⟦sunny2023⟧
        WiFi：XiaoWu，口令：⟦xw20201212⟧
        手机收到的验证码是⟦480127⟧，你填一下。
        验证码⟦480127⟧，五分钟内有效
        短信上写着⟦480127⟧，是这个验证码吗？
        【示例银行】您的动态码为⟦735510⟧，请勿告诉他人。
        刚收到一个码，⟦735510⟧，要报给你吗？验证码
        取款密码我写成⟦660812⟧，提示错误。
        银行卡密码是我生日后六位⟦880917⟧。
        支付密码被我老公改成了⟦520131⟧。
        支付密码我记得是⟦258369⟧啊
        交易密码⟦112358⟧输了三次锁了
        信用卡背面三位⟦417⟧
        CVV是⟦417⟧，有效期 09/27
        储物柜⟦1309⟧开
        更衣柜密码我设了⟦2468⟧，现在打不开
        行李箱密码锁⟦369⟧
        行李箱的密码是⟦807⟧，麻烦开箱查验。
        密码锁按⟦5566⟧再按确认
        大门密码锁：⟦*7788#⟧
        门锁按⟦#1212⟧就开
        车库门遥控密码⟦9090⟧
        压缩包解压用⟦Maple_77⟧
        文件打开要输⟦hetong2024⟧
        文档加密了，打开密码⟦Ht#2024⟧
        PDF 密码是身份证后六位，就是⟦12345X⟧
        会议密码⟦552013⟧，会议号 882 4410 331
        腾讯会议 入会密码：⟦9527⟧
        zoom 密码 ⟦fern42⟧
        后台账号 ops，密码 ⟦Ops!2291⟧
        账号 zhangsan 密码 ⟦zs123456⟧
        数据库 root ⟦MyRoot!99⟧ 连不上
        路由器后台是 admin/⟦admin1234⟧
        密保答案是⟦大黄⟧
        安全问题我填的⟦外婆家⟧，提示不对
        网盘提取码 ⟦x7k2⟧
        链接: https://pan.example/s/1abc 提取码: ⟦q8w3⟧
        恢复密钥 ⟦9K2F-77QX-LM31-PP02⟧
        激活码：⟦QWER1-TYU23-IOP45⟧
        取件码 ⟦839201⟧
        开柜密码⟦48211377⟧
        孩子的平板密码是⟦0808⟧，别让他知道
        电视童锁密码⟦0000⟧
        家里大门的密码没变，还是⟦198612⟧
        奶茶店 wifi 密码八位，⟦naicha88⟧
        管家把门锁密码换成⟦361202⟧了，原来的⟦258013⟧作废。
        密码是六位数字
        密码输错三次会锁定
        请输入6位密码
        密码有效期90天
        密码长度不少于8位
        保险箱高450毫米，重1200斤
        门禁卡丢了，补办 20 元
        门禁 2024 年换的
        锁屏时间设成 30 秒
        手机尾号 2290 收不到验证码
        验证码收不到，60秒后重发
        先按1再按2，然后按#号键
        房间1502的空调坏了
        门牌号 1502，楼栋 8
        会议号 882 4410 331
        订单密码错误，订单号 20240912
        优惠码 SAVE20 用不了
        邮编 310000，区号 0571
        型号 X-500，保险柜 45 公斤
        保险箱 800 元一个
        单元门 3 单元 502
        My visa share code is ⟦W7K R2P 9XN⟧, valid for 90 days.
        Right to work share code: ⟦WLJ 4XB 8TP⟧
        CUST: it's Quentin, with a Q. AGT: and your phone password? CUST: ⟦badger seventeen⟧
        AGT: I've sent a code to your mobile. CUST: right, ⟦five five oh two one nine⟧.
        AGENT: can you read me the code? CUSTOMER: ⟦448120⟧
        Agent: what's the memorable word? Caller: ⟦marmalade⟧
        Q: what is the door code? A: ⟦4471#⟧
        - What's the wifi password? - ⟦tulip2024⟧
        A: password? B: ⟦hunter2x⟧
        "And the PIN?" "⟦4096⟧," she said.
        Agent: can you confirm your telephone banking password please? Customer: yeah it's ⟦silver lantern⟧
        code is ⟦four four seven one⟧ then hash
        the gate code is ⟦nine oh two four⟧
        my pin's ⟦double two oh seven⟧
        the alarm is ⟦one nine three six⟧
        Gift card code ⟦XKQ7-29MD-PL4T⟧, scratch off done.
        Redeem code: ⟦9F2K-LMQ8-77TX⟧
        Your voucher PIN is ⟦48213377⟧.
        Steam key ⟦AB3CD-E5FGH-7JKLM⟧
        Windows product key: ⟦VK7JG-NPHTM-C97JM-9MPGT-3V66T⟧
        Invite code for the server ⟦hX9kQ2v⟧
        The secret answer is ⟦Aunt Petunia⟧.
        Answer to my security question: ⟦Rover the second⟧
        What was your first pet? ⟦Biscuit⟧
        Mother's maiden name (security): ⟦Kowalczyk⟧
        Cookie: sessionid=⟦9f8a7s6d5f4g3h2j1k0l⟧; path=/
        set-cookie: JSESSIONID=⟦A1B2C3D4E5F60718293A⟧
        curl -H "Authorization: Bearer ⟦abc123DEF456ghi789⟧" https://api.example
        -H 'X-Api-Key: ⟦k9f2h4j6l8z0x1c3v5b7⟧'
        postgres://app:⟦s3cr3tP4ss⟧@db.example:5432/shop
        redis://:⟦Zx9!pass⟧@cache.example:6379
        https://example.com/reset?token=⟦a8f7e6d5c4b3a2918273⟧
        https://app.example/magic/⟦9dKx72LmQp04TzWv⟧
        client_secret: ⟦9dKx72LmQp04TzWv⟧
        AWS_SECRET_ACCESS_KEY=⟦wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY⟧
        smtp user mailer pass ⟦kiwi-42-lane⟧
        The router sticker says key ⟦7XQ2M9PLKD⟧.
        SSID Maple_House PW ⟦autumnleaf19⟧
        sign in with the temporary password ⟦Spring-2291-x⟧
        your one time passcode: ⟦559013⟧
        Do not share this OTP ⟦4821⟧ with anyone.
        TAN ⟦883021⟧ for the transfer
        The escrow release code is ⟦77-41-90⟧.
        key box ⟦0318⟧ by the meter
        Entry code ⟦C2580Y⟧
        The barrier opens with ⟦77310⟧.
        code to get into the bike shed ⟦8841⟧
        the spare key is in the lockbox, combination ⟦7-2-9-4⟧
        the gym locker is ⟦22-08-36⟧
        his ipad passcode ⟦112358⟧
        master password for Bitwarden: ⟦correct-horse-battery⟧
        the phrase is "⟦purple monkey dishwasher⟧", that's the password
        safe word is ⟦pineapple⟧.
        my passphrase is ⟦velvet otter umbrella⟧
        share code is valid for 90 days
        your promo code is SUMMER20 at checkout
        the referral programme has a code of conduct
        AGT: can you give me the order code? CUST: 448120
        AGT: what is your postcode? CUST: GU12 4NN
        AGT: and the password? CUST: I don't remember it
        Agent: password? Customer: what password
        Q: forgot password? A: click the link
        - wifi password? - no idea
        What was your first pet?
        the code is five pounds off
        the alarm is one of two
        推荐人管彤，内推码⟦NT7K2QX⟧，麻烦别泄露
        密码提示问题答案是⟦糖醋排骨⟧，帮我改成别的
        CDK兑换码⟦QW7Z-88KD-M3PX⟧发你了，别发群里
        保险柜密码⟦左三右二左七⟧，别记在本子上
        客服：请报一下短信验证码。客户：⟦480127⟧
        客服：您的电话密码是？客户：⟦蓝色小火车⟧
        甲：wifi密码多少？乙：⟦88886666⟧
        问：门禁密码？答：⟦6629⟧
        验证码是⟦四八零一二七⟧
        礼品卡卡密⟦XKQ7-29MD-PL4T⟧
        邀请码：⟦hX9kQ2v⟧
        会员激活码 ⟦9F2K-LMQ8-77TX⟧
        游戏CDKEY：⟦AB3CD-E5FGH-7JKLM⟧
        授权码⟦qwertyuiopasdfgh⟧是邮箱SMTP的
        QQ邮箱授权码是⟦xkqmwzplbnvtrhdg⟧
        密保问题“小学班主任”，答案⟦冯老虎⟧
        密保答案：⟦我家大黄⟧
        找回密码的答案填⟦1998年夏天⟧
        智能锁临时密码 ⟦73920516#⟧ 有效到今晚
        门锁临时码⟦739205⟧
        电表箱钥匙盒密码⟦0318⟧
        密码盒⟦2580⟧
        行李箱⟦0-0-7⟧
        车机PIN⟦1357⟧
        手机解锁图案是Z字形
        监控摄像头密码⟦Cam#2024⟧
        NAS地址192.168.31.205，用户名admin密码⟦Nas#2020home⟧，被黑得不冤
        服务器 root/⟦Qw!29sk#⟧
        跳板机账号 dev 密码 ⟦jump@2023⟧
        ssh密钥口令 ⟦blue-whale-77⟧
        AppSecret：⟦9dKx72LmQp04TzWv9dKx72LmQp04TzWv⟧
        access_token=⟦9dKx72LmQp04TzWv⟧
        小程序密钥⟦3f2b8c1e77aa4d0b9c3152e1f0a9d7b4⟧
        U盾密码⟦482910⟧忘了
        社保卡密码初始⟦123456⟧
        医保电子凭证密码我设的是⟦990214⟧
        电子锁开门码⟦5180#⟧
        快递柜取件码⟦482913⟧
        取件码7-3-4418，帮我去菜鸟拿一下
        兑换码在短信里
        邀请码怎么填
        优惠码 SAVE20
        内推码已过期
        客服：密码多少？客户：忘了
        问：密码多少位？答：六位
        密保答案不对
        授权码失效了
    """,
}


@pytest.mark.parametrize("mask", FORMS)
def test_what_is_marked_is_hidden_and_nothing_else(mask: str) -> None:
    hides_what_is_marked(mask, FORMS[mask])
