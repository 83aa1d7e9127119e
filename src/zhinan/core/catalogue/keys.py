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
    "E421": Entry(
        "what was encrypted with key {id} does not open: it was changed, or moved from another place",
        "restore it from a backup; a cache may be deleted",
        "用密钥 {id} 加密的内容无法打开：已被改动，或从别处移来",
        "请从备份恢复；缓存可以删除",
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
    "E424": Entry(
        "there is a file already",
        "name another one; a key that is overwritten is lost, and all that it encrypted with it",
        "文件已存在",
        "请另取文件名；密钥一旦被覆盖，用它加密的一切都会丢失",
    ),
    "E425": Entry(
        "the key {id} was retired in this store",
        "put a key in use first into the key file: zhinan key status",
        "密钥 {id} 在此存储中已停用",
        "请把在用的密钥放在密钥文件首行：zhinan key status",
    ),
    "E426": Entry(
        "the new key goes into the key file, and ZHINAN_KEY names none",
        "set ZHINAN_KEY to the new key followed by the old one, then zhinan key rotate; or keep keys in a file",
        "新密钥要写入密钥文件，而当前使用的是 ZHINAN_KEY",
        "请将 ZHINAN_KEY 设为新密钥加旧密钥，再 zhinan key rotate；或改用密钥文件",
    ),
    "E427": Entry(
        "{folder} is not the folder of this store: that was {known}",
        "give its folder: --store 'postgresql://…?folder=/…'; if only its file store.id was lost, write {id} into it",
        "{folder} 不是此存储的文件夹：原为 {known}",
        "请指定其文件夹：--store 'postgresql://…?folder=/…'；若只是丢失了其中的 store.id 文件，请写入 {id}",
    ),
    "E428": Entry(
        "{folder} belongs to another store",
        "give a new store a folder of its own: --store 'postgresql://…?folder=/…'",
        "{folder} 属于另一个存储",
        "请为新存储指定自己的文件夹：--store 'postgresql://…?folder=/…'",
    ),
    "E429": Entry(
        "what was erased is still in the database's files: for {seconds:g} s an older transaction could see it",
        "end it (pg_stat_activity, pg_prepared_xacts, pg_replication_slots: the oldest xmin), then do this again",
        "已删除的内容仍留在数据库文件中：{seconds:g} 秒内一直有更早的事务可以看到它",
        "请结束该事务（见 pg_stat_activity、pg_prepared_xacts、pg_replication_slots 中最早的 xmin）后重试",
    ),
}
