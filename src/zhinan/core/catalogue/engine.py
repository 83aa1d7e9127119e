"""E300–E349: building."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E300": Entry(
        "no recipe could be tried on these columns within the budget",
        "give a larger budget, or see `zhinan check` for why columns were left out",
        "在预算内没有任何配方能用于这些列",
        "请加大预算，或用 `zhinan check` 查看哪些列被排除及原因",
    ),
    "E325": Entry(
        "nothing to learn from: the inputs are of kind {kinds}, which no recipe reads yet",
        "`zhinan check` reads and checks pictures and recordings; `zhinan build` learns from inputs of text, numbers,"
        " categories, flags, times and lists, for every task: add such a column",
        "没有可供学习的输入：现有输入为 {kinds} 类型，目前还没有配方能读取",
        "`zhinan check` 可读取并检查图片和录音；`zhinan build` 的各类任务可学习文本、数值、类别、是非、时间和列表："
        "请增加这样的列",
    ),
    "E301": Entry(
        "unknown level '{name}'",
        "{suggestion}",
        "未知的级别“{name}”",
        "{suggestion}",
    ),
    "E302": Entry(
        "there is no unfinished build of this contract of '{product}' to go on with",
        "build without --resume; what an earlier build computed is used anyway",
        "“{product}” 的这份合同没有可继续的未完成构建",
        "请去掉 --resume 重新构建；之前算过的结果仍会使用",
    ),
    "E304": Entry(
        "'{line}' asks how many rows are not handed to a person, and several labels a row are never handed over",
        "ask for the condition itself, such as {condition}; rows with a label near its threshold "
        "(/predict?probabilities=1) are yours to hand over, and `zhinan prove FILE --handover COLUMN` judges this very "
        "line on what you did; or say `task: classify` when each combination is a class",
        "“{line}”问的是有多少行不转人工，而每行有多个标签时从不转人工",
        "请直接要求其条件，例如 {condition}；概率接近阈值的行（/predict?probabilities=1）可由您自行转人工，"
        "再用 `zhinan prove 文件 --handover 列` 评判这一条；若每种组合是一个类别，请写 `task: classify`",
    ),
    "E305": Entry(
        "{key} means nothing here: the answers are {kind} (task {task})",
        "remove it, or name another task",
        "{key} 在此没有意义：答案是{kind}（任务 {task}）",
        "请删去这一项，或改用其他任务",
    ),
    "E306": Entry(
        "{metric} does not judge {kind}, and {kind} are what is answered here",
        "{fix}",
        "{metric} 不能评判{kind}，而这里的答案是{kind}",
        "{fix}",
    ),
    "E307": Entry(
        "'{line}' is about a class, and numbers have none",
        "name rows by a column instead, such as mae[channel=web] <= 3",
        "“{line}”针对某个类别，而数值没有类别",
        "请改用列来指明行，例如 mae[channel=web] <= 3",
    ),
    "E308": Entry(
        "every value of the target '{name}' is the same number: there is nothing to predict",
        "check that the right column is named as the target",
        "目标列“{name}”的值都是同一个数，没有可预测的内容",
        "请确认目标列是否写对",
    ),
    "E309": Entry(
        "'{label}' is no number from -1e15 to 1e15, and numbers are what is answered here",
        "write a number such as 12.5",
        "“{label}”不是 -1e15 到 1e15 的数值，而这里的答案是数值",
        "请写一个数值，例如 12.5",
    ),
    "E310": Entry(
        "this is no version",
        "give a directory, an exported zip, @3, @live, @latest or NAME@3",
        "这不是一个版本",
        "请给出目录、导出的 zip、@3、@live、@latest 或 NAME@3",
    ),
    "E311": Entry("no such version: {reason}", "zhinan status", "没有这样的版本：{reason}", "zhinan status"),
    "E312": Entry(
        "this version of '{product}' was built from other data, or may have learned from rows that this contract seals",
        "name a version of this product, or build again: changed data, and lines that seal more rows, take a new one",
        "“{product}”的这个版本用其他数据构建，或可能学过这份合同要封存的行",
        "请指定本产品的版本，或重新构建：数据有变或条款需要封存更多行时，须有新的版本",
    ),
    "E313": Entry(
        "{count} row(s) cannot be read; the first: {reason}",
        "mend the rows; nothing was written, so that no answer stands beside the wrong row",
        "有 {count} 行无法读取；第一处：{reason}",
        "请修正这些行；为免答案错位，什么都没有写",
    ),
    "E314": Entry(
        "answers cannot be written to this kind of file",
        "name a .csv, .tsv or .jsonl file, or - for standard output",
        "不能把答案写成这种文件",
        "请给出 .csv、.tsv 或 .jsonl 文件，或用 - 写到标准输出",
    ),
    "E315": Entry(
        "'{text}' is not COLUMN=VALUE",
        'write for example: zhinan predict @live message="卡丢了"',
        "“{text}”不是 列=值 的形式",
        '例如：zhinan predict @live message="卡丢了"',
    ),
    "E316": Entry(
        "this release exports to .zip; a single ONNX or TFLite graph comes with a later one",
        "name a .zip file; `open_version` and `zhinan serve` take it as it is",
        "此版本只能导出 .zip；单个 ONNX 或 TFLite 图将在以后的版本提供",
        "请给出 .zip 文件；`open_version` 和 `zhinan serve` 可直接使用",
    ),
    "E317": Entry(
        "{what}",
        "see `{command} --help`",
        "{what}",
        "请看 `{command} --help`",
    ),
    "E318": Entry(
        "cannot be written: {reason}",
        "name a file in a folder that exists and that you may write to",
        "无法写入：{reason}",
        "请指定一个已存在且可写的文件夹中的文件",
    ),
    "E320": Entry(
        "there is a product here already",
        "choose another folder; nothing was changed",
        "这里已有一个产品",
        "请换一个文件夹；没有改动任何内容",
    ),
    "E321": Entry(
        "no column of this file looks like something to predict",
        "name the column of right answers label or target, or write product.yaml by hand (`zhinan new DIR`)",
        "此文件没有像是预测目标的列",
        "请把正确答案那一列命名为 label 或 target，或手写 product.yaml（`zhinan new DIR`）",
    ),
    "E322": Entry("unknown example", "{suggestion}", "未知的示例", "{suggestion}"),
    "E323": Entry(
        "the plan of openings was {declared} when this sealed set was first opened, and is {now} now",
        "put `proof: {{openings: …}}` back as it was: a plan made before the first opening may not be changed after it",
        "此封存集首次打开时的计划为 {declared} 次，现在为 {now} 次",
        "请把 `proof: {{openings: …}}` 改回原样：首次打开之前定下的计划之后不得更改",
    ),
    "E324": Entry(
        "an override of the ledger needs a reason",
        'say who wants it and why, such as --override-ledger "audit of 12 May"; it is kept and printed',
        "越过封存集账本需要理由",
        '请写明原因，例如 --override-ledger "5 月 12 日审计"；它会被记录并打印',
    ),
    "E326": Entry(
        "'{line}' is measured on disturbed rows, which train.folds cannot do",
        "take the line out, or take train.folds out: the version asked about disturbed rows would have seen them",
        "“{line}”需在受扰动的样本上测量，与 train.folds 不兼容",
        "请去掉这一行，或去掉 train.folds：被提问的版本已经见过这些样本",
    ),
    "E327": Entry(
        "{folds} folds need at least {least} {what} outside the sealed set; there are {count}",
        "ask for fewer folds, or leave train.folds out",
        "{folds} 折需要封存集之外至少 {least} {what}，现有 {count}",
        "请减少折数，或去掉 train.folds",
    ),
    "E328": Entry(
        "train.augment and train.folds are not done together",
        "leave one of them out: made-up rows of a fold that is asked about would have to be kept from those who answer",
        "train.augment 与 train.folds 不能同时使用",
        "请去掉其中之一：被提问的那一折的增强样本不能让作答的模型看到",
    ),
    "E329": Entry(
        "it would not be over in time: {stages} take about {needed} s, and {left} s of the budget are left",
        "give it more time, such as --budget 10min, or fewer rows",
        "无法按时完成：{stages}约需 {needed} 秒，而预算只剩 {left} 秒",
        "请增加时间，例如 --budget 10min，或减少行数",
    ),
    "E340": Entry(
        "'{label}' is no class of this product",
        "{suggestion}; a new class begins with its name in the contract: improve: {{classes: [NAME]}}",
        "“{label}”不是本产品的类别",
        "{suggestion}；新类别请先写入合约：improve: {{classes: [名称]}}",
    ),
    "E341": Entry(
        "no row of this product's data has the id '{row}'",
        "export the queue again (`zhinan label --to FILE`): the data has changed since",
        "本产品的数据中没有编号为“{row}”的行",
        "数据已变化，请重新导出队列（`zhinan label --to 文件`）",
    ),
    "E342": Entry(
        "there is nothing to label: {reason}",
        "name a file of rows without labels in the contract: data: {{unlabeled: FILE}}",
        "没有可标注的内容：{reason}",
        "请在合同中写明未标注数据的文件：data: {{unlabeled: 文件}}",
    ),
    "E343": Entry(
        "the file has no column '{column}' with the labels",
        "{suggestion}; export one to fill in with `zhinan label --to FILE`",
        "文件中没有标签列“{column}”",
        "{suggestion}；可用 `zhinan label --to 文件` 导出待填的表",
    ),
    "E344": Entry(
        "{count} row(s) of the file are not among those that may be labelled; the first: {first}",
        "keep the column `row` of the exported queue, or give the inputs as they stand in the data",
        "文件中有 {count} 行不在可标注的数据中；第一处：{first}",
        "请保留导出队列中的 `row` 列，或保持输入与数据中一致",
    ),
    "E346": Entry(
        "row '{row}' is sealed: its label stays as it came with the data",
        "leave its label empty; a sealed label that is wrong is corrected in the data file: that is another sealed set",
        "行“{row}”已封存：标签保持原样",
        "请把它的标签留空；若封存标签确有错误，请修改数据文件，那将成为新的封存集",
    ),
    "E347": Entry(
        "the file is there already and may hold labels; nothing was written",
        "take its labels with `zhinan label --from FILE`, or give another name",
        "文件已存在，可能已有标签；未写入任何内容",
        "请用 `zhinan label --from 文件` 取用其中的标签，或换一个文件名",
    ),
    "E345": Entry(
        "labelling one key at a time needs a terminal",
        "give the labels in a file: zhinan label --to FILE, fill it in, zhinan label --from FILE",
        "逐键标注需要终端",
        "请用文件标注：zhinan label --to 文件，填好后 zhinan label --from 文件",
    ),
}
