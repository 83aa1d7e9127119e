"""The sentences of the engineering page: what was tried, how it errs, on what data, and where it ran."""

from __future__ import annotations

__all__ = ["ENGINEERING"]

ENGINEERING: dict[str, tuple[str, str]] = {
    "lines": ("Contract lines", "合同条款"),
    "lines_note": (
        "As written in the contract, with the figures behind each verdict.",
        "按合同原文列出，附各结论所依据的数字。",
    ),
    # recipes
    "recipes": ("Recipes tried", "尝试过的方案"),
    "recipes_note": (
        "Cheapest first, compared on dev; the chosen one alone met the sealed set.",
        "由便宜到昂贵，在开发集上比较；只有选中的方案接触过封存集。",
    ),
    "recipes_note_closed": (
        "Cheapest first, compared on dev; none met the sealed set.",
        "由便宜到昂贵，在开发集上比较；没有方案接触过封存集。",
    ),
    "number": ("No.", "序号"),
    "level": ("Level", "级别"),
    "recipe": ("Recipe", "方案"),
    "encoder": ("Encoder", "编码器"),
    "seconds": ("Time", "用时"),
    "cpu": ("CPU time", "CPU 时间"),
    "energy": ("Energy", "能耗"),
    "chosen": ("chosen", "选用"),
    "skipped": ("skipped", "跳过"),
    "scatter": ("{metric} on dev against CPU time", "开发集 {metric} 与 CPU 时间"),
    "cpu_axis": ("CPU time, logarithmic", "CPU 时间（对数）"),
    "asked": ("asked: {target}", "要求：{target}"),
    # learning curve and feasibility
    "curve": ("Would more labels help?", "增加标注有用吗？"),
    "curve_note": (
        "Dots: error on dev of {line} with nested parts of the training data. Band: the forecast, a range and never a "
        "promise.",
        "圆点为用训练数据的嵌套子集得到的开发集误差（{line}）；色带为预测范围，不是承诺。",
    ),
    "curve_note_bare": (
        "Dots: error on dev with nested parts of the training data. Band: the forecast, a range and never a promise.",
        "圆点为用训练数据的嵌套子集得到的开发集误差；色带为预测范围，不是承诺。",
    ),
    "curve_plot": (
        "Learning curve: error {first} with {few} training examples, {last} with {many}",
        "学习曲线：{few} 条训练样本时误差 {first}，{many} 条时 {last}",
    ),
    "curve_ahead": (
        "Forecast at {n} training examples: error {low} to {high}.",
        "预测：{n} 条训练样本时误差为 {low} 至 {high}。",
    ),
    "curve_needed": (
        "To reach the error asked, {target}, an estimated {low} to {high} training examples are needed.",
        "要达到所要求的误差 {target}，估计需要 {low} 至 {high} 条训练样本。",
    ),
    "curve_axis": ("training examples, logarithmic", "训练样本数（对数）"),
    "asked_error": ("error asked: {target}", "要求的误差：{target}"),
    "feasible": ("Is it feasible at all?", "目标可行吗？"),
    "feasible_floor": (
        "With the encoder {encoder} the unavoidable error is estimated at {floor} or more (Cover and Hart, from the "
        "nearest neighbour); the contract allows {target}.",
        "用编码器 {encoder} 时，不可避免的误差估计不低于 {floor}（由最近邻误差按 Cover–Hart 推得）；"
        "合同允许 {target}。",
    ),
    "feasible_recipe": (
        "The labels leave room: the recipe is the limit, so a larger one may reach the target. This is an estimate.",
        "标签尚有余地：瓶颈在方案，更大的方案可能达到目标。此为估计。",
    ),
    "feasible_labels": (
        "The labels themselves are the limit: clean them or relax the contract. This is an estimate.",
        "瓶颈在标签本身：请清理标签或放宽合同。此为估计。",
    ),
    # decisions
    "decisions": ("How an answer is decided", "如何得出答案"),
    "calibrate": ("Calibration", "校准"),
    "temperature": ("Temperature", "温度"),
    "abstain": ("Hands over to a person below", "低于此值转人工"),
    "auto_rate": ("Answered by itself, dev", "自动回答的比例（开发集）"),
    "precision_auto": ("Right among those, dev", "其中正确的比例（开发集）"),
    "sets_coverage": ("Sets hold the truth, dev", "集合含真值的比例（开发集）"),
    "sets_size": ("Labels in a set, on average, dev", "集合平均标签数（开发集）"),
    "offsets": ("Shifts of the classes' scores", "各类别得分的偏移"),
    "offset": ("Shift", "偏移"),
    "thresholds": ("From which probability a label is given", "各标签从多大概率起给出"),
    "threshold": ("Threshold", "阈值"),
    "least_labels": ("Labels that each answer has at least", "每个答案至少的标签数"),
    # numbers
    "numbers": ("How far off the numbers are", "数值的误差"),
    "numbers_note": (
        "On dev, in the unit of {target}. On the dashed line an answer is exact; a hollow point lies outside its "
        "interval.",
        "开发集结果，单位与 {target} 相同。虚线上的点完全准确；空心点落在其区间之外。",
    ),
    "interval_promise": (
        "Each answer comes with an interval meant to hold the truth in {level} of such cases, by split conformal "
        "prediction ({form}).",
        "每个答案都附有区间，目标是在 {level} 的情况下包含真值（分割保形预测，{form}）。",
    ),
    "interval_lacks": (
        "Each answer's interval is as wide as it can be and says nothing: one that is to hold the truth in {level} of "
        "cases is read from {need} independent examples at least (rows of one person are one), and dev has {have}. "
        "train.folds reads it from more.",
        "每个答案的区间都宽到极限，没有信息：目标为 {level} 的区间至少需要 {need} 个独立样本（同一人的行只算一个），"
        "而开发集只有 {have} 个。用 train.folds 可由更多样本得出。",
    ),
    "interval_cost": (
        "For {line} it is aimed at {level}, so that the sealed examples can prove that line: {width} wide on average; "
        "without the line, at {usual}, it would be {less}.",
        "为使封存样本能证明 {line}，区间的目标定为 {level}：平均宽 {width}；没有该条款时目标为 {usual}，宽 {less}。",
    ),
    "form_local": ("wider where the answer is less sure", "答案越没把握区间越宽"),
    "form_alike": ("as wide for every case", "各处同宽"),
    "interval_proved": (
        "On {n} sealed examples it held the truth {value} of the time; with an error of at most {delta} it does so at "
        "least {bound} of the time.",
        "在 {n} 条封存样本上，区间包含真值的比例为 {value}；以不超过 {delta} 的出错概率，该比例至少为 {bound}。",
    ),
    "interval_few": (
        "On {n} sealed examples it held the truth {value} of the time; that is too few to prove anything.",
        "在 {n} 条封存样本上，区间包含真值的比例为 {value}；样本太少，无法证明。",
    ),
    "interval_closed": (
        "The sealed set stayed closed, so nothing is proved of it; on {n} dev examples it held the truth {value} of "
        "the time.",
        "封存集未打开，对区间没有证明；在 {n} 条开发集样本上，其包含真值的比例为 {value}。",
    ),
    "numbers_plot": ("Answer against truth, {n} dev examples", "答案与真实值，开发集 {n} 条样本"),
    "residual_plot": ("Error against answer, {n} dev examples", "误差与答案，开发集 {n} 条样本"),
    "off_axis": ("answer − truth", "答案 − 真实值"),
    "from_to": ("Answer from – to", "答案范围"),
    "cases": ("Examples", "样本数"),
    "mean_off": ("Mean error", "平均误差"),
    "mean_size": ("Mean absolute error", "平均绝对误差"),
    "held": ("In the interval", "区间内"),
    "width": ("Interval width", "区间宽度"),
    "quantile_off": ("{share} of the errors are at most {value}", "{share} 的误差不超过 {value}"),
    # confusion, reliability, classes
    "confusion": ("Confusions", "混淆矩阵"),
    "confusion_note": (
        "{n} dev examples, {right} answered right. Rows are the truth, columns the answer.",
        "开发集 {n} 条样本，答对 {right}。行为真实类别，列为系统的答案。",
    ),
    "confusion_rest": (
        "Shown are the {shown} classes with most mistakes. The other {classes} classes have {examples} examples, "
        "{right} of them right and {among} confused among themselves.",
        "仅列出错误最多的 {shown} 个类别；其余 {classes} 个类别共 {examples} 条样本，"
        "答对 {right} 条，彼此混淆 {among} 条。",
    ),
    "truth_answer": ("Truth ↓ · answer →", "真实 ↓ · 答案 →"),
    "others": ("{n} others", "其余 {n} 类"),
    "pairs": ("Most frequent mistakes", "最常见的错误"),
    "of_class": ("of the class", "占该类"),
    "mistakes": ("Mistakes", "次数"),
    "total": ("Total", "合计"),
    "reliability": ("Can its probabilities be believed?", "概率可信吗？"),
    "reliability_note": (
        "On dev. On the diagonal, answers given with 80 % are right 80 % of the time; larger dots hold more examples.",
        "开发集结果。若点落在对角线上，则以 80 % 概率给出的答案有 80 % 是对的；点越大，样本越多。",
    ),
    "reliability_error": ("Calibration error {error}", "校准误差 {error}"),
    "reliability_plot": (
        "Reliability: mean probability against the share answered right, in {n} bins",
        "可靠性图：{n} 个区间的平均概率与正确比例",
    ),
    "probability_axis": ("probability given", "给出的概率"),
    "right_axis": ("answered right", "答对的比例"),
    "roc": ("ROC curve", "ROC 曲线"),
    "roc_plot": ("ROC curve of {label}, area {area}", "{label} 的 ROC 曲线，面积 {area}"),
    "pr": ("Precision and recall", "精确率与召回率"),
    "pr_plot": ("Precision against recall of {label}, area {area}", "{label} 的精确率—召回率曲线，面积 {area}"),
    "of_label": ("{label}, area {area}", "{label}，面积 {area}"),
    "all_labels": ("all labels at once", "全部标签合计"),
    "false_axis": ("false alarms", "误报率"),
    "classes": ("Classes", "各类别"),
    "classes_note": ("On dev, weakest first.", "开发集结果，最弱的在前。"),
    "class": ("Class", "类别"),
    "precision": ("Precision", "精确率"),
    "recall": ("Recall", "召回率"),
    "f1": ("F1", "F1"),
    "train": ("Train", "训练集"),
    "dev": ("Dev", "开发集"),
    "sealed": ("Sealed", "封存集"),
    # slices, errors, suspects
    "slices": ("Parts of the data", "数据的各个部分"),
    "slices_named": ("Groups named in the contract, on dev", "合同点名的分组（开发集）"),
    "slices_weak": ("Weak parts found by search", "搜索得到的薄弱部分"),
    "slices_note": (
        "Mined on dev, then tested once on sealed examples with Benjamini and Hochberg's correction. Only parts "
        "declared in the contract gate.",
        "在开发集上挖掘，再在封存集上检验一次（Benjamini–Hochberg 校正）。只有合同中声明的部分才影响结论。",
    ),
    "slice": ("Part", "部分"),
    "rate": ("Errors, dev", "错误率（开发集）"),
    "overall": ("Overall", "总体"),
    "p": ("p", "p"),
    "rate_sealed": ("Errors, sealed", "错误率（封存集）"),
    "p_sealed": ("p, sealed", "p（封存集）"),
    "not_tested": ("not tested", "未检验"),
    "errors": ("Examples answered wrong", "答错的样本"),
    "errors_note": ("From dev, personal details masked.", "取自开发集，个人信息已遮盖。"),
    "input": ("Input", "输入"),
    "truth": ("Truth", "真实"),
    "answer": ("Answer", "答案"),
    "probability": ("Probability", "概率"),
    "explanations": ("Why it answered so", "为什么这样回答"),
    "explanations_note": (
        "+ speaks for the answer, − against it; the stronger the colour, the more it counted.",
        "+ 表示支持该答案，− 表示反对；颜色越深，作用越大。",
    ),
    "against": ("compared with", "对比"),
    "against_truth": ("compared with the truth", "对比真实类别"),
    "more_tokens": ("{n} more", "另有 {n} 个"),
    "suspects": ("Labels that are probably wrong", "可能标错的标签"),
    "suspects_note": (
        "{count} labels disagree with confident answers; about {expected} are expected to be wrong (confident "
        "learning). The sealed set is never edited automatically.",
        "有 {count} 条标签与高置信的答案不符，估计约 {expected} 条确实标错（置信学习）。封存集绝不会被自动修改。",
    ),
    "suspects_note_bare": (
        "{count} labels disagree with confident answers (confident learning). The sealed set is never edited "
        "automatically.",
        "有 {count} 条标签与高置信的答案不符（置信学习）。封存集绝不会被自动修改。",
    ),
    "row": ("Row", "行"),
    "part": ("Set", "所属"),
    "given": ("Label given", "原标签"),
    "suggested": ("Suggested", "建议"),
    "without": ("The verdict without the flagged rows", "去掉可疑行之后的结论"),
    "without_note": ("For information: the verdict above counts every row.", "仅供参考：上面的结论计入了所有行。"),
    # robustness, fairness
    "robustness": ("When the input is disturbed", "输入受到干扰时"),
    "robustness_note": ("On dev. Drop: how much the metric loses.", "开发集结果。下降：该指标损失的幅度。"),
    "under": ("Disturbance", "干扰"),
    "metric": ("Metric", "指标"),
    "drop": ("Drop", "下降"),
    "rows_n": ("Examples", "样本数"),
    "typos": ("typos", "错别字"),
    "case": ("letter case", "大小写"),
    "truncation": ("cut short", "截短"),
    "noise": ("noise", "噪声"),
    "missing": ("missing parts", "缺失"),
    "fairness": ("Between groups", "不同人群之间"),
    "fairness_note": ("On dev, with confidence intervals.", "开发集结果，附置信区间。"),
    "fairness_by": ("{metric} by {by}", "按 {by} 分组的 {metric}"),
    "fairness_gap": ("largest difference {gap}", "最大差距 {gap}"),
    "fairness_ratio": ("lowest to highest {ratio}", "最低与最高之比 {ratio}"),
    "group": ("Group", "分组"),
    "interval_of": ("{low} to {high}", "{low} 至 {high}"),
    "range": ("Interval", "区间"),
    # data
    "data": ("Data", "数据"),
    "rows": ("Rows", "行数"),
    "accepted": ("Accepted", "接受"),
    "rejected": ("Rejected", "拒绝"),
    "unlabeled": ("Without a label", "无标注"),
    "duplicates": ("Duplicates", "重复"),
    "masked": ("Details masked", "已遮盖"),
    "aside": ("Not used: too many to hold", "超出内存未使用"),
    "fingerprint": ("Fingerprint", "指纹"),
    "splits": ("How the examples were split", "样本的划分"),
    "columns": ("Columns", "列"),
    "column": ("Column", "列"),
    "kind": ("Kind", "类型"),
    "why": ("Why", "依据"),
    "findings": ("Findings", "发现"),
    "finding": ("Finding", "发现"),
    "count": ("Count", "数量"),
    # cost
    "costs": ("Cost of an answer", "使用成本"),
    "costs_note": (
        "Measured on the packaged version, on the machine named below.",
        "在打包后的版本上测得，机器见下文。",
    ),
    "latency": ("Latency", "延迟"),
    "measure": ("Measure", "项目"),
    "p50": ("Latency, half of answers within", "延迟中位数（P50）"),
    "p95": ("Latency, 95 % of answers within", "延迟 P95"),
    "p99": ("Latency, 99 % of answers within", "延迟 P99"),
    "throughput": ("Throughput", "吞吐量"),
    "size": ("Size on disk", "磁盘体积"),
    "memory": ("Memory", "内存"),
    "energy_answers": ("Energy per 1,000 answers", "每 1,000 次回答的能耗"),
    "money_answers": ("Money per 1,000 answers", "每 1,000 次回答的费用"),
    "blocks": ("p95 latency by block, each in a fresh process", "各组的 P95 延迟（每组为新进程）"),
    "block": ("Block", "组"),
    # environment, ledger, contract
    "environment": ("Environment", "环境"),
    "name": ("Name", "名称"),
    "what": ("Value", "值"),
    "ledger": ("Ledger of the sealed set", "封存集账本"),
    "ledger_note": (
        "Every look at the sealed set is counted, and a later look must pass a stricter test.",
        "每次查看封存集都会记账，越往后的查看须通过越严格的检验。",
    ),
    "opening": ("Opening", "第几次"),
    "delta": ("Error allowed", "允许的错误率"),
    "left": ("Left", "剩余"),
    "when": ("When", "时间"),
    "result": ("Outcome", "结果"),
    "commitment": (
        "The sealed set was committed to before training: {rows} rows under the root below, {when}.",
        "封存集在训练之前已作承诺：{rows} 行，根哈希如下，时间 {when}。",
    ),
    "root": ("Root of the sealed set", "封存集的根哈希"),
    "audited": ("Its entry in the audit log", "在审计日志中的条目"),
    "contract": ("Contract", "合同"),
    "contract_note": ("As it was read for this build.", "本次构建所读取的原文。"),
}
