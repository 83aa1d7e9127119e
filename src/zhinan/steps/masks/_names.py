"""Names of people that are common in Chinese and in English texts. No list names everybody: context does the rest."""

from __future__ import annotations

__all__ = ["GIVEN", "GIVEN_ZH", "SURNAMES", "SURNAMES_ZH", "SYLLABLES", "WORDS_TOO", "letters", "listed"]


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
    世业东丽乃久义之乐书乾予于云亚亦亮仁从仕仪任伊伟伦伶佐佑佩佳侃侠侨俊俏俐俞信俪倢倩健傲儒允元兆先光克兰兴军冠冬冰
    凌凝凡凤凯凰刚初利前功助励劲勇勋勤化卉华卓博卿可吉君吟含启周和咏品哲唯善喆喜嘉囡园国圆圣坚坤垒垚城培基堂堃增士壮
    声夏多大天夫奇奎奕女好如妍妙妮妹姗姝姣姮威娅娇娜娟娥娴婉婕婧婳婵婷媛嫣子孝孟季学宁宇守安宏宗定宛宜宝宣宥宪家宸容
    宽宾寅富寒察寿少尔尚尧屏展山岚岩岭峥峰峻崇嵘嵩巍川州巧帅帆平年幸广庆庚庭康廉延廷建弈弘张弢弦强彤彦彧彩彪彬彰影征
    律微德徽心忆志忠忱念忻怀怜思怡恒恩恬恭恺悟悠悦情惜惟惠愉意愿慈慎慕慧懿戈成才扬承择振挺捷掌援攀政效敏敦敬文斌斐斯
    新方施旋日旦旭旻昀昂昊昌明易昕星映春昭昱显晋晏晓晖晗晚晟晨普景晴晶智暄暖曙曜曦曼月朋朔朗望朝期木本权杉杏来杨杰松
    林果枫柏柔柯柳标栋桂桃桐桦梁梅梓梦梧检森楚楠榆榕榛槐槿樟檀欢欣歌正武毅民水永汉汐汝江沁沐沙沛沫河泉泊泓法波泳泽洁
    洋洪洲流浚浦浩海涌涓涛润涵淇淑深淳淼清渊渝游湉湖湘湛源溪滔满漫潇潮澄澈澜瀚炎炜炫烁烈烨焕焱然煊煌煜熙熠熹燊燕爱爽
    牧特犇狄猛献玄率玉王玖玟玥玲玺珂珊珍珏珑珞珠珮珺琏琛琦琨琪琬琰琲琳琴琼瑄瑜瑞瑟瑶瑾璇璋璐璟璠璧瓅瓒生田申男畅白皓
    盈益盛盼真睦睿瞳知石硕磊祎祖祥祺禄福禛禹禾秀秉秋科秦稀程稷穆穗立竞章端竹笑笙笛筠简箫篱米粤粲素紫红纪纬纯纲纾绍经
    绪绮维缇缘罡美羚群羽翀翊翎翔翠翰翼耀老耘联肖育胜胤胥腾臻舒舜舟航良艳艺节芃芊芙芝芬芮花芳芷芸芹苑苒苗若英苹茂茗茜
    茵茹荃荔荟荣荷莉莎莘莞莲莺菁菊菱菲萃萌萍萦萱葆葳葵葶蒙蓁蓉蓓蓝蔓蔚蕊蕙蕴薇薪薰藤虎虞虹蝶行衍衡裕裴襄西观言誉许诗
    诚诣语诺谊谌谕谦谨谷豪豫豹贝贞财贤贵赋赞赟赫起超越跃路轩轶辉辛辰辽达迅迈迎运进远连迪逊逍通逸遒道遥邈邦郁郎郡郦鄂
    酉配酩里重野金鋆鑫钊钗钢钦钧钰铁铃铎铜铠铭铮银锋锐锡锦锴镇镕长门闯闻闽阔防阳阿陶隆隽雁雄雅雨雪雯雷霁霆震霏霓霖霜
    霞露青靓靖静韬音韵韶项顺颂领颐频颖颜颢风飏飘飞香馨驰驹驿骁骊骏骞骥高魁魏鲁鲲鸣鸿鹏鹤鹭鹰麒麟黎默黛齐龙
    """
)
"""汉字 that given names are often written with."""

GIVEN = listed(
    """
    aarav aaron abby abdul abe abena abigail adaeze adam adele adrian agnes agnieszka agus ahmed aiden aisha akira
    akosua alan albert alec alejandro aleksei alessandra alessandro alex alexa alexander alexandra alexis alfie
    alfred ali alice alicia alina alison allison alma alvaro alvin alyssa amanda amara amber amelia amelie amina
    amir amit amy ana ananya anastasia anastasiya anders andre andrea andrei andrew andy angela angelica angus anil
    anita anjali anke ann anna anne anneliese annette annie annika anthony antonio anya aoife archibald archie arjun
    arthur arvind asha ashley ashok astrid aubrey audrey ava ayse babatunde barbara barnaby bartholomew beatrice
    beatriz becky belinda ben benedict benjamin bernadette bernard bernardo bethany betty beverly bianca bilal bill
    billy birgit bjorn blake bo bob bobby bongani bonnie boris bradley brandon brayden brenda brendan brett brian
    bridget brittany brock bronwen brooklyn bruce bruno bryan bryce budi caio caleb callum cameron camila camille
    carl carla carlos carlota carmen carol caroline carolyn carrie carys cassandra cassidy catherine cathy catriona
    cecilia cedric celeste celia cerys charles charlie charlotte chelsea chen cheryl chiara chinedu chinwe chloe
    chris christian christina christine christopher ciara cindy claire clara clarence claudia clay clifford clint
    clive cody colin connie connor constance consuelo cordelia corey cormac courtney craig crispin crystal cuong
    curtis cynthia cyril daiki daisy dale dalton damian dan daniel daniela danielle danny daphne darius dariush
    darnell darrell darren dave david dawn dean deborah debra declan deepak demetrius denise dennis derek deshawn
    desmond destiny devon dewi diana diane didier diego dieter divya dmitri dolores dominic donald donna doris
    dorothy douglas dragan duncan dung dwayne dwight dylan earl ebony ed eddie edgar edith edmund eduardo edward
    edwin eileen eilidh ekaterina elaine eleanor elena eli elias elijah elizabeth ella ellen ellie elliot ellis
    elmer elodie elsa elsie emeka emi emily emma emmanuel emre enid enrique enzo eoin eric erica erik erika erin
    ernest ernie esperanza esther ethan ethel eugene eva evan eve evelyn ewa ewan fabian faisal faith fang farah
    farhad farhan fatima fatma felicia felix feng fergus fernanda fernando finley fiona florence folake frances
    francesca francesco francis francisco frank fred freddie frederick freya gabriel gabriela gail gareth garrett
    gary gaurav gavin gayatri geeta gemma gene genesis geoffrey george georgia gerald geraldine gerard gertrude
    gianna gilbert giles gina giovanni giulia gladys glen glenn gloria gonzalo goran gordon grace graham grant greer
    greg gregory greta gretchen guadalupe guang gunther gus guy gwen gwendolyn hailey hamish hamza hannah hans hao
    haoran harlan harley harold harriet harrison harry haruto harvey hassan hattie hazel heather hector heidi heike
    heinrich helen henri henrik henry herbert hester hilary hilda hina hiroshi hoa holly hong howard huda hugh hugo
    hui hung hunter hyun ian ibrahim ida ifeoma ignacio igor imelda imogen imran ines ingeborg ingrid iona irene
    irina iris irving isaac isabel isabella isabelle ishaan isla ivan ivor ivy jack jackie jackson jacob jacqueline
    jacques jade jaime jake jakub jamal james jamie jan jane janet janice jared jarvis jasmine jason jasper javier
    jay jayden jean jed jeff jeffrey jemima jenna jennifer jenny jens jeremy jermaine jerome jerry jesse jessica
    jianguo jiayi jill jim jimmy jin jing jiwoo jiyoung joan joanna joanne joao joaquin jocelyn joe joel john johnny
    joko jon jonathan jordan jorge jose joseph josephine josh joshua josie joy joyce juan juanita judith judy
    juergen julia julian julie juliet juliette jun june jurgen justin kai kaitlyn kareem karen karina karl karthik
    katarzyna kate katherine kathleen kathryn kathy katie katja katrina katya kavya kayden kayla kaylee keiko keisha
    keith kelly kelvin ken kenji kennedy kenneth kent kenta kerri kerry kerstin kevin khalid kim kimberly kirk
    kirsten kirsty klaus kofi kristen kristina krzysztof kumar kurt kwame kyle lakshmi lamar lan lance lara larry
    lars latoya laura lauren laurent laurie lawrence layla leah lee lei leila leland lena leo leon leonard leroy
    leslie leticia lettie lewis leyla liam liang lillian lily linda lindiwe lindsay linh lionel lisa lloyd logan
    lois lola long lorenzo lori lorna lorraine louis louise luca lucas lucia lucie lucy luigi luis luiza luke lydia
    lyle lynn mabel mackenzie madeline madison mae maggie magnus makayla malcolm malgorzata malik mandy manish
    manuel manuela marc marcel marcia marco marcus marek margaret margot maria mariam marian marie mariko marilyn
    mario marion marissa marjorie mark marlene marlon marquis marshall martha martin marty marvin mary maryam mason
    mateo mathew mathieu mathilde matilda matt matteo matthew maureen maurice mavis max maxine maxwell maya meera
    megan mehmet mei mei-ling melanie melissa melvin mengyao mercedes meredith merle mia michael michele michelle
    miguel mike mikhail mila milan mildred miles millicent milton mina ming minh minho minjun miranda miriam
    mitchell mohamed mohammad mohammed molly mona monica monika morag morgan morris muhammad mukesh muriel murray
    mustafa myra nadeem nadia nancy naoki naomi natalia natalie natasha nate nathan nathaniel naveen neha neil nell
    nellie nelson nevaeh neville ngozi nguyen niamh nicholas nick nicola nicole nieves nigel nikhil nikolai nils
    nina nitin noah noel noemi nomvula noor nora noreen norma norman norris nuria nurul obinna oksana oleg olga
    oliver olivia olivier olumide oluwaseun olwen omar orla orville oscar otavio otto owen pablo padma padraig paige
    paisley pam pamela paolo patience patricia patrick paul paula pauline pavel pawel pedro peggy penelope peng
    penny percy perry pete peter petra peyton phil philip philippa phillip philomena phoebe phuong phyllis pierre
    pilar ping piotr polly pooja prakash priya priyanka prudence putri qiang quentin quincy rachel radhika rafael
    rahul raj rajesh ralph ramesh ramon randy rania raquel rashid raul ravi ray raymond reagan rebecca reginald
    rekha renata rene renee reuben rex reza rhoda rhonda rhys ricardo richard rick ricky rita rizal rob robert
    roberta roberto robin roderick rodney rodrigo roger rohan rohit roisin roland ron ronald ronan rory rosa rosalie
    rosalind roscoe rosemary ross roxanne roy ruby rufus rui ruoxi rupert russell ruth ryan sabine sabrina saeed
    sakiko sakura sally sam samantha samir samuel sana sandeep sandra sandy sanjay santiago saoirse sara sarah sasha
    satoshi savannah scott sean sebastian sebastien selena selina seojun serena sergei sergio seth shane shannon
    sharon shaun shauna shawn sheila shelby sheldon shelley sherman sheryl shirin shirley shreya sian siddharth
    sidney sienna silas silke silvia simon simone sinead siobhan sipho siti siyu skylar sofia soledad solveig sonia
    soo-jin sophia sophie soren spencer stacey stacy stan stanley stefan stefano stella stephanie stephen steve
    steven stewart stuart sue sunil sunita suresh susan susanna suzanne sven svetlana sybil sylvia tabitha takashi
    tamara tanisha tanya tara tariq tatiana taylor ted terence teresa terry thabo thandiwe thanh thao thelma theo
    theodore theresa thiago thierry thomas tilda tim timothy tina ting tobias toby todd tom tomasz tommy toni tony
    torsten tracey tracy trang travis trevor trinity tristan troy trudy truman tuan tunde tyler tyrone ulrike uma
    una ursula uwe valentina valerie vanessa vasily vaughn vera verity vernon veronica vicky victor victoria vijay
    vikram vincent vinod viola violet virgil virginia vivek vivian vladimir wade waleed wallace walter wanda warren
    wayan wayne wei wendy wesley whitney wilbur wilfred will willard william willie wilma winifred winnie winston
    wolfgang wyatt xavier xiaojun xiaoli xiaoming xiaoyan xin xiu xiuying xue yan yasmin yaw yichen ying yoko
    yolanda yu yuki yuko yun yuri yusuf yuxuan yves yvette yvonne zachary zahra zainab zane zanele zara zhiwei zihan
    zoe zofia zoran
    """
)
"""English given names, and others that are common in English texts, in lower case."""

SURNAMES = listed(
    """
    abbott abdullah abebe acosta adams adeyemi aguilar ahmad ahmed ainsworth akhtar alexander ali allen alvarado
    alvarez amos anand anderson andersson andrews aquino arias armstrong arnold asante ashby ashworth atkinson avery
    ayala bacon bai bailey bains baker balogun banerjee barker barlow barnes barrett barron bartlett barton bashir
    bates beck becker begum bell bello bennett benson berg berry bhatt bianchi bishop black blackwell blair blake
    blanchard bloom boateng bolton booth bose bowen bowman boyd bradley brady brennan bridges briggs broadbent
    brooks brown browning bruce bryant buckley bui burgess burke burns burton butler byrne cabrera cai calderon
    caldwell cameron campbell cao carlson carney carpenter carr carrillo carroll carter carver castillo castro chai
    chan chandra chang chapman chatterjee chaudhry chavez chen cheng cheung chiang cho choi chopra chow chowdhury
    christensen chu chung churchill clark clarke clay clayton cobb cohen colby cole coleman collins combs conley
    connolly connor conway cook cooper corbett cortez costa coughlin cox craig crane crawford cross crowley cruz cui
    cunningham curtis dalton dang daniels darby das daugherty davidson davies davis davison dawes dawson dean
    dejesus delacruz deleon delgado dempsey deng denton desai dhillon diaz dickson ding dixon dlamini doherty
    dominguez dong donovan dorsey douglas doyle drake du dubois duffy duncan dunn duong duran eaton edwards egan
    elliott ellis emerson erickson espinoza evans fan fang farley farmer farouk farrell farrow faulkner feng
    ferguson fernandez ferrari ferreira finch fischer fisher fitch fitzgerald fitzpatrick flanagan fleming fletcher
    flores flynn ford forde foster fowler fox francis franco franklin fraser frazier freeman frost fry fu fuentes
    fuller fung galindo gallagher gallo galvan gao garcia gardner garnier garrett gibbons gibson gilbert giles gill
    glover goldberg goldstein gomez gong gonzalez goodman goodwin gordon gould graham grant graves gray green greene
    greer gregory griffin griffiths gu guerrero guo gupta gutierrez guzman haddad hahn haley hall hamilton hammond
    hancock hanna hansen hansson hao hardin hardy harmon harper harrington harris harrison hart harvey hassan
    hastings hawkins hayes hayward he hebert henderson henry hensley hernandez hewitt hicks higgins hill ho hoang
    hobbs hodges hoffman hoffmann hogan holden holland holmes holt hooper hopkins hopper horn horne horton hou
    houston howard howe howell hsieh hsu hu huang hubbard huber hudson huff huffman hughes hui humphrey hunt hunter
    hurley hurst hussain hussein hutchinson ibarra ibrahim idris idrissi ingram irwin ismail ito iyer jackson jacobs
    jacobson jain james jansen jansson jarvis jefferson jenkins jennings jensen ji jia jiang jimenez jin jing
    johansson johnson johnston jones jordan joseph joshi joyce juarez kamau kaminski kane kang kapoor karlsson katz
    kaur kearney keller kelly kemp kennard kennedy kent kerr khan khoury kim king kirby kirk klein knight knox koch
    kong kowalski kramer krause kruger kumar kwok kwon lacey lai lam lambert lancaster landry larkin larsen larson
    lau laurent lawrence lawson le leblanc lee lei leon leonard leong leung levi levine levy lewis li liang liao lim
    lin lindberg lindholm lindqvist lindsay ling liu lloyd logan long lopez lowe lowery lozano lu lucas luo lynch
    lyons macdonald mack madden maddox maguire mahmood mak maldonado malik malone mann mansour mao marin marino
    marquez marsh marshall martin martinez mason massey mathews matthews mayer mayo mbeki mcbride mccall mccarthy
    mcclain mccormick mccoy mcdaniel mcdermott mcdonald mcdowell mcgee mcgrath mcguire mcintosh mcintyre mckay mckee
    mckenzie mckinney mclean mcmahon mcmillan mcneil meadows medina mehta mejia melton mendez mendoza meng mensah
    mercer merritt meyer michaels middleton mills miranda mishra mitchell mizrahi mo mohammed molina molloy monroe
    montgomery montoya moody mooney moore mora morales moran moreau moreno morgan morris morrison morrow morse
    morton moss moyo mueller mullen muller munoz murillo murphy murray mwangi myers naidoo nair nakamura nash nasser
    navarro neal nelson newman newton ng ngai nguyen nichols nielsen niu nixon nkosi noble nolan norris norton novak
    nowak obi obrien ochoa oconnell oconnor odonnell ogden ohara okafor okeke okonjo okonkwo okoro oliveira olsen
    olson oneal oneill orr ortega ortiz osborn osborne osei otieno ouyang owens owusu pace pacheco padilla page
    palmer pan papadopoulos park parker parsons patel patil patterson patton paul payne pearce pearson peck pena
    peng pennington pereira perez perkins perry petersen peterson petrov petrova pham phillips pierce pike pitts
    poole poon pope popov porter powell pratt preston price pritchard pruitt pugh purcell qi qian qiao qin qiu
    quigley quinn rahman ramirez ramos ramsey randall rangel rao rasmussen ray reddy redmond reed reeves reid reilly
    ren reyes reynolds rhodes rice richards richardson riley rios rivera robbins roberson roberts robertson robinson
    robles rocha rodriguez rogers rojas rollins roman romano romero rosales rosario rose rosenberg ross rossi roth
    rousseau rowe rowland roy ruan rubio ruiz rush russell ryan salas salazar saleh salinas sanchez sanders sandoval
    santos sato saunders savage sawyer schaefer schafer schmidt schmitt schneider schroeder schultz schwartz scott
    sellers sepulveda serrano sexton shah shang shao shapiro sharma sharp shaw sheehan shelton shen shepherd
    sheppard sherman shi shields silva simmons simon simpson sims singh singleton sinha sit situ siu skinner sloan
    smith snow snyder sokolov solis solomon song sosa soto sparks spencer srinivasan stanley stanton steele stein
    stephens stephenson stevens stevenson stewart stokes stone stout strickland stuart su suarez sullivan summers
    sun sutton suzuki svensson swanson sweeney szeto takahashi tam tan tanaka tang tao tate taylor teng terrell
    tesfaye thomas thompson thomson thorne thornhill thornton thorpe tian todd tong torres townsend tran travis
    trevino trujillo tsai tsang tse tsui tucker turner tyler underwood usman valdez valencia valentine van vance
    vargas vasquez vaughan vega velasquez velez verma villarreal vincent volkov vu wade wagner walker wallace walsh
    walter walters walton wan wang wanjiru ward ware warner warren warwick washington watanabe waters watkins watson
    watts weaver webb weber webster weeks wei weiss welch wells wen west weston wheeler whitaker white whitehead
    whitfield whitney wiggins wilcox wilder wiley wilkerson wilkins wilkinson williams williamson willis wilson
    winters wolf wolfe wong wood woodard woods woodward wright wu wyatt xia xiang xiao xie xiong xu yamamoto yan
    yang yao yates yau ye yeung yilmaz yin yip york young yu yuan yusuf zamora zang zapata zeng zhang zhao zheng
    zhong zhou zhu zhuang zimmerman zou zulu zuniga zuo
    """
)
"""Family names of English texts, in lower case."""

WORDS_TOO = listed(
    """
    abe adele alexa amazon amber an angel antonio april art august aurora austin autumn baker banks bell bill bishop
    black bliss bloom bo bob booth bridges bright brook brooklyn brooks brown browning bud carmen carol carrie
    charlotte chase chelsea chip christian church clay cobb cody colt cook cooper cortana crane cross daisy dale
    dallas das dawn day deal dean denton destiny dewi dick diego ding do don dot drake drew dung earl ed emi eve
    faith fan fang farmer field fisher florence ford forest fox francisco frank franklin frost fu gail gallo gene
    genesis georgia glover gong goodman grace grant graves gray green gu gus guy hall hao hardy harley harmony
    hastings hazel he heather hill hoa holden holland holly hooper hope horn house houston hung hunt hunter imelda
    iris irwin ivy jack jade jasmine jasper jay jefferson jin jordan jose joy joyce jun june kane katrina kelvin
    kennedy kent king kirk knight knox kofi kong lacey lai lamar lan lancaster lance lane lars le lei lily lincoln
    lindsay lloyd logan london long louis lu lucky lyons madison major mann mao mark marquez marsh martin marty
    mason max may meadows melody mercedes mercer middleton milan miles miller mills mimi min miranda mo monroe
    montgomery moody moran morgan moss nash nate newton ng niu noble noel noor norris nova olive orlando pace page
    paisley pan paris park parker pat patience pearl peck peg penny peyton pierce pike ping poole pope porter
    preston price prince prudence ramsey randall ray reagan reeves rene rex rhodes rich river rob robin rock rod
    roman rose ruby rush rusty salas sana sandy santa santiago savage savannah sawyer sellers she shepherd sherman
    shields short simon siri skip sky skylar small snow so solomon song sparks spring stanley steele stein stone
    strong stuart su sue summer summers sun sunny sydney tang tao taylor terry ting todd tony townsend trang travis
    trinity tyler uma una valencia valentine van vance verity victoria violet virginia visa walker walter wan ward
    ware warner warwick washington waters weeks welch wells wen west white whitney will winters wise wolf wood woods
    wright xiang yan yates yin york young yu
    """
)
"""Names in lower case that are ordinary words or places too: they count as a person's only in better company."""

SYLLABLES = (
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|uei|ai|an|ao|ei|en|er|"
    "ia|ie|in|"
    "iu|ou|ua|ue|ui|un|uo|ve|a|e|i|o|u|v)"
)
"""A syllable of pinyin as a regular expression, in lower case."""
