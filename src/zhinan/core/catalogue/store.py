"""E400–E449: the store of rows and blobs."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E400": Entry(
        "the store was written by a newer Zhinan (schema {found}; this one knows {known})",
        "upgrade: pip install -U zhinan; nothing was changed",
        "该存储由更新版本的指南写入（结构版本 {found}，本版本只支持到 {known}）",
        "请升级：pip install -U zhinan；存储未被改动",
    ),
    "E401": Entry(
        "product '{product}' has no version {number}",
        "{suggestion}",
        "产品 “{product}” 没有版本 {number}",
        "{suggestion}",
    ),
    "E402": Entry(
        "the stages of '{product}' changed meanwhile: revision {found}, not {expected}; live is {live}",
        "look at zhinan status, then decide again",
        "“{product}” 的上线状态已被他人更改：修订号为 {found}，而不是 {expected}；当前上线 {live}",
        "请先看 zhinan status，再重新决定",
    ),
    "E403": Entry(
        "'{product}' has no previous version to roll back to",
        "promote a version: zhinan promote VERSION",
        "“{product}” 没有可回滚的上一版本",
        "请上线某个版本：zhinan promote VERSION",
    ),
    "E404": Entry(
        "the disk is full: nothing was stored",
        "free space and send it again; reading goes on",
        "磁盘已满：未写入任何内容",
        "请释放空间后重试；读取不受影响",
    ),
    "E405": Entry(
        "the store is busy: no turn to write within {seconds:g} s",
        "try again; look for a process that holds the store open in a transaction",
        "存储繁忙：{seconds:g} 秒内未轮到写入",
        "请重试；检查是否有进程长时间占用该存储",
    ),
    "E406": Entry(
        "the store is damaged: {reason}",
        "restore the file from a backup; keep the damaged one",
        "存储已损坏：{reason}",
        "请从备份恢复该文件，并保留损坏的文件",
    ),
    "E407": Entry(
        "the store cannot be used: {reason}",
        "check the path, its owner and its rights (--store, ZHINAN_STORE), and that a database server runs",
        "无法使用存储：{reason}",
        "请检查路径、所有者与权限（--store、ZHINAN_STORE），以及数据库服务器是否在运行",
    ),
    "E408": Entry(
        "this is no place for a store: {reason}",
        "give a folder, sqlite:///FILE or 'postgresql://USER@HOST/DATABASE?folder=/ABSOLUTE/FOLDER'",
        "不能用作存储：{reason}",
        "请给出文件夹、sqlite:///FILE 或 'postgresql://USER@HOST/DATABASE?folder=/绝对路径'",
    ),
    "E409": Entry(
        "blob {digest} is damaged: its content hashes to {found}",
        "restore the file from a backup, or build again",
        "数据块 {digest} 已损坏：其内容的哈希为 {found}",
        "请从备份恢复该文件，或重新构建",
    ),
    "E410": Entry(
        "there is no blob {digest}",
        "restore it from a backup, or build again",
        "没有数据块 {digest}",
        "请从备份恢复，或重新构建",
    ),
    "E411": Entry(
        "blobs live in a folder; '{scheme}://' is not supported yet",
        "give the path of a folder",
        "数据块只能存放在文件夹中；尚不支持 “{scheme}://”",
        "请给出文件夹路径",
    ),
    "E412": Entry(
        "the event cannot be stored: {reason}",
        "send an event_id of 1–200 characters and a payload that is plain JSON",
        "无法存储该事件：{reason}",
        "event_id 应为 1–200 个字符，内容应为标准 JSON",
    ),
    "E413": Entry(
        "the store takes no more events now: {reason}",
        "wait a moment and send it again",
        "暂时无法接收更多事件：{reason}",
        "请稍后重试",
    ),
    "E414": Entry(
        "opening {opening} already has another result",
        "a result on record is never changed; build again for a new opening",
        "第 {opening} 号启封已有不同的结果",
        "已记录的结果不可更改；如需新的启封请重新构建",
    ),
    "E415": Entry(
        "the store has no {thing} {number}",
        "check that --store names the store it was written to",
        "存储中没有 {thing} {number}",
        "请确认 --store 指向写入它的存储",
    ),
    "E416": Entry(
        "this database needs the package '{package}'",
        "pip install {package}",
        "该数据库需要安装 “{package}”",
        "pip install {package}",
    ),
    "E431": Entry(
        "the live @{live} was put there by a rollback: another would put @{previous} back, which it took away",
        'if that is meant: zhinan rollback --from @{live}, or {{"from": {live}}} over HTTP',
        "线上的 @{live} 是由回滚换上的：再次回滚会重新上线刚撤下的 @{previous}",
        '若确有此意：zhinan rollback --from @{live}，或经 HTTP 发送 {{"from": {live}}}',
    ),
    "E432": Entry(
        "@{leaving} is not live, but {live}: nothing was changed",
        "look at zhinan status, then decide again",
        "线上版本不是 @{leaving}，而是 {live}：未作更改",
        "请先看 zhinan status，再重新决定",
    ),
    "E433": Entry(
        "the reason is longer than {most} characters; it would stand in the audit for good",
        "say it in {most} characters, and the rest where it can be erased",
        "理由超过 {most} 个字符；它会永久保留在审计记录中",
        "请缩短到 {most} 个字符以内，其余内容写在可以删除的地方",
    ),
    "E430": Entry(
        "'{name}' is no product name",
        "use up to 64 letters, digits, - _ . as in product.yaml",
        "“{name}”不是合法的产品名",
        "请使用不超过 64 个字母、数字、- _ .，与 product.yaml 一致",
    ),
}
