"""E417–E429: secret keys, and what is encrypted with them."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E417": Entry(
        "key {place} is not 32 bytes in base64",
        "make one: zhinan key new --to FILE, and name it in ZHINAN_KEY_FILE",
        "第 {place} 个密钥不是 32 字节的 base64",
        "请生成：zhinan key new --to FILE，并用 ZHINAN_KEY_FILE 指明",
    ),
    "E418": Entry(
        "others may read the key file (mode {mode})",
        "chmod 600 {path}; if somebody may have seen it, zhinan key rotate",
        "他人可以读取密钥文件（权限 {mode}）",
        "chmod 600 {path}；若可能已泄露，请 zhinan key rotate",
    ),
    "E419": Entry(
        "the key file cannot be read: {reason}",
        "check ZHINAN_KEY_FILE or --key-file",
        "无法读取密钥文件：{reason}",
        "请检查 ZHINAN_KEY_FILE 或 --key-file",
    ),
    "E420": Entry(
        "the key {id} is needed here; {held}",
        "give it in ZHINAN_KEY or as a further line of the key file",
        "此处需要密钥 {id}；{held}",
        "请在 ZHINAN_KEY 中给出，或在密钥文件中另起一行写入",
    ),
    "E422": Entry(
        "this needs a secret key, and none was given",
        "zhinan key new --to FILE, then export ZHINAN_KEY_FILE=FILE",
        "此操作需要密钥，但未提供",
        "先 zhinan key new --to FILE，再 export ZHINAN_KEY_FILE=FILE",
    ),
    "E423": Entry(
        "ZHINAN_KEY and ZHINAN_KEY_FILE are both set",
        "keep one of them",
        "ZHINAN_KEY 与 ZHINAN_KEY_FILE 同时设置",
        "请只保留其中一个",
    ),
}
