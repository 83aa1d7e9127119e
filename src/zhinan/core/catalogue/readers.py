"""E130–E149: what can be wrong with a source of data before its first row is judged."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E130": Entry(
        "the file is {what}, a format whose reading may run code; it is never read",
        "save the rows as Parquet or CSV, such as frame.to_parquet('rows.parquet')",
        "该文件是{what}，读取这种格式可能执行代码，因此一律不读取",
        "请将数据另存为 Parquet 或 CSV，例如 frame.to_parquet('rows.parquet')",
    ),
    "E131": Entry(
        "the file is {what}, although its name ends in '{suffix}'",
        "save the rows as CSV, Parquet or Excel (zhinan list readers)",
        "文件名以 “{suffix}” 结尾，实际却是{what}",
        "请将数据另存为 CSV、Parquet 或 Excel（zhinan list readers）",
    ),
    "E132": Entry(
        "the file is damaged: {reason}",
        "open it where it came from, and save it again",
        "文件已损坏：{reason}",
        "请在原程序中打开并重新保存",
    ),
    "E133": Entry(
        "'{member}' in the archive is refused: {reason}",
        "pack the data files alone, below one folder, without a password",
        "压缩包中的 “{member}” 被拒绝：{reason}",
        "请只打包数据文件，放在同一文件夹内，且不加密码",
    ),
    "E134": Entry(
        "{file} has no column '{name}', which {other} has",
        "give files that are read together the same columns, in any order; or name under data.source the one that is"
        " meant",
        "{file} 中没有列 “{name}”，而 {other} 中有",
        "一起读取的文件应有相同的列（顺序不限），或在 data.source 中只写所需的文件",
    ),
    "E135": Entry("there is no sheet '{name}'", "{suggestion}", "没有工作表 “{name}”", "{suggestion}"),
    "E136": Entry(
        "the query is refused: {reason}",
        "write one SELECT; a value goes into params: {{since: 2024-01-01}}, as :since in the query",
        "查询被拒绝：{reason}",
        "请只写一条 SELECT；值写入 params: {{since: 2024-01-01}}，在查询中写作 :since",
    ),
    "E137": Entry(
        "the environment variable {variable} cannot be used: {reason}",
        "set it to an address such as postgresql://user:password@host/name or sqlite:///shop.db",
        "环境变量 {variable} 无法使用：{reason}",
        "请设为数据库地址，例如 postgresql://user:password@host/name 或 sqlite:///shop.db",
    ),
    "E138": Entry(
        "the database did not answer the query: {reason}",
        "try the query with the database's own client, as a user that may read",
        "数据库未能回答查询：{reason}",
        "请先用数据库自带的客户端、以有读取权限的用户试运行",
    ),
    "E139": Entry(
        "'{host}' may not be asked for data",
        "name it, if you trust it: data.hosts: [{host}]",
        "不允许从“{host}”读取数据",
        "若信任该主机，请写明：data.hosts: [{host}]",
    ),
    "E140": Entry(
        "'{host}' leads to {address}, an address that is not public",
        "name that address too, if you trust it: data.hosts: [{host}, {address}]",
        "“{host}”指向 {address}，这不是公网地址",
        "若信任该地址，请一并写明：data.hosts: [{host}, {address}]",
    ),
    "E141": Entry(
        "the file could not be fetched from '{host}': {reason}",
        "open the address in a browser, or copy the file beside product.yaml",
        "无法从“{host}”获取文件：{reason}",
        "请在浏览器中打开该地址，或把文件复制到 product.yaml 旁边",
    ),
    "E142": Entry(
        "no file fits '{pattern}'",
        "write the pattern relative to the product file, such as data/*.csv",
        "没有文件符合“{pattern}”",
        "请写相对于产品文件的通配符，例如 data/*.csv",
    ),
    "E143": Entry(
        "nothing in the folder can be read: {reason}",
        "put one sub-folder per class with .txt files into it, or .txt files alone, or tables with the same columns",
        "文件夹中没有可读取的内容：{reason}",
        "请为每个类别建一个子文件夹并放入 .txt 文件，或只放 .txt 文件，或放列相同的表格",
    ),
    "E145": Entry(
        "'{file}' is named twice",
        "give each file one place; rows to test on must not be rows to learn from",
        "“{file}”出现了两次",
        "每个文件只能有一处；检验用的行不能同时用于训练",
    ),
    "E146": Entry(
        "rows cannot be a {kind}",
        "give a polars or pandas frame, or a list of dicts",
        "数据行不能是 {kind}",
        "请给出 polars 或 pandas 的表，或字典列表",
    ),
    "E144": Entry(
        "addresses that begin with {scheme}:// need the package {package}",
        "pip install {package}",
        "以 {scheme}:// 开头的网址需要软件包 {package}",
        "pip install {package}",
    ),
    "E149": Entry(
        "addresses that begin with {scheme}:// are not read",
        "give one that begins with https://, s3://, gs://, az:// or oss://, or copy the file beside product.yaml",
        "不读取以 {scheme}:// 开头的网址",
        "请使用以 https://、s3://、gs://、az:// 或 oss:// 开头的网址，或把文件复制到 product.yaml 旁边",
    ),
    "E148": Entry(
        "'{file}' is no text, so it has no encoding",
        "leave `encoding` out",
        "“{file}”不是文本，没有编码",
        "请去掉 `encoding`",
    ),
    "E147": Entry(
        "a value far from the table makes a sheet {rows} rows by {columns} columns, nearly all of them empty",
        "press Ctrl+End in the sheet to find it, delete those rows and columns, and save",
        "有一个远离表格的值，使工作表达到 {rows} 行 × {columns} 列，且几乎全空",
        "在工作表中按 Ctrl+End 找到它，删除这些行和列后保存",
    ),
}
