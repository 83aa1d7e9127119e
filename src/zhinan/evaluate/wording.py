"""Every sentence of the report in English and 中文, in one table, so that a translator has one place to look at."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["TEXTS", "Text"]


class Text(NamedTuple):
    """One sentence in both languages; `{name}` stands for a value, the same ones in both."""

    en: str
    zh: str


TEXTS: dict[str, Text] = {
    # the head of the page
    "version": Text("version {number}", "版本 {number}"),
    "draft": Text("draft", "草稿"),
    "made": Text("made {when}", "生成于 {when}"),
    "language": Text("Language", "语言"),
    "contents": Text("Contents", "目录"),
    "skip": Text("Skip to the verdict", "跳到结论"),
    "stage_live": Text("live", "在线"),
    "stage_ready": Text("ready, not live", "就绪，未上线"),
    "stage_retired": Text("retired", "已退役"),
    # verdicts
    "verdict": Text("Verdict", "结论"),
    "PROVED": Text("PROVED", "达标"),
    "REFUTED": Text("REFUTED", "不达标"),
    "UNDECIDED": Text("UNDECIDED", "证据不足"),
    "line": Text("What was asked", "合同条款"),
    "value": Text("Measured", "实测"),
    "bound": Text("Proof", "证明"),
    "evidence": Text("Evidence", "证据"),
    "decides": Text("What would decide it", "怎样才能判定"),
    "least": Text("at least {bound}", "至少 {bound}"),
    "most": Text("at most {bound}", "至多 {bound}"),
    "exact": Text("exact", "精确值"),
    "at_confidence": Text("at {confidence}", "置信度 {confidence}"),
    "on_sealed": Text("n = {n} sealed", "n = {n}（封存集）"),
    "on_dev": Text("n = {n} dev, seal closed", "n = {n}（开发集，封存集未打开）"),
    "on_measured": Text("n = {n} measured here", "n = {n}（本机实测）"),
    "decide_examples": Text("{n} more labelled examples", "再标注 {n} 条样本"),
    "decide_requests": Text("{n} more timed requests", "再测 {n} 次请求"),
    "decide_sealed": Text("opening the seal", "打开封存集"),
    "decide_unknown": Text("more examples like these cannot say", "此类样本再多也无法判定"),
    "legend": Text(
        "Dot: what was measured. Bar: where the true value lies at this confidence. Shaded: what the contract asks. "
        "A bar wholly inside the shade is a proof.",
        "圆点为实测值，横条为真实值在该置信度下所处的范围，阴影为合同要求的范围；横条完全落在阴影内即为证明。",
    ),
    "interval": Text("measured {value}, bound {bound}, asked {target}", "实测 {value}，界 {bound}，要求 {target}"),
    "on_exact": Text("counted, not sampled", "直接计得，无抽样"),
    "should": Text("Wished for, not required", "期望项，不影响结论"),
    # outcome
    "outcome": Text("Goal and outcome", "目标与结果"),
    "outcome_PROVED": Text(
        "Every line of the contract is proved ({m} of {m}), each at {confidence} confidence.",
        "合同的每一条条款均已达标（{m}/{m}），每条的置信度为 {confidence}。",
    ),
    "outcome_UNDECIDED": Text(
        "Of {m} lines, {proved} proved at {confidence} confidence, {undecided} undecided, none refuted. "
        "Where undecided, the evidence does not suffice either way.",
        "{m} 条条款中，{proved} 条在 {confidence} 置信度下达标，{undecided} 条证据不足，没有不达标的；"
        "证据不足的条款尚不能下结论。",
    ),
    "outcome_REFUTED": Text(
        "Of {m} lines, {refuted} refuted, {undecided} undecided, {proved} proved at {confidence} confidence: "
        "this version does not do what was asked.",
        "{m} 条条款中，{refuted} 条不达标，{undecided} 条证据不足，{proved} 条在 {confidence} 置信度下达标："
        "该版本没有做到所要求的。",
    ),
    "seal_closed_dev": Text(
        "The seal stayed closed: dev examples already refute a line, so no sealed example was spent.",
        "封存集未打开：开发集已足以否定某一条款，因此没有消耗封存样本。",
    ),
    "seal_closed_measured": Text(
        "The seal stayed closed: a cost line is refuted, so no sealed example was spent.",
        "封存集未打开：已有成本条款不达标，因此没有消耗封存样本。",
    ),
    "seal_closed": Text("The seal stayed closed: this is a draft.", "封存集未打开：这是一份草稿。"),
    "tile_recipe": Text("chosen recipe", "选用的方案"),
    "tile_built": Text("built in", "构建用时"),
    "tile_latency": Text("95 % of answers within", "95 % 的请求耗时不超过"),
    "tile_size": Text("size", "体积"),
    "tile_examples": Text("labelled examples", "有标注的样本"),
    # what to do next
    "next": Text("What to do next", "下一步"),
    "next_serve": Text(
        "Nothing is left to prove for this contract. Serve it with {command}, and give feedback back: "
        "the same contract keeps watching it.",
        "该合同已无需再证明。用 {command} 上线，并回传反馈：同一份合同会继续看守它。",
    ),
    "next_examples": Text(
        "Label at least {n} more examples from where the product will be used (for a line about one class: of that "
        "class), add them to the test data and build again.",
        "从产品实际使用场景中至少再标注 {n} 条样本（若条款只针对某一类别，则为该类别的样本），加入测试数据后重新构建。",
    ),
    "next_requests": Text(
        "Measure {n} more requests, on a quiet machine: that many decide the cost lines.",
        "在空闲的机器上再测 {n} 次请求：这个数量足以判定成本条款。",
    ),
    "next_draft": Text(
        "Nothing sealed was looked at. Build without {option} to open the seal and have the contract decided.",
        "尚未查看任何封存样本。去掉 {option} 重新构建，即可打开封存集并作出判定。",
    ),
    "next_relax": Text(
        "The smallest single change of the contract that would pass: {line} becomes {to}.",
        "能够通过的最小改动：把 {line} 改为 {to}。",
    ),
    "next_labels": Text(
        "Collect more training labels: an estimated {low} to {high} more would reach the target.",
        "增加训练标注：估计再标注 {low} 至 {high} 条可达到目标。",
    ),
    "next_suspect": Text(
        "Look again at {n} labels that are probably wrong; a mended label often pays more than a new one.",
        "复查 {n} 条可能标错的标签；改正一条往往比新增一条更有用。",
    ),
    "next_slices": Text("Weakest parts of the data, on dev:", "开发集上最薄弱的部分："),
    "next_pareto": Text("Alternatives nothing beats on both quality and cost:", "质量与成本上都没有被超过的其他方案："),
    "next_refuted": Text(
        "Relax the refuted line, or give the build more and cleaner data.",
        "放宽不达标的条款，或提供更多、更干净的数据。",
    ),
    "next_undecided": Text(
        "The open lines cannot be decided with this data alone: look at how they are written, then build again.",
        "仅凭现有数据无法判定剩余条款：请检查条款的写法，再重新构建。",
    ),
    # limits
    "limits": Text("What was not proved", "哪些没有得到证明"),
    "limit_where": Text(
        "The verdicts hold for examples like the sealed ones. If those do not come from where the product will be "
        "used, nothing is proved about it.",
        "结论只对与封存集同类的样本成立；若封存集并非来自产品的实际使用场景，则对实际使用没有任何证明。",
    ),
    "limit_sealed_off": Text("No quality line was tested on sealed examples.", "没有任何质量条款在封存样本上检验过。"),
    "limit_dev": Text(
        "Everything below about recipes, classes and mistakes comes from dev examples. They were used to choose, so "
        "these figures are a guide, not a proof.",
        "下文关于方案、类别和错误的数字均来自开发集；开发集参与了挑选，因此这些数字只供参考，不是证明。",
    ),
    "limit_tune": Text(
        "Whoever changes the product after looking at sealed values leaves the guarantee.",
        "看过封存集数值之后再据此调整产品，保证即告失效。",
    ),
    "limit_opening": Text(
        "This was opening {t} of the sealed set, at an error of {delta}; openings left: {left}.",
        "这是封存集的第 {t} 次打开，所用错误率为 {delta}；剩余次数：{left}。",
    ),
    "limit_machine": Text(
        "Time, throughput and memory are proved for this machine only: {machine}.",
        "耗时、吞吐量和内存只对这台机器成立：{machine}。",
    ),
    "limit_machine_unknown": Text(
        "Time, throughput and memory are proved for the machine they were measured on, no other.",
        "耗时、吞吐量和内存只对测量所用的机器成立。",
    ),
    "limit_seed": Text(
        "One build with seed {seed}. Another seed may find another version, with verdicts of its own.",
        "本次构建使用随机种子 {seed}；换一个种子可能得到另一个版本，其结论须另行证明。",
    ),
    "limit_undeclared": Text(
        "Nothing is claimed beyond the lines above: groups, disturbances and classes they do not name were not tested.",
        "除上述条款外不作任何保证：条款未提到的人群、干扰和类别均未检验。",
    ),
    "limit_chance": Text(
        "At {confidence} confidence a false line passes in at most {risk} of such proofs.",
        "在 {confidence} 置信度下，不成立的条款最多有 {risk} 的可能被误判为达标。",
    ),
    # recipes
    "recipes": Text("Recipes tried", "尝试过的方案"),
    "recipes_note": Text(
        "Cheapest first, compared on dev; the chosen one alone met the sealed set.",
        "由便宜到昂贵，在开发集上比较；只有选中的方案接触过封存集。",
    ),
    "recipes_note_closed": Text(
        "Cheapest first, compared on dev; none met the sealed set.",
        "由便宜到昂贵，在开发集上比较；没有方案接触过封存集。",
    ),
    "number": Text("No.", "序号"),
    "level": Text("Level", "级别"),
    "recipe": Text("Recipe", "方案"),
    "encoder": Text("Encoder", "编码器"),
    "seconds": Text("Time", "用时"),
    "cpu": Text("CPU time", "CPU 时间"),
    "energy": Text("Energy", "能耗"),
    "chosen": Text("chosen", "选用"),
    "skipped": Text("skipped", "跳过"),
    "scatter": Text("{metric} on dev against CPU time", "开发集 {metric} 与 CPU 时间"),
    "cpu_axis": Text("CPU time, logarithmic", "CPU 时间（对数）"),
    "asked": Text("asked: {target}", "要求：{target}"),
    # confusion, classes, errors
    "confusion": Text("Confusions", "混淆矩阵"),
    "confusion_note": Text(
        "{n} dev examples, {right} answered right. Rows are the truth, columns the answer.",
        "开发集 {n} 条样本，答对 {right}。行为真实类别，列为系统的答案。",
    ),
    "confusion_rest": Text(
        "Shown are the {shown} classes with most mistakes. The other {classes} classes have {examples} examples, "
        "{right} of them right and {among} confused among themselves.",
        "仅列出错误最多的 {shown} 个类别；其余 {classes} 个类别共 {examples} 条样本，"
        "答对 {right} 条，彼此混淆 {among} 条。",
    ),
    "truth_answer": Text("Truth ↓ · answer →", "真实 ↓ · 答案 →"),
    "others": Text("{n} others", "其余 {n} 类"),
    "pairs": Text("Most frequent mistakes", "最常见的错误"),
    "of_class": Text("of the class", "占该类"),
    "mistakes": Text("Mistakes", "次数"),
    "total": Text("Total", "合计"),
    "classes": Text("Classes", "各类别"),
    "classes_note": Text("On dev, weakest first.", "开发集结果，最弱的在前。"),
    "class": Text("Class", "类别"),
    "precision": Text("Precision", "精确率"),
    "recall": Text("Recall", "召回率"),
    "f1": Text("F1", "F1"),
    "train": Text("Train", "训练集"),
    "dev": Text("Dev", "开发集"),
    "sealed": Text("Sealed", "封存集"),
    "errors": Text("Examples answered wrong", "答错的样本"),
    "errors_note": Text("From dev, personal details masked.", "取自开发集，个人信息已遮盖。"),
    "input": Text("Input", "输入"),
    "truth": Text("Truth", "真实"),
    "answer": Text("Answer", "答案"),
    "probability": Text("Probability", "概率"),
    # data
    "data": Text("Data", "数据"),
    "rows": Text("Rows", "行数"),
    "accepted": Text("Accepted", "接受"),
    "rejected": Text("Rejected", "拒绝"),
    "unlabeled": Text("Without a label", "无标注"),
    "duplicates": Text("Duplicates", "重复"),
    "masked": Text("Details masked", "已遮盖"),
    "fingerprint": Text("Fingerprint", "指纹"),
    "splits": Text("How the examples were split", "样本的划分"),
    "columns": Text("Columns", "列"),
    "column": Text("Column", "列"),
    "kind": Text("Kind", "类型"),
    "why": Text("Why", "依据"),
    "findings": Text("Findings", "发现"),
    "finding": Text("Finding", "发现"),
    "count": Text("Count", "数量"),
    # cost
    "costs": Text("Cost of an answer", "使用成本"),
    "costs_note": Text(
        "Measured on the packaged version, on the machine named below.", "在打包后的版本上测得，机器见下文。"
    ),
    "measure": Text("Measure", "项目"),
    "p50": Text("Latency, half of answers within", "延迟中位数（P50）"),
    "p95": Text("Latency, 95 % of answers within", "延迟 P95"),
    "p99": Text("Latency, 99 % of answers within", "延迟 P99"),
    "throughput": Text("Throughput", "吞吐量"),
    "size": Text("Size on disk", "磁盘体积"),
    "memory": Text("Memory", "内存"),
    "blocks": Text("p95 latency by block, each in a fresh process", "各组的 P95 延迟（每组为新进程）"),
    "block": Text("Block", "组"),
    # environment, ledger, contract, licences
    "environment": Text("Environment", "环境"),
    "name": Text("Name", "名称"),
    "what": Text("Value", "值"),
    "ledger": Text("Ledger of the sealed set", "封存集账本"),
    "ledger_note": Text(
        "Every look at the sealed set is counted, and a later look must pass a stricter test.",
        "每次查看封存集都会记账，越往后的查看须通过越严格的检验。",
    ),
    "opening": Text("Opening", "第几次"),
    "delta": Text("Error allowed", "允许的错误率"),
    "left": Text("Left", "剩余"),
    "when": Text("When", "时间"),
    "result": Text("Outcome", "结果"),
    "contract": Text("Contract", "合同"),
    "contract_note": Text("As it was read for this build.", "本次构建所读取的原文。"),
    "licences": Text("Licences", "许可"),
    "file": Text("File", "文件"),
    "licence": Text("Licence", "许可"),
    "footer": Text(
        "Zhinan {version}. This page is one file and loads nothing.",
        "指南 {version}。本页为单一文件，不加载任何外部内容。",
    ),
    # the card
    "card": Text("Model card", "模型卡"),
    "use": Text("Intended use", "用途"),
    "use_note": Text(
        "For inputs like those in the data below; anything else was not tested.",
        "适用于与下述数据同类的输入；其余情况未经检验。",
    ),
    "quality": Text("Quality on dev", "开发集质量"),
}
