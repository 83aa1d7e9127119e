"""Names of people that are common in Chinese and in English texts. No list names everybody: context does the rest."""

from __future__ import annotations

__all__ = ["GIVEN", "GIVEN_ZH", "SURNAMES", "SURNAMES_ZH", "WORDS_TOO", "letters", "listed"]


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def letters(text: str) -> frozenset[str]:
    """The letters of a text, without what stands between its lines."""
    return frozenset("".join(text.split()))


SURNAMES_ZH = letters(
    """
    丁万东严丰乌乐乔习于亓仇从付仝代仰仲任伊伍伏何余佟侍侯俞倪傅储元充党全公关养冀冉农冯冷凌凤刁刘利别劳勾包匡华卓单
    卜卞卢卫印危厉双古史叶司吉向吕吴周和唐喻国堵夏夔奚姚姜姬娄孔孙孟季宁安宋宓宗宣宫宰容宿寇富寿封尚尤尹居屈屠山岑岳
    崔嵇巢左巩巫巴帅师席常干平幸广庄应庞康庾廉廖弓弘张强彭徐怀惠慎慕戈戎成戚戴房扈扶支敖文方施时昌明易晁晏景暨曲曹曾
    朱权李杜束杨杭林柏查柯柳柴栾桂桑桓梁梅樊欧步武段殷毕毛水江池汤汪沃沈沙洪浦温游湛滕满潘濮焦熊燕牛牧狄王班璩甄甘田
    申白皮益盖盛相瞿石祁祖祝禄禹秋秦程穆空窦章童竺符简管米索红纪终经缪罗羊翁翟耿聂肖胡胥能臧舒艾花苍苏苗苟范茅茹荀荣
    莫萧葛董蒋蒙蒯蒲蓝蓬蔚蔡蔺薄薛虞融衡袁裘裴褚覃解詹计许诸谈谢谭谷贝贡费贺贾赖赵越路车辛边连逄通邓邢那邬邰邱邵邸邹
    郁郎郑郝郦郭都酆金钟钮钱闫闵闻阎阙阚阮阴陆陈陶隆隗雍雷霍靳鞠韦韩韶项须顾颜饶马骆高魏鱼鲁鲍麻黄黎齐龙龚
    """
) | listed("上官 东方 令狐 公孙 南宫 司徒 司马 呼延 夏侯 宇文 尉迟 慕容 欧阳 澹台 独孤 百里 皇甫 端木 诸葛 轩辕 长孙")
"""百家姓 and what is common beyond it, compound surnames too."""

