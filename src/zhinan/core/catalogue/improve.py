"""E500–E549: feedback, stages and what follows from them."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E500": Entry(
        "the feedback has no column '{column}' with the right answers",
        "{suggestion}",
        "反馈中没有存放正确答案的列“{column}”",
        "{suggestion}",
    ),
    "E501": Entry(
        "no version of '{product}' is live, so there is nothing to improve",
        "zhinan build, and zhinan promote the version that should answer",
        "“{product}”没有上线的版本，无从改进",
        "请先 zhinan build，再用 zhinan promote 上线要使用的版本",
    ),
    "E502": Entry(
        "the live version @{number} reads the column '{column}', which the data no longer have",
        "bring the column back, or build and promote a version by hand: zhinan build, zhinan promote",
        "上线版本 @{number} 要读取列“{column}”，但数据中已没有该列",
        "请恢复该列，或手动构建并上线：zhinan build，zhinan promote",
    ),
    "E503": Entry(
        "improve.classes names classes, but the target is a number",
        "take improve.classes out, or give data.target a column of classes",
        "improve.classes 列出了类别，但目标是数值",
        "请去掉 improve.classes，或让 data.target 指向类别列",
    ),
    "E505": Entry(
        "the file now says 'product: {now}', and this watch is of '{product}': it goes on as the file said before",
        "end the watch and start one of the new product, or write the old name again",
        "文件现在写的是 “product: {now}”，而当前监视的是 “{product}”：将继续按文件原先的内容进行",
        "请结束本次监视并为新产品重新启动，或改回原名",
    ),
    "E504": Entry(
        "this product keeps no inputs (serve.keep_inputs), and the feedback names no answers",
        "add a column prediction_id with the ids that /predict gave, or let inputs be kept",
        "本产品不保存输入（serve.keep_inputs），而反馈未指明所评的回答",
        "请加上列 prediction_id，填写 /predict 输出的 id；或允许保存输入",
    ),
    "E550": Entry(
        "nobody is named, and no forgetting waits to be finished",
        "name persons as the column data.person has them, or give a file with one a line: zhinan forget --from FILE",
        "没有指定任何人，也没有待完成的遗忘请求",
        "请按 data.person 列中的写法给出姓名或编号，或提供每行一个的文件：zhinan forget --from FILE",
    ),
    "E551": Entry(
        "nothing is known of person {place} of {count}: no row, event or version",
        "write the name as the column data.person of the data has it; nothing was erased",
        "第 {place} 个人（共 {count} 个）没有任何行、事件或版本",
        "请按数据中 data.person 列的写法填写；尚未删除任何内容",
    ),
    "E552": Entry(
        "a person asked to be forgotten while this was built from their rows; it was not kept",
        "build again: their rows are left out now",
        "构建期间有人要求被遗忘，而构建用到了其数据；结果未保留",
        "请重新构建：其数据现已排除",
    ),
    "E553": Entry(
        "this is no receipt of a forgetting: {reason}",
        "give the file that zhinan forget wrote, from receipts/ in the store's folder",
        "这不是遗忘凭证：{reason}",
        "请给出 zhinan forget 写入的文件（位于存储文件夹的 receipts/）",
    ),
    "E554": Entry(
        "the receipt is not what the audit of '{product}' has on record",
        "it was changed, or is of another store (--store)",
        "凭证与“{product}”的审计记录不符",
        "它被改动过，或属于其他存储（--store）",
    ),
    "E555": Entry(
        "somebody asked to be forgotten while this ran; nothing of it was kept",
        "run it again: their rows are left out now",
        "运行期间有人要求被遗忘；本次结果均未保留",
        "请重新运行：其数据现已排除",
    ),
    "E556": Entry(
        "version {number} of '{product}' knows somebody who asked to be forgotten, and the live one does not",
        "promote another version; zhinan forget erases this one and writes the receipt",
        "“{product}”的版本 {number} 用到了已要求被遗忘者的数据，而线上版本没有",
        "请上线其他版本；zhinan forget 会删除此版本并写入凭证",
    ),
    "E535": Entry(
        "'{name}' is no name of an event",
        "use 1 to 64 letters, digits, _ . : or -, such as order",
        "“{name}”不是合法的事件名",
        "请使用 1–64 个字母、数字或 _ . : -，例如 order",
    ),
    "E536": Entry(
        "it would begin to count only after it has stopped counting",
        "give an `after` shorter than `within`, such as after=7 days, within=14 days",
        "开始计数的时间晚于结束时间",
        "after 应短于 within，例如 after=7 days, within=14 days",
    ),
    "E537": Entry(
        "'{line}' is judged in production, where nothing is optimised towards a wish",
        "move it under `must`, or leave it out",
        "“{line}”在线上判定，无法作为优化目标",
        "请移到 must 下，或去掉它",
    ),
    "E538": Entry(
        "no line can be judged before launch; '{line}' needs people who use the product",
        "add a line that examples can prove, such as accuracy >= 90%",
        "没有任何条件可在上线前判定；“{line}”需要真实用户",
        "请加上可用样本证明的条件，例如 accuracy >= 90%",
    ),
    "E539": Entry(
        "'{line}' waits longer than events are kept ({kept})",
        "keep them longer, such as serve: {{retention: 60 days}}, or wait less",
        "“{line}”等待的时间超过事件保留期（{kept}）",
        "请延长保留期，例如 serve: {{retention: 60 days}}，或缩短等待",
    ),
    "E540": Entry(
        "'{line}' is judged in production, from what people do, never on examples",
        "leave it out here; put it under `must` of product.yaml, and `zhinan status` judges it",
        "“{line}”依据用户行为在线上判定，不能用样本判定",
        "此处请去掉它；写在 product.yaml 的 must 下，由 zhinan status 判定",
    ),
    "E541": Entry(
        "'{metric}' is compared with a number; nobody else answers the same people",
        "write a number; `zhinan status` shows each version beside the other",
        "“{metric}”只能与数值比较；没有其他系统回答同样的用户",
        "请写一个数值；zhinan status 会并列显示各版本",
    ),
    "E542": Entry(
        "a rating has to be at least something above 0 and on its scale, which ends at 100 or before",
        "write such as satisfaction(least=4, scale=5)",
        "评分下限须大于 0 且不超过量表上限，量表上限不超过 100",
        "写法如 satisfaction(least=4, scale=5)",
    ),
    "E543": Entry(
        "a mean needs the longest time that counts, and a quantile does not ask for it",
        "write take=mean with most=2 h, or a quantile such as take=p90 without most",
        "均值需要写明最长时间，而分位数不需要",
        "请写 take=mean 并给出 most=2 h，或写分位数如 take=p90 且不写 most",
    ),
    "E544": Entry(
        "no number of events could show that",
        "give a target that leaves room for one that misses: below 100%, or below `most`",
        "再多的事件也无法证明这一点",
        "请给出留有余地的目标：低于 100%，或低于 most",
    ),
}
