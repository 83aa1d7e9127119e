"""E100–E199: reading, typing and splitting data."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E100": Entry(
        "there is no such file",
        "look for a slip in its name; a path in product.yaml is relative to that file, any other to the current folder",
        "没有这个文件",
        "请检查文件名；product.yaml 中的路径相对于该文件，其他路径相对于当前文件夹",
    ),
    "E101": Entry(
        "no reader for '{suffix}'",
        "{suggestion} (zhinan list readers)",
        "没有读取 “{suffix}” 的程序",
        "{suggestion}（zhinan list readers）",
    ),
    "E103": Entry(
        "the text is not UTF-8 (byte {byte}), and it does not show for sure which other encoding it is in",
        "save the file as UTF-8, or say its encoding: {{path: rows.csv, encoding: windows-1250}}",
        "文本不是 UTF-8（字节 {byte}），也无法确定是哪一种其他编码",
        "请将文件另存为 UTF-8，或写明其编码：{{path: rows.csv, encoding: windows-1250}}",
    ),
    "E104": Entry(
        "the file holds no header and no rows",
        "the first line names the columns, each further line is an example",
        "文件中没有表头，也没有数据行",
        "第一行应为列名，其后每行一个样本",
    ),
    "E105": Entry(
        "the header names '{name}' twice, as columns {first} and {second}",
        "rename one of them; where that line is a row, write the names of the columns above it",
        "表头中 “{name}” 出现两次：第 {first} 列和第 {second} 列",
        "请重命名其中一列；若该行是数据，请在其上方写一行列名",
    ),
    "E106": Entry(
        "the header cannot be read: {reason}",
        "the first line names the columns once each",
        "表头无法读取：{reason}",
        "第一行应为列名，每列一个",
    ),
    "E107": Entry(
        "'{name}' is a name that Zhinan uses itself", "rename the column", "“{name}” 是指南自用的列名", "请重命名该列"
    ),
    "E108": Entry(
        "{rejected} of {rows} rows cannot be taken ({share}, at most 5 %): {reason}",
        "look at {lines}",
        "{rows} 行中有 {rejected} 行无法读取（{share}，上限 5%）：{reason}",
        "请检查 {lines}",
    ),
    "E109": Entry(
        "the file was not read: {reason}",
        "check that it is what its name says; split a very large file",
        "文件未能读取：{reason}",
        "请确认文件内容与扩展名相符；过大的文件请拆分",
    ),
    "E110": Entry(
        "the file is too large: {size}, at most {limit}",
        "take a sample, or split it",
        "文件过大：{size}，上限 {limit}",
        "请抽样或拆分",
    ),
    "E111": Entry("there is no column '{name}' in {file}", "{suggestion}", "{file} 中没有列 “{name}”", "{suggestion}"),
    "E112": Entry(
        "column '{name}': kind '{kind}' does not come from a table",
        "choose text, number, category, flag, time, list or id",
        "列 “{name}”：表格中没有 “{kind}” 类型",
        "可选 text、number、category、flag、time、list、id",
    ),
    "E113": Entry(
        "column '{name}': dates such as '{example}' may be read in several ways",
        "say data.dates: day-month (or month-day, or year-month), or write dates as YYYY-MM-DD",
        "列 “{name}”：日期 “{example}” 的年、月、日无法区分",
        "请写明 data.dates: day-month（或 month-day、year-month），或写成 YYYY-MM-DD",
    ),
    "E114": Entry(
        "the target '{name}' has only one value: '{value}'",
        "give examples of at least two classes",
        "目标列 “{name}” 只有一个值：“{value}”",
        "请至少提供两个类别的样本",
    ),
    "E115": Entry(
        "only {count} rows have a value of the target '{name}'; at least 3 are needed to train, compare and seal",
        "label more rows",
        "目标列 “{name}” 只有 {count} 行有值；训练、比较、封存至少需要 3 行",
        "请标注更多行",
    ),
    "E117": Entry(
        "no input column is left",
        "name the inputs under data.inputs",
        "没有可用的输入列",
        "请在 data.inputs 中写明输入列",
    ),
    "E118": Entry(
        "no example has {column} = '{value}'", "{suggestion}", "没有 {column} 为“{value}”的样本", "{suggestion}"
    ),
    "E121": Entry(
        "only {count} people in '{name}': at least {least} are needed for parts without a person in common",
        "leave data.person out, or add data of more people",
        "“{name}” 中只有 {count} 人：划分互不重叠的数据至少需要 {least} 人",
        "请去掉 data.person，或增加更多人的数据",
    ),
    "E123": Entry(
        "no row of data.test has a value of the target '{name}'",
        "give a test file with labels; rows without one belong under data.unlabeled",
        "data.test 中没有一行有目标列 “{name}” 的值",
        "请使用有标注的测试文件；未标注的行应写在 data.unlabeled 下",
    ),
    "E122": Entry(
        "{part} would be empty: the {rows} labelled rows are too few or repeat each other or the test file",
        "add rows that differ (in their inputs, or in data.time where it decides)",
        "{part}将为空：{rows} 行有标注的数据太少，或彼此重复，或与测试文件重复",
        "请增加不同的行（输入不同；若按时间划分则时间不同）",
    ),
    "E160": Entry(
        "it is not known which rows this version was made from",
        "build it again with this store: zhinan build",
        "不知道此版本由哪些行构建",
        "请用此存储重新构建：zhinan build",
    ),
    "E161": Entry(
        "the version knows no such row",
        "give a row id, a person, or FILE:LINE, where FILE is one of: {files}; without any, its parts are counted",
        "此版本没有这样的行",
        "请给出行标识、人员或 FILE:LINE，其中 FILE 为：{files}；不给则显示各部分的计数",
    ),
}