GIVEN_ZH = letters(
    """
    世业东丽久义乐书乾云亮仁伟佳俊信倩健光兰兴军冬凤凯凰刚利前功勇华博可吉向君吟启周和咏品哲唯善喆喜嘉囡国圆坚坤培基
    堂增士壮声夏多大天奇奎奕女好如妍妙妮妹姗姝姣威娅娇娜娟娥婉婕婧婵婷媛嫣子孝孟季学宁宇安宏宗定宜宝宣宪家宽宾寅富寒
    察寿尔尚展山岚岩岭峥峰峻崇巍川州巧帅帆平年广庆庚庭康廉延廷建弘张弢强彤彦彩彪彬彰影征律微德徽心忆志忠念怀怜思怡恒
    恩恬恭恺悟悠悦情惜惟惠愉意愿慈慎慕慧懿戈成才扬承择振挺捷掌援攀政效敏敦敬文斌斐斯新方施旋日旦旭旻昀昂昊昌明易昕星
    映春昭是显晋晏晓晖晗晚晟晨普景晴晶智暄暖曙曜曦曼朋朔朗望朝期木本权杉杏来杨杰松林果枫柏柔柯柳标栋桂桃桐桦梁梅梓梦
    梧检森楚楠榆榕榛槐槿樟檀欢欣歌正武毅民水永汉汐江沁沐沙沛河泉泊泓法波泳泽洁洋洪洲流浚浦浩海涌涓涛润涵淇淑深淳清渊
    渝游湖湘湛源溪满漫潇潮澄澈澜瀚炎炜炫烁烨焕焱然煜熙熠燊燕爱爽牧特犇狄猛献玄率玉王玖玟玥玲玺珂珊珍珏珑珞珠琛琦琨琪
    琬琰琳琴琼瑄瑜瑞瑟瑶瑾璇璋璐璟瓒生田申男畅白皓盈益盛相真睦睿瞳知石硕磊祎祖祥祺禄福禹禾秀秉秋科程稷穆立竞章端竹笑
    笛筠简箫米粤粲素紫红纪纬纯纲绍经绪绮维缘罡美群羽翊翎翔翠翰翼耀老耘联肖育胜胤胥腾自臻舒舟航良艳艺节芃芊芙芝芬芮花
    芳芸苑苒若英苹茂茗茜茵荃荟荣荷莉莎莞莲莺菁菊菲萃萌萍萱葆葳葵蒙蓉蓓蓝蔓蔚蕊蕙蕴薇薪藤虎虞虹蝶行衍衡裕襄西观言誉许
    诗诚语诺谊谌谕谦谨谷豪豹贝贞财贤贵赞赫起超越跃路轩辉辰辽达迅迈迎运进远连迪逊通逸道遥邈邦郁郡鄂酉里重野金鑫钊钢钦
    钧钰铁铎铜铭铮银锋锐锦锴镇镕长门闯闻阔防阳阿隆隽雁雄雅雨雪雯雷霁震霓霖霜霞露青靖静韬音韵韶项顺颂领频颖颜颢风飘飞
    香馨驰驹骁骏骥高魁魏鲁鲲鸣鸿鹏鹤鹰麒麟黎默齐龙
    """
)
"""汉字 that given names are often written with."""

