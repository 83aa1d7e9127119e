"""E900–E949: the registry, the command line and the environment."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E019": Entry(
        "unknown {kind} '{name}'",
        "{suggestion} (zhinan list {kind}s)",
        "未知的 {kind}：“{name}”",
        "{suggestion}（zhinan list {kind}s）",
    ),
    "E900": Entry(
        "the {kind} '{name}' needs the extra '{extra}': {missing} not installed",
        "pip install 'zhinan[{extra}]'",
        "{kind} “{name}” 需要附加组件 “{extra}”：未安装 {missing}",
        "pip install 'zhinan[{extra}]'",
    ),
    "E901": Entry(
        "unknown option '{option}' of {kind} '{name}'",
        "{suggestion}",
        "{kind} “{name}” 没有选项 “{option}”",
        "{suggestion}",
    ),
    "E902": Entry(
        "option '{option}' of {kind} '{name}': {reason}",
        "give a value of type {wanted}",
        "{kind} “{name}” 的选项 “{option}”：{reason}",
        "请给出类型为 {wanted} 的值",
    ),
}
