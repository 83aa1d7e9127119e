"""Generic sentences that fix the activation ranges of an int8 graph; written for it, so no user data is needed."""

from __future__ import annotations

__all__ = ["SENTENCES"]

_ENGLISH = """
Hello
Thanks, that solved it.
ok
Where is my parcel?
I ordered two pairs of shoes last week and only one of them has arrived so far.
My card was declined at the supermarket although there is enough money on the account.
Can I change the delivery address after the order has been sent?
The app crashes every time I open the settings page on my old phone.
Please cancel my subscription before the next billing date, I no longer use it.
What is the exchange rate you apply when I pay in euros?
Someone took 35.90 from my account and I do not recognise the merchant at all!
How long does a bank transfer to another country usually take?
I forgot my password and the reset link never reaches my inbox.
Could you send me the invoice for March as a PDF, please?
The new update is fantastic, everything feels so much faster than before.
Terrible service: I waited forty minutes on the phone and then the line went dead.
Is there a fee for taking out cash abroad?
The waiter was friendly, but the soup was cold and far too salty.
This is, without doubt, the best film I have seen this year.
A slow, confused story that wastes two very good actors.
Not bad for the price, though the battery hardly lasts a day.
The train to the north leaves from platform nine at a quarter past six.
Scientists have found water ice in a crater near the pole of the moon.
Shares fell by 3.4 percent after the company cut its forecast for the year.
The council voted against the plan to build a new stadium beside the river.
Boil the potatoes for twenty minutes, drain them, and mash them with butter and warm milk.
How do I add a second user to our team plan?
I would like to speak to a human being, not a robot.
Which documents do you need to verify my identity?
Your website says the item is in stock, but the shop told me it was sold out in May.
The screen is cracked and the left speaker does not work; I want a refund or a replacement.
Why was I charged twice for the same ride yesterday evening?
My flight was cancelled because of the storm. Am I entitled to compensation?
We are looking for a quiet hotel near the old town with parking for two cars.
The room smelled of smoke, the shower leaked, and breakfast ended at eight.
Great location, spotless rooms, and the staff even remembered our names.
Do you ship to islands, and what does it cost?
I can't log in: it says "invalid token (code 4012)".
Error 500 when uploading a file larger than 20 MB through the API.
SELECT name, price FROM products WHERE stock > 0 ORDER BY price DESC;
Please find attached the signed contract and the list of open questions for our meeting on Tuesday.
The patient reports a mild headache and a dry cough since last Friday, without fever.
Take one tablet twice a day after meals for no longer than ten days.
Who was the first person to sail around the world alone?
What time is it in Singapore right now?
Set an alarm for half past five tomorrow morning.
Play something calm and turn the lights down.
Remind me to call the dentist when I get home.
Add milk, eggs and two loaves of bread to my shopping list.
Will it rain in Lisbon this weekend, or can we plan the picnic?
How many calories are there in a banana?
Translate "good evening" into Japanese.
My top-up has been pending for three hours now.
The cash machine swallowed my card; what should I do?
Can my daughter, who is fifteen, open an account?
I received a message asking for my PIN. Is this really from you?
When will the money from my returned jacket be back on my card?
Your courier left the package in the rain and the books inside are ruined.
It works.
No.
Absolutely love it!!!
meh, 2/5
pls help asap, cant pay my rent bc ur system is down
hi there i was wondering if u guys can waive the late fee just this once
WHY IS NOBODY ANSWERING MY EMAILS???
Teh oder nubmer is 88-1203-X, i think i typd the adress wrong
The quick brown fox jumps over the lazy dog.
It was the longest winter anyone in the village could remember, and the stores of grain were almost gone by February.
Although the committee had met eleven times, it had not yet agreed on what "sustainable" should mean in the report.
She closed the door quietly, put the letter on the table, and never spoke of it again.
In 1998 the museum bought the painting for 1.2 million; today it is worth ten times as much.
It recommends, first, that schools open earlier, second, that buses run until midnight, and third, cheaper fares.
Interest is calculated daily and credited on the last working day of each month.
The policy covers theft and fire but not damage caused by floods, war or wear and tear.
If the customer does not respond within fourteen days, the case is closed automatically and a notice is sent by post.
Photosynthesis turns light, water and carbon dioxide into sugar and oxygen.
The derivative of a constant is zero.
Parallel lines never meet in Euclidean geometry.
A neural network is trained by following the gradient of its loss.
Our team won the match in extra time after being two goals behind at half-time.
The striker has signed a four-year contract with the club from Turin.
The government announced a tax on sugary drinks starting in January.
Voters in three provinces go to the polls on Sunday.
The orchestra will play two symphonies and a cello concerto.
The garden is at its best in early June, when the roses are in bloom.
Turn left at the church, then take the second street on the right.
Mind the gap between the train and the platform.
No dogs allowed.
For sale: bicycle, blue, hardly used, 120 or best offer.
We regret to inform you that your application was not successful.
Congratulations on your new job!
I am so sorry for your loss.
Let's meet at noon in front of the library and walk to the lake from there.
Is the warranty still valid if I bought the washing machine second-hand?
The zip broke after a week, the seller refuses to answer, and I am thinking of going to court.
Colour is nothing like the photo; more brown than red.
Fits perfectly, soft fabric, would buy again in another colour.
My kids adore this puzzle, although two pieces were missing.
The instructions are only in German and the screws do not fit the holes.
Fast delivery. Item as described. A+++
Can you activate my new card? The last four digits are 7731.
I moved house last month. Where do I update my details?
Is it possible to get a virtual card just for online shopping?
Why has the price of my plan gone up without notice?
I'd like to upgrade to the family plan but keep my current number.
The data on my phone runs out within a week even though I hardly use it.
There is no signal in the whole street since the thunderstorm.
Please block my SIM, my phone was stolen on the metro an hour ago.
How can I export all my data and delete my account for good?
What happens to my points if I leave the programme?
The interpreter was late, the microphone failed twice, and still the audience stayed until the end.
Tell me a joke about cats.
What's the meaning of life?
Dear Sir or Madam, I am writing to complain about the noise from the building site next door, from five on.
http://www.example.org/help?id=42&lang=en
user_name@example.com
+44 20 7946 0000
{"status": "failed", "retry": 3}
3.14159 2.71828 1.41421
;-) lol
???
a
x = f(x) + 1
The the the the the the
Supercalifragilisticexpialidocious antidisestablishmentarianism
Bonjour, où est la gare ?
Der Zug fährt um acht Uhr ab.
¿Cuánto cuesta este billete?
Ich möchte mein Geld zurück, bitte.
O pedido chegou com atraso e sem nota fiscal.
Спасибо за помощь
"""