GIVEN = listed(
    """
    aarav aaron abby abdul abigail adam adele adrian agnes ahmed aisha akira alan albert alec alejandro alex alexa
    alexander alexandra alexis alfred ali alice alicia alina alison allison alma alvin amanda amara amber amelia
    amina amir amit amy ana ananya anastasia andre andrea andrew andy angela angelica anita anjali ann anna anne
    annette annie anthony antonio anya arjun arthur asha ashley astrid aubrey audrey ava barbara beatrice becky
    belinda ben benjamin bernadette bernard bethany betty beverly bianca bill billy bo bob bobby bonnie bradley
    brandon brenda brendan brett brian bridget brittany bruce bryan caleb callum cameron camila carl carla carlos
    carmen carol caroline carolyn carrie catherine cathy cecilia cedric celia charles charlie charlotte chelsea chen
    cheryl chinedu chloe chris christian christina christine christopher cindy claire clara clarence claudia
    clifford colin connie connor constance corey courtney craig crystal curtis cynthia daisy dale damian dan daniel
    daniela danielle danny daphne darius darren dave david dawn dean deborah debra deepak denise dennis derek
    desmond devon diana diane diego divya dmitri dolores dominic donald donna doris dorothy douglas duncan dwayne
    dylan ed eddie edgar edith edmund eduardo edward edwin eileen elaine eleanor elena eli elias elijah elizabeth
    ella ellen ellie elliot elsie emily emma emmanuel enrique eric erica erik erin ernest esther ethan eugene eva
    evan eve evelyn faith fang farah fatima felicia felix feng fernando fiona florence frances francesca francis
    francisco frank fred freddie frederick freya gabriel gabriela gail gareth gary gavin gemma gene geoffrey george
    georgia gerald gerard gianna gilbert gina giovanni giulia gladys glen glenn gloria gordon grace graham greg
    gregory greta guy gwen hailey hannah hao harold harriet harry haruto harvey hassan hazel heather hector heidi
    helen henrik henry herbert hilary hiroshi holly hong howard hugh hugo hui ian ibrahim ida ifeoma ingrid irene
    iris isaac isabel isabella isla ivan ivy jack jackie jackson jacob jacqueline jade jaime jake james jamie jan
    jane janet janice jared jasmine jason javier jay jean jeff jeffrey jenna jennifer jenny jeremy jerome jerry
    jesse jessica jill jim jimmy jin jing jiwoo joan joanna joanne joe joel john johnny jon jonathan jordan jorge
    jose joseph josephine josh joshua joy joyce juan juanita judith judy julia julian julie juliet jun june justin
    kai karen karina karl kate katherine kathleen kathryn kathy katie katrina kavya kayla keith kelly ken kenji
    kenneth kerry kevin kim kimberly kirsten kofi kristen kristina kumar kurt kwame kyle lara larry laura lauren
    laurie lawrence leah lee lei leila lena leo leon leonard leroy leslie lewis liam liang lillian lily linda
    lindsay linh lisa logan lois lola long lorenzo lori lorraine louis louise luca lucas lucia lucy luis luke lydia
    lynn mabel mackenzie madeline madison mae maggie malcolm mandy manuel marc marcel marcia marco marcus margaret
    maria marian marie marilyn mario marion marjorie mark marlene martha martin marvin mary mason mateo mathew matt
    matthew maureen maurice max maya meera megan mei melanie melissa melvin mercedes meredith mia michael michele
    michelle miguel mike mila mildred miles mina ming minh minjun miranda miriam mitchell mohamed mohammad mohammed
    molly mona monica morgan muhammad muriel myra nadia nancy naomi natalia natalie natasha nathan nathaniel neha
    neil nelson ngozi nguyen nicholas nick nicola nicole nigel nikhil nina noah noel nora norma norman nuria olga
    oliver olivia oluwaseun omar oscar otto owen pablo paige pam pamela patricia patrick paul paula pauline pedro
    peggy penelope peng penny pete peter petra phil philip phillip phoebe phyllis pierre ping polly priya priyanka
    qiang quentin rachel rafael rahul raj rajesh ralph ramesh ramon randy raquel rashid ravi ray raymond rebecca
    reginald rekha rene renee rhonda ricardo richard rick ricky rita rob robert roberta roberto robin rodney rodrigo
    roger rohan roland ron ronald rosa rosalind rosemary ross roxanne roy ruby rui rupert russell ruth ryan sabrina
    sakura sally sam samantha samir samuel sandeep sandra sandy sanjay sara sarah sasha scott sean sebastian selena
    seojun serena sergei sergio seth shane shannon sharon shaun shawn sheila shelby shelley sheryl shirley siddharth
    sidney sienna silvia simon simone skylar sofia sonia sophia sophie spencer stacey stacy stan stanley stefan
    stella stephanie stephen steve steven stuart sue sunil suresh susan susanna suzanne sven svetlana sylvia takashi
    tamara tanya tara taylor ted terence teresa terry thabo thanh theo theodore theresa thomas tim timothy tina ting
    tobias toby todd tom tommy toni tony tracey tracy travis trevor tristan troy tunde tyler valentina valerie
    vanessa vera vernon veronica vicky victor victoria vijay vikram vincent viola violet virginia vivian vladimir
    wade walter wanda warren wayne wei wendy wesley whitney wilfred will william willie winston xavier xiaoli
    xiaoming xin xiu xue yan yasmin ying yolanda yu yuki yuko yun yusuf yvette yvonne zachary zainab zanele zara zoe
    """
)
"""English given names, and others that are common in English texts, in lower case."""

