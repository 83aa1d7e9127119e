"""Every key of product.yaml, declared once: the reader, the JSON Schema and the page in docs/ all follow this table."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AUGMENTATIONS", "BY_NAME", "KEYS", "SHORT", "Key", "children", "words"]

AUGMENTATIONS = ("typos", "case", "width", "punctuation", "whitespace", "words", "characters")
"""How a training text may be varied; data/slips.py says what each does to it."""


@dataclass(frozen=True)
class Key:
    """One key.

    Args:
        name: dotted, "data.source".
        shape: how its value is read (values.py) and described (schema.py).
        about, about_zh: one sentence for editors and docs.
        example: a value as it is written. default: what holds when it is left out.
        choices: the words it may be, for the shapes "choice" and "choices".
        later: known, but refused until the release that implements it.
    """

    name: str
    shape: str
    about: str
    about_zh: str
    example: str = ""
    default: str = ""
    required: bool = False
    later: bool = False
    choices: tuple[str, ...] = ()

    @property
    def leaf(self) -> str:
        """The last word of the name."""
        return self.name.rpartition(".")[2]

    @property
    def parent(self) -> str:
        """The name of the section it stands in; empty at the top."""
        return self.name.rpartition(".")[0]


KEYS: tuple[Key, ...] = (
    Key("product", "name", "What the product is called.", "产品名称。", "support-router", required=True),
    Key(
        "goal",
        "text",
        "What it is for, in a sentence.",
        "用一句话说明它的用途。",
        "Send every message to the right team.",
    ),
    Key(
        "data",
        "section",
        "The examples; a single path is short for data.source.",
        "样本数据；只写一个路径即为 data.source。",
        "messages.csv",
        required=True,
    ),
    Key(
        "data.source",
        "sources",
        "The labelled examples: a file, a folder, a pattern, an address, a query, or a list of those.",
        "带标签的样本：文件、文件夹、通配符、网址、查询，或它们的列表。",
        "messages.csv",
        required=True,
    ),
    Key(
        "data.test",
        "sources",
        "A file (or as source) that becomes the sealed set; without it a sealed part is split off.",
        "作为封存集的文件；不写则自动划出一部分。",
        "test.csv",
    ),
    Key(
        "data.inputs",
        "kinds",
        "The columns a prediction may look at, each with its kind.",
        "预测可用的列及其类型。",
        "{message: text, channel: category}",
        "every other column, kinds inferred",
    ),
    Key(
        "data.target",
        "column",
        "The column to predict; may also stand at the top of the file.",
        "要预测的列；也可以写在文件顶层。",
        "intent",
        required=True,
    ),
    Key(
        "data.person",
        "column",
        "Whose data a row is: rows of one person stay together, unless data.time parts them.",
        "该行属于谁：同一人的行不会被拆开，除非按 data.time 划分。",
        "user_id",
    ),
    Key(
        "data.time",
        "column",
        "When a row happened: trains on earlier rows, tests on later ones.",
        "该行发生的时间：用较早的行训练，用较晚的行检验。",
        "created_at",
    ),
    Key(
        "data.dates",
        "choice",
        "What 03/04/2024 or 03/04/24 means where a column's own dates do not say: day-month, month-day or year-month.",
        "若列中日期本身无法判断，03/04/2024 或 03/04/24 的含义：day-month（日/月）、month-day 或 year-month。",
        "day-month",
        choices=("day-month", "month-day", "year-month"),
    ),
    Key(
        "data.zone", "zone", "The zone of moments that say none.", "未写时区的时间所属的时区。", "Asia/Shanghai", "UTC"
    ),
    Key(
        "data.mask",
        "masks",
        "What is de-identified before anything is stored or trained on: names, or each name with its mode (mask, hash, "
        "pseudonym), a pattern of its own or names that presidio finds with a spaCy pipeline, as in {phone: hash, "
        "order_no: {pattern: 'ORD-[0-9]{8}'}, people: {presidio: models/zh}}.",
        "存储和训练前要脱敏的内容：列出名称，或写明方式（mask、hash、pseudonym）、自己的正则表达式或 presidio 流水线。",
        "[phone, email]",
        "[]",
    ),
    Key(
        "data.slices",
        "columns",
        "Columns whose groups the report shows one by one; each stays an input of its own kind.",
        "报告中按组分别展示的列；各列仍按其类型作为输入。",
        "[channel]",
        "[]",
    ),
    Key(
        "data.unlabeled",
        "sources",
        "A file (or as source) of examples without a target, which `label` and monitors draw from.",
        "没有标签的样本文件，供标注与监控抽取。",
        "more.csv",
    ),
    Key("data.positive", "text", "The class that counts as positive.", "视为正例的类别。", "fraud", later=True),
    Key(
        "data.current",
        "column",
        "A column with somebody else's answers, which `current` in a line means; never an input.",
        "别人给出的答案所在的列，即条件中的 current；绝不作为输入。",
        "llm_answer",
    ),
    Key(
        "data.hosts",
        "hosts",
        "The hosts (or buckets) that addresses may point to; none may without being named.",
        "允许读取数据的主机（或存储桶）；未列出的一律不访问。",
        "[data.example.org]",
        "[]",
    ),
    Key("data.most", "size", "Rows to hold; of more a part is drawn.", "保留的数据；更多则抽取。", "4 GB", "400 MB"),
    Key(
        "data.clean",
        "section",
        "What is done to values before anything is learned from them, and to every row that is answered later.",
        "学习之前对数据做的清洗；之后每一行待预测的数据也同样处理。",
        "{unicode: nfkc, html: text}",
    ),
    Key(
        "data.clean.unicode",
        "choice",
        "nfc joins letters with their accents; nfkc also makes full-width letters and signs half-width.",
        "nfc 合并字母与重音符；nfkc 还会把全角字符转为半角。",
        "nfkc",
        "nfc",
        choices=("nfc", "nfkc", "none"),
    ),
    Key(
        "data.clean.encoding",
        "choice",
        "repair undoes what was surely read in the wrong encoding, such as cafÃ©.",
        "repair 修复可以确定的乱码，例如 cafÃ©。",
        "none",
        "repair",
        choices=("repair", "none"),
    ),
    Key(
        "data.clean.html",
        "choice",
        "text takes tags and entities off, also those that were escaped; what is no tag, as in `a<b && c>d`, stays.",
        "text 去除 HTML 标签与实体，包括转义过的；不是标签的（如 `a<b && c>d`）保留。",
        "text",
        "none",
        choices=("text", "none"),
    ),
    Key(
        "data.clean.chinese",
        "choice",
        "All 汉字 in one form: simplified or traditional.",
        "统一汉字字形：simplified 简体或 traditional 繁体。",
        "simplified",
        "none",
        choices=("simplified", "traditional", "none"),
    ),
    Key(
        "data.clean.whitespace",
        "choice",
        "collapse makes each run of white space one space.",
        "collapse 将连续空白合并为一个空格。",
        "collapse",
        "none",
        choices=("collapse", "none"),
    ),
    Key(
        "data.clean.missing",
        "columns",
        "More words that mean a missing value, in any case; a number is put in quotes.",
        "其他表示缺失的词，不分大小写；数字请加引号。",
        '[not given, "-999"]',
        "[]",
    ),
    Key(
        "data.clean.outliers",
        "choice",
        "clip keeps numbers within three quartile ranges of the quartiles of train.",
        "clip 将数值限制在训练集四分位数外三倍四分位距之内。",
        "clip",
        "none",
        choices=("clip", "none"),
    ),
    Key("task", "task", "What kind of answer is wanted.", "需要哪一类答案。", "classify", "inferred from the target"),
    Key(
        "must",
        "lines",
        "What has to be proved; one failing line fails the product.",
        "必须被证明的条件；一条不满足即不达标。",
        "[accuracy >= 90%]",
        required=True,
    ),
    Key(
        "should",
        "lines",
        "What is reported and optimised, but never gates.",
        "会报告并优化、但不作为门槛的条件。",
        "[latency_p95 <= 5 ms]",
        "[]",
    ),
    Key(
        "confidence",
        "confidence",
        "How sure each proof has to be, from 50% to 99.99%.",
        "每项证明的置信度，50% 到 99.99%。",
        "99%",
        "95%",
    ),
    Key(
        "budget",
        "duration",
        "Wall clock of the whole command: s, min, h or days. The first recipe is tried in any case; "
        "what else would not be over in time is left out and said.",
        "整个命令的时长上限：s、min、h 或 days。首个方案总会尝试；其余来不及完成的会略去并说明。",
        "1 h",
        "10 min",
    ),
    Key("proof", "section", "How the sealed set is used.", "封存集的使用方式。", "{openings: 5}"),
    Key(
        "proof.openings",
        "count",
        "How often it may be opened in all; the error is shared out beforehand.",
        "总共允许打开的次数；误差预先分摊。",
        "5",
        "no plan",
    ),
    Key(
        "proof.margin",
        "points",
        "For promotion: how much worse a challenger may be and still count as no worse.",
        "用于上线切换：挑战者差多少以内仍视为不更差。",
        "0.5 pt",
        "1 pt",
    ),
    Key("cost", "section", "What mistakes, power and this machine cost.", "错误、电力与本机的价格。", "{watts: 65}"),
    Key(
        "cost.price",
        "money",
        "What an hour of this machine costs, in USD or CNY.",
        "本机每小时的价格，USD 或 CNY。",
        "0.10 USD",
    ),
    Key(
        "cost.watts",
        "watts",
        "The machine's power under load, for an estimate of energy where it cannot be measured.",
        "机器满载功率（瓦），用于在无法测量时估算能耗。",
        "65",
    ),
    Key(
        "cost.matrix",
        "matrix",
        "What each kind of mistake costs, {truth: {answer: number}}; others cost 1.",
        "各类错误的代价，{真实: {答案: 数值}}；未列出的错误记 1。",
        "{refund: {other: 5}}",
        "every mistake 1",
    ),
    Key(
        "cost.current",
        "money",
        "What 1,000 of today's answers cost, which `current` in a line about cost means.",
        "如今每 1000 次回答的费用，即费用条件中的 current。",
        "3 USD",
    ),
    Key("train", "section", "How recipes train.", "训练方式。", "{calibrate: isotonic}"),
    Key(
        "train.calibrate",
        "choice",
        "How probabilities are made to mean what they say: auto, temperature, isotonic or none.",
        "概率校准方式：auto、temperature、isotonic 或 none。",
        "temperature",
        "auto",
        choices=("auto", "temperature", "isotonic", "none"),
    ),
    Key(
        "train.sets",
        "share",
        "Also answer with a set of labels that holds the truth this often.",
        "同时给出一组候选标签，并保证其包含真值的比例。",
        "90%",
        "no sets",
    ),
    Key(
        "train.monotone",
        "directions",
        "Number columns with which the answer may only go up or down; of two classes say in [ ] which.",
        "答案只能随之上升或下降的数值列；两类时须在 [ ] 中写明是哪一类。",
        "{income: 'up[repaid]', age: 'down[default]'}",
        "no direction",
    ),
    Key(
        "train.interval",
        "share",
        "How often the interval beside a number holds the truth; a line such as coverage >= 90% makes it wider.",
        "数值区间包含真值的比例；coverage >= 90% 之类的条件会使其更宽。",
        "95%",
        "90%",
    ),
    Key("train.folds", "folds", "Folds that compare recipes: 2 to 20.", "比较模型的折数：2–20。", "5", "one part"),
    Key(
        "train.augment",
        "choices",
        "Made-up variations of training texts: one copy of each row with a slip of a kind listed (typos, case, width, "
        "punctuation, whitespace, words, characters). Nothing is tested on them.",
        "训练文本的数据增强：每行生成一份带有所列扰动的副本（错别字、大小写、全半角、标点、空白、缺词、缺字）；从不用于检验。",
        "[typos, whitespace]",
        "[]",
        choices=AUGMENTATIONS,
    ),
    Key("train.balance", "later", "Weights for rare classes.", "稀有类别加权。", "classes", later=True),
    Key("train.rules", "later", "Rules that come before the recipe.", "优先于模型的规则。", "rules.txt", later=True),
    Key("train.label_names", "later", "Readable names of the classes.", "类别的可读名称。", "{0: refund}", later=True),
    Key("serve", "section", "What the service stores.", "服务会保存什么。", "{keep_inputs: none}"),
    Key(
        "serve.keep_inputs",
        "choice",
        "masked stores inputs after masking (of a text the first 20,000 characters), so that feedback can be learnt "
        "from; none stores no input.",
        "masked 保存脱敏后的输入（文本取前 20,000 个字符），以便从反馈中学习；none 不保存任何输入。",
        "none",
        "masked",
        choices=("masked", "none"),
    ),
    Key(
        "serve.retention",
        "duration",
        "How long predictions and feedback are kept, then erased: s, min, h or days.",
        "预测与反馈保留多久，到期即擦除：s、min、h 或 days。",
        "7 days",
        "30 days",
    ),
    Key("improve", "section", "How feedback makes a challenger.", "反馈如何变成挑战者。", "{events: 500}"),
    Key("improve.events", "count", "How many new words `improve --watch` waits for.",
        "`improve --watch` 等到多少条新反馈才尝试。", "500", "200"),
    Key("improve.per_person_cap", "count", "How many rows one person may add.", "每人最多贡献的行数。", "20", "50"),
    Key("improve.classes", "columns", "Classes that labels and feedback may add to those of the data.",
        "标注与反馈可在数据原有类别之外新增的类别。", "[passkey]", "[]"),
)  # fmt: skip

BY_NAME: dict[str, Key] = {key.name: key for key in KEYS}
SHORT: dict[str, str] = {"target": "data.target"}
"""Keys of the five-line form: top-level spelling → the key meant."""


def children(parent: str) -> dict[str, Key]:
    """The keys that may stand in a section, by the word written there."""
    found = {key.leaf: key for key in KEYS if key.parent == parent}
    return found if parent else {**found, **{short: BY_NAME[name] for short, name in SHORT.items()}}


def words() -> frozenset[str]:
    """Every word that is a key somewhere."""
    return frozenset(key.leaf for key in KEYS)