_CHINESE = """
你好
谢谢，问题已经解决了。
好的
我的快递到哪里了？
我上周下单买了两双鞋，到现在只收到一双。
卡里明明有钱，为什么在超市付款被拒？
订单发出以后还能改收货地址吗？
每次打开设置页面，应用就闪退，手机是旧款。
请在下个扣款日之前取消我的会员，我已经不用了。
用欧元付款时，你们按什么汇率结算？
有人从我的账户扣了三十五块九，我根本不认识这个商家！
转账到国外一般要几天？
密码忘了，重置邮件一直收不到。
麻烦把三月份的发票发给我，要电子版。
新版本太棒了，感觉快了很多。
服务太差了，电话等了四十分钟，最后还断线。
在国外取现要手续费吗？
服务员很热情，可是汤是凉的，而且太咸。
这是我今年看过的最好的电影，没有之一。
剧情拖沓混乱，白白浪费了两位好演员。
这个价格算不错了，就是电池一天都撑不住。
开往北京的列车六点一刻从九站台发车。
科学家在月球极地的陨石坑里发现了水冰。
公司下调全年预期后，股价下跌了百分之三点四。
市议会否决了在河边修建新体育馆的方案。
土豆煮二十分钟，沥干，加黄油和热牛奶捣成泥。
怎么给团队套餐再加一个用户？
我要找人工客服，不要机器人。
实名认证需要哪些材料？
网站上写着有货，门店却说五月份就卖完了。
屏幕碎了，左边喇叭没声音，我要退款或者换货。
昨晚同一趟行程为什么扣了我两次钱？
台风导致航班取消，可以赔偿吗？
想找一家靠近古城、能停两辆车的安静酒店。
房间有烟味，淋浴漏水，早餐八点就没了。
位置很好，房间一尘不染，前台还记得我们的名字。
海岛能送到吗？运费多少？
登录不上，提示“令牌无效（代码 4012）”。
上传超过 20 MB 的文件时接口报 500。
附件是已签字的合同和周二会议要讨论的问题清单，请查收。
患者自述上周五起轻微头痛、干咳，没有发烧。
饭后服用，一天两次，每次一片，最多十天。
第一个独自环球航行的人是谁？
现在新加坡几点？
明天早上五点半叫我起床。
放点安静的音乐，把灯调暗。
到家以后提醒我给牙医打电话。
购物清单加上牛奶、鸡蛋和两袋面包。
这个周末上海下雨吗？想去野餐。
一根香蕉有多少热量？
“晚上好”用日语怎么说？
充值三个小时了还在处理中。
取款机把我的卡吞了，怎么办？
我女儿十五岁，可以开户吗？
有短信问我要密码，真的是你们发的吗？
退货的钱什么时候能回到卡上？
快递员把包裹扔在雨里，里面的书全毁了。
能用。
不行。
太喜欢了！！！
一般般吧，两星
急急急 系统崩了 房租都交不了
亲，滞纳金能不能免一次呀
为什么没人回我邮件？？？
单号写错了，应该是 88-1203-X，地址也不对
这是村里人记忆中最长的一个冬天，到了二月，存粮几乎见底。
委员会开了十一次会，仍然没有就报告里“可持续”三个字的含义达成一致。
她轻轻关上门，把信放在桌上，此后再也没有提起。
一九九八年博物馆花一百二十万买下这幅画，如今价值翻了十倍。
利息按日计算，每月最后一个工作日入账。
保单承保盗窃和火灾，但不包括洪水、战争和自然磨损造成的损失。
客户十四天内没有回复的，系统自动结案并邮寄通知。
光合作用把光、水和二氧化碳变成糖和氧气。
常数的导数是零。
神经网络沿着损失的梯度训练。
半场落后两球，我们队在加时赛逆转取胜。
这名前锋和都灵的俱乐部签了四年合同。
政府宣布一月起对含糖饮料征税。
三个省的选民周日投票。
乐团将演奏两部交响曲和一部大提琴协奏曲。
六月初玫瑰盛开，花园最美。
在教堂左转，然后右手第二条街。
禁止携带宠物。
出售自行车，蓝色，几乎全新，价格可谈。
很遗憾，您的申请未获通过。
恭喜你找到新工作！
请节哀。
中午在图书馆门口见，然后走路去湖边。
二手买的洗衣机还在保修期内吗？
拉链用了一周就坏，卖家不回消息，我打算起诉。
颜色跟图片差太多，偏棕不是红。
很合身，面料柔软，会再买别的颜色。
孩子很喜欢这个拼图，可惜少了两块。
说明书只有德文，螺丝对不上孔。
物流快，跟描述一致，好评。
帮我激活新卡，尾号 7731。
上个月搬家了，在哪里改资料？
能不能办一张只用来网购的虚拟卡？
套餐涨价为什么不通知？
想升级家庭套餐，号码不变。
手机流量一周就用完了，我几乎没怎么用。
雷暴之后整条街都没信号。
手机一小时前在地铁上被偷了，请马上停机。
怎么导出全部数据并彻底注销账号？
退出会员后积分怎么办？
讲个关于猫的笑话。
人生的意义是什么？
您好，我要投诉办公室旁边的工地，每天早上五点就开始施工，已经严重影响休息和工作。
外卖送来已经凉了，少了一双筷子，骑手态度还不好。
味道不错，分量足，就是送得慢。
酒店离地铁站五分钟，晚上有点吵，性价比高。
价格小贵，但是值得。
客服 called me 三次都没接到，能 email 我吗？
帮我 check 一下 order 状态，谢谢
这个 app 的 UI 很好看，but too many ads。
会议改到周三 10:30，Zoom 链接稍后发群里。
身份证过期了怎么更新
发票抬头写错了
请問可以用信用卡分期付款嗎？
這家店的服務真的很好，下次還會再來。
"""

SENTENCES: tuple[str, ...] = tuple(line for line in (_ENGLISH + _CHINESE).splitlines() if line)
