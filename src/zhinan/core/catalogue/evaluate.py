"""E250–E299: judging predictions and versions."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E250": Entry(
        "{metric} needs the probability of each class, and only answers were given",
        "give probabilities (a column per class, or --probability for the second of two), or take a metric of answers",
        "{metric} 需要各类别的概率，但只提供了答案",
        "请提供概率（每类一列，或二分类时用 --probability），或改用只看答案的指标",
    ),
    "E251": Entry(
        "a gap by '{by}' needs at least two groups; the judged data has only: {only}",
        "name a column with two or more groups, or collect data of the missing group",
        "按“{by}”比较差距至少需要两个组；被评数据只有：{only}",
        "请换一个至少有两组的列，或补充缺少的组的数据",
    ),
    "E252": Entry(
        "there is no column '{column}' among the judged rows",
        "{suggestion}",
        "被评数据中没有列“{column}”",
        "{suggestion}",
    ),
    "E253": Entry(
        "no judged row has {column}={value}",
        "{suggestion}",
        "被评数据中没有 {column}={value} 的行",
        "{suggestion}",
    ),
    "E254": Entry(
        "the draft could not be run in a fresh process: {reason}",
        "run `zhinan verify` on it; if that passes, report this with the message",
        "新进程无法运行该草稿：{reason}",
        "请对它运行 `zhinan verify`；若通过，请带着此信息报告",
    ),
    "E255": Entry(
        "{metric} of which class?",
        "{suggestion}",
        "{metric} 指哪个类别？",
        "{suggestion}",
    ),
    "E256": Entry(
        "'{line}' is about the cost of an answer, which predictions alone do not tell",
        "leave it out here; `zhinan build` and `zhinan prove VERSION` measure it on the packaged version",
        "“{line}” 关于回答的成本，仅凭预测无法得知",
        "此处请去掉；`zhinan build` 与 `zhinan prove VERSION` 会在打包的版本上测量",
    ),
    "E257": Entry(
        "nothing to prove: no must line was given",
        'give at least one, such as --must "accuracy >= 90%"',
        "没有要证明的内容：未给出 must 行",
        '请至少给一行，例如 --must "accuracy >= 90%"',
    ),
    "E258": Entry(
        "confidence {value} is not between 0.5 and 1",
        "give a share such as 0.95",
        "置信度 {value} 不在 0.5 与 1 之间",
        "请给出如 0.95 的数",
    ),
    "E259": Entry(
        "{option}: no column '{name}' in this file",
        "{suggestion}",
        "{option}：此文件没有列“{name}”",
        "{suggestion}",
    ),
    "E260": Entry(
        "a row has nothing in '{column}'",
        "fill it in or remove the row; an unanswered question is a wrong answer, so say so with a label of its own",
        "有一行的“{column}”为空",
        "请填上或删去该行；没有回答也算答错，请用单独的标签写明",
    ),
    "E261": Entry("a row cannot be judged: {reason}", "mend the file", "有一行无法评判：{reason}", "请修正文件"),
}