SURNAMES = listed(
    """
    adams adeyemi ahmad ahmed akhtar alexander ali allen alvarez anderson andrews armstrong arnold ashworth atkinson
    bailey baker banerjee barker barnes barrett barton bates beck becker begum bell bennett berg berry bianchi
    bishop black blackwell blake boateng bose boyd bradley brennan briggs brooks brown bryant burke burns burton
    butler byrne cai cameron campbell cao carlson carpenter carr carroll carter castillo castro chan chandra chang
    chapman chatterjee chavez chen cheng cho choi chopra christensen clark clarke cohen cole coleman collins connor
    cook cooper costa cox craig crawford cruz cunningham curtis dalton daniels das davidson davies davis davison
    dawson dean delgado deng desai diaz ding dixon doherty dong donovan douglas doyle du dubois duncan dunn edwards
    elliott ellis evans farrell feng ferguson fernandez ferrari fischer fisher fitzgerald fleming fletcher flores
    ford foster fox francis fraser freeman fuentes fuller gallagher gao garcia gardner garrett gibson gill gomez
    gonzalez gordon graham grant gray green greene griffin griffiths guo gupta gutierrez hall hamilton hansen
    hansson harper harris harrison hart harvey hassan hawkins hayes he henderson henry hernandez hicks hill ho hoang
    hoffman hoffmann holmes holt hopkins horton houston howard howell hu huang hudson hughes hunt hunter hussain
    hussein ibrahim ismail ito iyer jackson jacobs jain james jansen jenkins jennings jensen jiang jimenez johansson
    johnson johnston jones jordan joseph joshi kang kapoor kaur kelly kennedy khan kim king klein knight kowalski
    kumar kwon lam lambert larsen larson lau lawrence lawson le lee leung levy lewis li liang liao lim lin lindberg
    lindqvist liu lloyd long lopez lowe lu lucas luo lynch macdonald mahmood malik marino marsh marshall martin
    martinez mason matthews mbeki mccarthy mccormick mcdonald mckenzie medina mehta mendez mendoza mensah meyer
    mills mishra mitchell mohammed molina moore morales moreau moreno morgan morris morrison moyo mueller muller
    murphy murray naidoo nair nakamura nelson newman ng nguyen nichols nielsen novak nowak obi ochoa okafor okeke
    okonkwo oliveira olsen olson ortega ortiz osborne osei owens owusu palmer pan papadopoulos park parker parsons
    patel patil patterson payne pearson peng pereira perez perkins perry petersen peterson petrov pham phillips
    pierce popov porter powell price quinn rahman ramirez ramos rao ray reddy reed reid ren reyes reynolds rice
    richards richardson riley rivera roberts robertson robinson rodriguez rogers romero rosenberg ross rossi roy
    ruiz russell ryan sanchez sanders santos sato saunders schmidt schneider schultz schwartz scott serrano shah
    shapiro sharma sharp shaw shen silva simmons simpson singh sinha smith snyder sokolov song soto spencer
    srinivasan stephens stevens stevenson stewart stone su sullivan sun sutton suzuki svensson takahashi tan tanaka
    tang taylor thomas thompson thomson thornton tian torres tran tucker turner usman van vargas vasquez vaughan
    vega verma vu wagner walker wallace walsh walters wang ward warren washington watanabe watkins watson watts
    weaver webb weber webster wei wells west wheeler whitaker white williams williamson wilson wong wood woods
    wright wu xiao xie xu yamamoto yang yao ye yilmaz young yu yuan yusuf zeng zhang zhao zheng zhou zhu zimmerman
    """
)
"""Family names of English texts, in lower case."""

WORDS_TOO = listed(
    """
    amber an april art august austin autumn baker banks bell bishop black bliss bo bob brook brooks brown carol
    carrie chase chelsea chip christian church clay cook cooper cross daisy dale das dawn day deal dean ding do drew
    ed faith field fisher florence ford forest fox frank gene georgia grace grant gray green guy hall hazel he
    heather hill holly hope houston hunt hunter iris ivy jack jade jasmine jay jordan joy jun june king knight lane
    le lei lily lincoln london long lu lucky madison major mark marsh martin mason max may miles miller mills min
    morgan ng noel olive page pan paris park parker pat pearl penny ping porter price prince ray rich rob robin rock
    rose ruby rusty sandy she skip sky skylar so song spring stone su sue summer sun sunny sydney tang taylor terry
    ting tony van victoria violet virginia walker ward washington wells west white will wood woods wright young yu
    """
)
"""Names in lower case that are ordinary words or places too: they count as a person's only in better company."""
