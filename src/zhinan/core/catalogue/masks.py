"""E150–E159: what can be wrong with de-identification: patterns, modes and the key."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E150": Entry(
        "the pattern cannot be used: {reason}",
        "write a regular expression of RE2 with an end to every repetition, without look-around and back references",
        "该正则表达式无法使用：{reason}",
        "请使用 RE2 语法，每个重复都要有上限，不支持环视与反向引用",
    ),
    "E151": Entry(
        "the pattern finds the empty text",
        "let it ask for at least one character, such as 'ORD-[0-9]{{8}}'",
        "该正则表达式会匹配空文本",
        "请至少匹配一个字符，例如 'ORD-[0-9]{{8}}'",
    ),
    "E153": Entry(
        "the mask '{mask}' hashes or makes stand-ins, which needs a key, and there is none",
        "name a key in ZHINAN_KEY or its file in ZHINAN_KEY_FILE, or choose the mode mask",
        "脱敏项“{mask}”使用哈希或化名，需要密钥，但未找到",
        "请设置 ZHINAN_KEY（或 ZHINAN_KEY_FILE），或改用 mask 方式",
    ),
    "E155": Entry(
        "unknown mode '{name}'",
        "{suggestion}",
        "没有“{name}”这种方式",
        "{suggestion}",
    ),
    "E156": Entry(
        "the spaCy pipeline for presidio cannot be used: {reason}",
        "name the folder of a pipeline that finds persons, such as what spacy's nlp.to_disk(FOLDER) writes",
        "presidio 所用的 spaCy 流水线无法使用：{reason}",
        "请指明一个能识别人名的流水线文件夹，例如 spaCy 的 nlp.to_disk(FOLDER) 所写出的",
    ),
    "E157": Entry(
        "what '{mask}' hides cannot be taken back: its mode is {mode}",
        "only the mode pseudonym makes stand-ins that a key undoes",
        "“{mask}” 所遮盖的内容无法还原：其方式为 {mode}",
        "只有 pseudonym 方式的化名可用密钥还原",
    ),
    "E158": Entry(
        "this is no stand-in of '{mask}': what it would be made of is nothing that the mask hides",
        "copy the whole stand-in as it stands in the data, and name the mask that made it",
        "这不是“{mask}”的化名：还原所得并非该脱敏项所遮盖的内容",
        "请完整复制数据中的化名，并写明生成它的脱敏项",
    ),
}
