"""E001–E029 and E050–E057: what can be wrong with product.yaml."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E001": Entry("the contract cannot be read", "{suggestion}", "读不到合同文件", "{suggestion}"),
    "E002": Entry(
        "larger than {limit} KB",
        "a contract is a page of text; keep data in its own file",
        "超过 {limit} KB",
        "合同只是一页文本；请把数据放在单独的文件里",
    ),
    "E003": Entry("not UTF-8 text", "save the file as UTF-8", "不是 UTF-8 文本", "请将文件另存为 UTF-8"),
    "E004": Entry(
        "{name} is not allowed here",
        "replace it by plain spaces or letters",
        "此处不允许出现 {name}",
        "请改用普通空格或文字",
    ),
    "E005": Entry(
        "not readable as YAML: {problem}",
        "check indentation, colons and quotes here and on the line above; quote text that holds : # [ ] or quotes",
        "无法按 YAML 解析：{problem}",
        "请检查此处及上一行的缩进、冒号和引号；含有 : # [ ] 或引号的文本请加引号",
    ),
    "E006": Entry(
        "{feature} is not allowed in a contract",
        "write the value out where it is used; text that begins with & * ! % or < belongs in quotes",
        "合同中不允许使用{feature}",
        "请在使用处直接写出该值；以 & * ! % 或 < 开头的文本请加引号",
    ),
    "E007": Entry(
        "'{key}' is written twice; first at {first}", "keep one", "“{key}”写了两次；首次出现在 {first}", "只保留一个"
    ),
    "E008": Entry("nested deeper than {limit} levels", "flatten it", "嵌套超过 {limit} 层", "请减少嵌套"),
    "E009": Entry(
        "'{key}' is followed by a full-width colon (：), which YAML reads as text",
        "write '{key}: ' with an ASCII colon and a space",
        "“{key}”后面是全角冒号（：），YAML 会把它当作普通文本",
        "请使用半角冒号加空格：“{key}: ”",
    ),
    "E010": Entry(
        "YAML reads ': ' inside this line as a key and a value: {line}",
        "put the whole line in single quotes: '{quoted}'",
        "YAML 把这一行里的“: ”当成了键和值：{line}",
        "请给整行加单引号：'{quoted}'",
    ),
    "E011": Entry("unknown key '{key}' in {place}", "{suggestion}", "{place}中没有键“{key}”", "{suggestion}"),
    "E012": Entry("'{key}' is {found}", "it has to be {wanted}", "“{key}”是{found}", "应为{wanted}"),
    "E013": Entry("'{key}' is missing", "add it, such as {example}", "缺少“{key}”", "请补上，例如 {example}"),
    "E014": Entry(
        "{feature} cannot be used yet",
        "take it out; a later release will accept it",
        "暂不支持{feature}",
        "请先去掉；后续版本会支持",
    ),
    "E015": Entry("'{key}' {problem}", "{fix}", "“{key}”{problem}", "{fix}"),
    "E016": Entry(
        "the path '{path}' leaves the product's folder",
        "copy the file beside product.yaml, and give a path below that folder",
        "路径“{path}”超出了产品文件夹",
        "请把文件复制到 product.yaml 旁边，并使用该文件夹之内的路径",
    ),
    "E017": Entry(
        "text without quotes runs over several lines: {text}",
        "put it in quotes or after '>'; if a key was meant, check its indentation and colon",
        "未加引号的文本跨越了多行：{text}",
        "请加引号或写在“>”之后；若本意是键，请检查缩进和冒号",
    ),
    "E018": Entry(
        "'{key}' has no value",
        "give one, such as {example}, or take the key out",
        "“{key}”没有值",
        "请填写，例如 {example}，或去掉该键",
    ),
    "E020": Entry("expected {wanted}, found {found}", "{fix}", "应为{wanted}，却是{found}", "{fix}"),
    "E021": Entry("'{op}' is not an operator", "did you mean {near}?", "“{op}”不是可用的运算符", "是不是 {near}？"),
    "E022": Entry(
        "{metric}: the number {number} needs a unit",
        "did you mean {near}?",
        "{metric}：数值 {number} 缺少单位",
        "是不是 {near}？",
    ),
    "E023": Entry("{metric}: wrong unit '{unit}'", "{suggestion}", "{metric}：单位“{unit}”不对", "{suggestion}"),
    "E024": Entry(
        "'{metric} {op}' would ask for the wrong thing: a product that gets better would fail it",
        "write {metric} {needed} …",
        "“{metric} {op}”方向反了：产品变好反而会不达标",
        "请写 {metric} {needed} …",
    ),
    "E025": Entry(
        "{metric}: the target {target} makes no sense",
        "{suggestion}",
        "{metric}：目标 {target} 没有意义",
        "{suggestion}",
    ),
    "E026": Entry(
        "'{line}' repeats or contradicts '{first}' ({at})",
        "keep the one you mean; a 'should' line may only be stricter than its 'must' line",
        "“{line}”与“{first}”（{at}）重复或矛盾",
        "请只保留真正需要的一条；should 只能比 must 更严格",
    ),
    "E027": Entry("{metric} cannot be asked of {part}", "{choices}", "{metric} 不能用于 {part}", "{choices}"),
    "E028": Entry("{metric} has no cut-off @{k}", "{choices}", "{metric} 没有截断 @{k}", "{choices}"),
    "E029": Entry("{metric}: {problem}", "{fix}", "{metric}：{problem}", "{fix}"),
    "E050": Entry("the data has no {kind} '{name}'", "{suggestion}", "数据中没有{kind}“{name}”", "{suggestion}"),
    "E051": Entry(
        "{metric} needs a class: the target has {n}",
        "write one of: {choices}",
        "{metric} 需要指定类别：目标共有 {n} 类",
        "可写：{choices}",
    ),
    "E052": Entry("unknown {kind} '{name}'", "{suggestion}", "未知的{kind}“{name}”", "{suggestion}"),
    "E053": Entry(
        "more than {limit} keys and values",
        "leave 'inputs' out to use every column; keep data in its own file",
        "键和值超过 {limit} 个",
        "不写 inputs 即使用所有列；数据请放在单独的文件里",
    ),
    "E054": Entry(
        "'{line}' needs the key '{key}'",
        "add it, such as {key}: {example}, or take the line out",
        "“{line}”需要键“{key}”",
        "请补上，例如 {key}: {example}，或去掉该行",
    ),
    "E055": Entry(
        "'{line}' is in {currency}, and the contract's prices are in {declared}",
        "write all money in one currency; Zhinan knows no exchange rate",
        "“{line}”使用 {currency}，而合同中的价格使用 {declared}",
        "请统一使用一种货币；指南不知道汇率",
    ),
    "E056": Entry(
        "{metric} cannot be compared with the column '{column}', which holds answers and no probabilities",
        "take a metric of answers, such as accuracy or macro_f1, or take data.current out to compare with the live "
        "version",
        "{metric} 无法与列“{column}”比较：该列只有答案，没有概率",
        "请改用只看答案的指标，例如 accuracy 或 macro_f1；或去掉 data.current，改为与线上版本比较",
    ),
    "E057": Entry(
        "'{line}': the answers in the column '{column}' are to undisturbed inputs, so the comparison would be unfair",
        "leave 'under …' or '… current' out, or take data.current out to compare with the live version",
        "“{line}”：列“{column}”中的答案是对未受扰动的输入作出的，这样比较不公平",
        "请去掉“under …”或“… current”，或去掉 data.current，改为与线上版本比较",
    ),
}
