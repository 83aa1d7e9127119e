"""E360–E399: versions, drafts and the rows they are asked about."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E360": Entry(
        "the file '{file}' is not what was sealed: expected sha256 {expected}, found {found}",
        "restore this version from a backup or its exported zip, or build it again; it is not served as it is",
        "文件“{file}”与封存时不同：应为 sha256 {expected}，实为 {found}",
        "请从备份或导出的 zip 恢复此版本，或重新构建；当前内容不会被用于服务",
    ),
    "E361": Entry(
        "no version here: {reason}",
        "give the directory of a version, an exported zip, or a name such as @live",
        "这里没有版本：{reason}",
        "请给出版本目录、导出的 zip，或 @live 这样的名称",
    ),
    "E362": Entry(
        "this version has format {found}; this release of Zhinan reads formats up to {known}",
        "upgrade with: pip install -U zhinan",
        "此版本的格式为 {found}；当前 Zhinan 最高支持格式 {known}",
        "请升级：pip install -U zhinan",
    ),
    "E363": Entry(
        "files that the manifest does not match: {files}",
        "a version is closed: restore it from a backup or its exported zip",
        "与清单不符的文件：{files}",
        "版本是封闭的：请从备份或导出的 zip 恢复",
    ),
    "E364": Entry(
        "'{name}' is refused in a version: {reason}",
        "a version holds plain files in one folder; export it again with: zhinan export",
        "版本中不允许“{name}”：{reason}",
        "版本是单层文件夹中的普通文件；请用 zhinan export 重新导出",
    ),
    "E365": Entry(
        "manifest.json does not describe a version: {reason}",
        "build the version again",
        "manifest.json 不是有效的版本清单：{reason}",
        "请重新构建此版本",
    ),
    "E366": Entry(
        "golden row {row} no longer gives the recorded answer: {reason}",
        "this machine computes differently: install what manifest.json names under environment, or build again here",
        "第 {row} 条基准样例不再给出记录的答案：{reason}",
        "本机计算结果不同：请安装 manifest.json 中 environment 所列版本，或在本机重新构建",
    ),
    "E367": Entry(
        "the zip is refused: {reason}",
        "export the version again with: zhinan export VERSION --to FILE.zip",
        "拒绝此 zip：{reason}",
        "请重新导出：zhinan export VERSION --to FILE.zip",
    ),
    "E368": Entry(
        "version {number} exists already",
        "versions never change: seal under the next number",
        "版本 {number} 已存在",
        "版本不可更改：请使用下一个编号",
    ),
    "E370": Entry(
        "the input column '{column}' is missing",
        "{suggestion} (a missing value is written null)",
        "缺少输入列“{column}”",
        "{suggestion}（缺失值请写 null）",
    ),
    "E371": Entry(
        "the value of '{column}' is {found}, not {wanted}",
        "send {wanted}, or null when it is missing",
        "“{column}”的值是{found}，不是{wanted}",
        "请提供{wanted}；缺失时请写 null",
    ),
    "E372": Entry(
        "rows must be a list of objects, a polars or pandas frame, or a mapping of columns of one length; got {found}",
        "for one row write [{{…}}]",
        "rows 应为对象列表、polars 或 pandas 表，或等长列的映射；得到 {found}",
        "单行请写 [{{…}}]",
    ),
    "E373": Entry(
        "the proof is refused: {reason}",
        "do not rely on this version; take it from a backup, or build it again",
        "证明被拒绝：{reason}",
        "请勿依赖此版本；请从备份恢复，或重新构建",
    ),
    "E374": Entry(
        "the row cannot be read: {reason}",
        "mend the row in its file",
        "该行无法读取：{reason}",
        "请修正文件中的这一行",
    ),
}
