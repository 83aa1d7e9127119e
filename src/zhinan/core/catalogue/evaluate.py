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
    "E262": Entry(
        "'{column}' holds '{value}' where a line needs a number",
        "give plain numbers such as 12.5, without units or thousands separators",
        "“{column}”中的“{value}”不是该行条件所需的数字",
        "请填普通数字，如 12.5，不带单位或千位分隔符",
    ),
    "E263": Entry(
        "{metric} judges {wanted}, and these rows hold {found}",
        "take a metric of such rows (`zhinan list metrics` says what each needs)",
        "{metric} 评判的是{wanted}，而这些数据是{found}",
        "请换用适合的指标（`zhinan list metrics` 列出各指标所需）",
    ),
    "E264": Entry(
        "groups can be compared by shares only, and {metric} is none",
        "compare a metric with unit %, such as accuracy, recall[class] or fpr[class]",
        "组间只能比较比例类指标，而 {metric} 不是",
        "请比较单位为 % 的指标，如 accuracy、recall[类别] 或 fpr[类别]",
    ),
    "E265": Entry(
        "expected_cost needs to know what mistakes cost",
        "declare it: cost: {{matrix: {{refund: {{other: 5}}}}}} in product.yaml, or matrix={{…}} in Python",
        "expected_cost 需要知道各类错误的代价",
        "请声明：product.yaml 中的 cost: {{matrix: {{refund: {{other: 5}}}}}}，或 Python 中的 matrix={{…}}",
    ),
    "E266": Entry(
        "{metric} lacks a number that it needs",
        "write it such as: {example}",
        "{metric} 缺少必需的数值",
        "写法例如：{example}",
    ),
    "E267": Entry(
        "{count} true values are 0, and no error is a share of nothing",
        "take mae or within(…), or leave those rows out and say so",
        "有 {count} 个真值为 0，误差无法表示为其百分比",
        "请用 mae 或 within(…)，或去掉这些行并注明",
    ),
    "E268": Entry(
        "'{column}' cannot be read as {wanted}: {reason}",
        "{example}",
        "“{column}”无法读作{wanted}：{reason}",
        "{example}",
    ),
    "E269": Entry(
        "'{line}' compares with `current`, and nobody else's answers were given",
        "give them: --current COLUMN, current=… in Python, or data.current in product.yaml",
        "“{line}”要与 current 比较，但没有提供别人的答案",
        "请提供：--current 列名、Python 中的 current=…，或 product.yaml 的 data.current",
    ),
    "E270": Entry(
        "{host} may not be asked",
        "{how}",
        "不允许访问 {host}",
        "{how}",
    ),
    "E271": Entry(
        "{failed} of {total} cases got no answer; most often: {reason}",
        "mend it and run again (answers so far are kept), or count them as wrong: --errors wrong",
        "{total} 个样本中有 {failed} 个没有得到回答；最常见原因：{reason}",
        "请修复后重新运行（已有回答会保留），或用 --errors wrong 将其计为答错",
    ),
    "E272": Entry(
        "the endpoint would be asked more than is allowed: {reason}",
        "raise {option}; answers so far are kept",
        "对端点的请求超出允许范围：{reason}",
        "请调大 {option}；已有回答会保留",
    ),
    "E273": Entry(
        "--input: no column '{column}' among the cases",
        "{suggestion}",
        "--input：样本中没有列“{column}”",
        "{suggestion}",
    ),
    "E274": Entry(
        "right answers and predictions are spelled differently and would never agree: '{truth}' beside '{answer}'",
        "spell both alike: case, spaces, width, 1 or 1.0 or true",
        "正确答案与预测的写法不同，永远不会一致：“{truth}”对“{answer}”",
        "请统一写法：大小写、空格、全半角、1 与 1.0 或 true",
    ),
    "E275": Entry(
        "{metric} needs intervals or quantiles that were not given",
        "name the columns: --low COL --high COL, or call a column of quantiles q_0.9; q lies between 0 and 1",
        "{metric} 需要的区间或分位数未提供",
        "请指定列：--low 列 --high 列，或将分位数列命名为 q_0.9；q 在 0 与 1 之间",
    ),
    "E276": Entry(
        "'{condition}' cannot stand inside auto_rate(…)",
        "write a line of quality with a number, such as auto_rate(precision >= 97%) >= 70%",
        "“{condition}”不能写在 auto_rate(…) 之内",
        "请写带数值的质量条件，例如 auto_rate(precision >= 97%) >= 70%",
    ),
    "E277": Entry(
        "a token would travel in the clear",
        "use https, or an address of this machine",
        "令牌会以明文传输",
        "请使用 https，或本机地址",
    ),
    "E278": Entry(
        "'{line}' needs answers to disturbed inputs, and finished predictions cannot be asked again",
        "judge the system itself: --endpoint URL, or `zhinan prove VERSION`",
        "“{line}”需要对受扰动输入的回答，而现成的预测无法重新提问",
        "请直接评判系统：--endpoint URL，或 `zhinan prove VERSION`",
    ),
    "E279": Entry(
        "the probabilities of a row add up to {total}, so {metric} means nothing",
        "give a probability for each class that add up to 1 in every row",
        "有一行的概率之和为 {total}，{metric} 没有意义",
        "请给出每行各类之和为 1 的概率",
    ),
    "E280": Entry(
        "'{line}' would prove nothing: '{how}' changes only inputs of the kind {kinds}, and there is none",
        "leave 'under {how}' out, or take a disturbance that touches this data, such as missing",
        "“{line}”什么也证明不了：“{how}”只会改变类型为 {kinds} 的输入，而这里没有",
        "请去掉“under {how}”，或改用会影响该数据的扰动，例如 missing",
    ),
    "E281": Entry(
        "{line}: this machine does not let its energy be read (RAPL), and no power is declared",
        "add the machine's power under load to the contract, such as cost: {{watts: 65}}; energy is then estimated",
        "{line}：本机不允许读取能耗（RAPL），合同也没有声明功率",
        "请在合同中写上机器满载功率，例如 cost: {{watts: 65}}；能耗将据此估算",
    ),
    "E282": Entry(
        "what an answer costs needs the price of an hour of this machine",
        "add it to the contract, such as cost: {{price: 0.10 USD}}",
        "计算回答的费用需要本机每小时的价格",
        "请在合同中补上，例如 cost: {{price: 0.10 USD}}",
    ),
    "E283": Entry(
        "'{line}' is relative to current, and it is not known what that is: no version is live",
        "{fix}put a version live first (zhinan promote), or write the target as a number",
        "“{line}”相对于 current，但不知道 current 是什么：没有上线的版本",
        "{fix}请先上线一个版本（zhinan promote），或把目标写成数值",
    ),
    "E284": Entry(
        "'{line}' is relative to the live version {number}, which reads '{column}', no column of this contract",
        "name somebody else's answers in data.current, list the column in data.inputs, or write the target as a number",
        "“{line}”相对于线上版本 {number}，而它需要列“{column}”，此合同没有用到该列",
        "请用 data.current 指明别人的答案，或把该列写入 data.inputs，或把目标写成数值",
    ),
    "E285": Entry(
        "calibrate: isotonic maps the probability of one of two classes; the data has {classes}",
        "write calibrate: temperature, or leave it out",
        "calibrate: isotonic 只适用于两个类别；数据有 {classes} 个",
        "请改为 calibrate: temperature，或去掉这一项",
    ),
    "E290": Entry(
        "'{label}' is no class of this version",
        "{suggestion}",
        "“{label}”不是此版本的类别",
        "{suggestion}",
    ),
    "E291": Entry(
        "'{label}' cannot be compared with itself",
        "name another class, or leave --against out to compare with the runner-up",
        "“{label}”不能与自身比较",
        "请换一个类别，或去掉 --against，与第二可能的类别比较",
    ),
    "E292": Entry(
        "this version knows one class only, so no input decides anything",
        "build it on data with at least two labels",
        "此版本只有一个类别，任何输入都不影响答案",
        "请用至少有两种标签的数据构建",
    ),
    "E294": Entry(
        "{option} names a class, and this version answers with numbers",
        "leave {option} out: a number is explained against what the version says when the row says nothing",
        "{option} 指定的是类别，而此版本的答案是数值",
        "请去掉 {option}：数值与空行时的答案相比较来解释",
    ),
    "E295": Entry(
        "--against compares two classes, and this version gives each label by itself",
        "leave --against out; --label names the label to explain",
        "--against 比较两个类别，而此版本逐个给出标签",
        "请去掉 --against；用 --label 指定要解释的标签",
    ),
    "E293": Entry(
        "{count} rows have no number in '{column}', so today's answers cannot be compared there",
        "fill in what was answered, or leave those rows out",
        "“{column}”有 {count} 行没有数值，无法与现有答案比较",
        "请补上当时的答案，或去掉这些行",
    ),
}
