"""E950–E999: the command line."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E950": Entry(
        "the service did not get ready: {reason}",
        "is the port taken? choose another with --port",
        "服务没有就绪：{reason}",
        "端口是否被占用？请用 --port 换一个",
    ),
}
