"""Reads a SQL query closely enough to refuse whatever is not one SELECT; the database is opened read-only besides."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from zhinan.core import Words

__all__ = ["Query", "examine"]

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<comment>--[^\n]*|/\*(?:[^*/]|\*(?!/)|/(?!\*))*\*/)
    |(?P<text>'(?:[^'\\]|'')*')
    |(?P<quoted>"(?:[^"]|"")+"|`[^`]+`|\[\w[^\]\[]*\])
    |(?P<cast>::)
    |(?P<bind>:[A-Za-z_]\w*)
    |(?P<word>[^\W\d]\w*)
    |(?P<number>\d[\w.]*)
    |(?P<sign>[-+*%(),.<>=!|&~^#@?\[\]:{}]|/(?!\*))""",
    re.VERBOSE,
)
_NOTHING = re.compile(r"(?:\s|--[^\n]*(?:\n|\Z)|/\*(?:[^*/]|\*(?!/)|/(?!\*))*\*/)*")
"""What may follow the end of a statement: white space and comments. There is one way to read each text: with two for a
blank or a dash, there would be two to the power of their number."""

_CHANGING = re.compile(
    r"insert|update|delete|merge|into|create|drop|alter|truncate|grant|revoke|attach|detach|pragma|vacuum|reindex|copy"
    r"|call|exec|execute|do|lock|analyze|refresh|listen|notify|prepare|deallocate|explain|begin|commit|rollback"
)
_DANGEROUS = re.compile(
    r"pg_.*|lo_.*|dblink.*|set_config|setval|nextval|query_to_xml.*|table_to_xml.*|cursor_to_xml.*|schema_to_xml.*"
    r"|database_to_xml.*|load_extension|readfile|writefile|edit|fts3_tokenizer|sqlite_.*|xp_.*|sp_.*"
    r"|ts_stat|ts_rewrite|xpath_table|crosstab.*|connectby"
)


@dataclass(frozen=True)
class Query:
    """A query that may be sent. text: with the colons of its literals escaped. binds: the names of its parameters."""

    text: str
    binds: frozenset[str]


def examine(text: str, params: Collection[str]) -> Query | Words:
    """One SELECT with its parameters, or why it is refused.

    Refused: several statements, whatever may change something, row locks, functions that reach beyond the tables,
    comments that do not end, literals with backslashes (which databases read differently), quotes with a prefix (U&"…"
    hides a name), and parameters without a value or values without a parameter.
    """
    text = text.replace("\r\n", "\n").strip().removesuffix(";")
    if any(ord(c) < 32 and c not in "\n\t" for c in text):  # databases end a comment at different ones
        return Words("it holds a control character", "含有控制字符")
    tokens = _tokens(text)
    if isinstance(tokens, Words):
        return tokens
    written = [(kind, value) for kind, value in tokens if kind not in ("space", "comment")]
    words = [value.lower() if kind == "word" else "" for kind, value in written]
    if not words or words[0] not in ("select", "with"):
        return Words("it does not begin with SELECT or WITH", "查询必须以 SELECT 或 WITH 开头")
    for index, (kind, value) in enumerate(written):
        calls = index + 1 < len(written) and written[index + 1][1] == "("
        name = value.strip('"`[]').lower()
        if kind == "word" and _CHANGING.fullmatch(name) and not calls:
            return Words(
                f"'{value}' may change something (quote it if it names a column)",
                f"“{value}”可能修改数据（若为列名请加引号）",
            )
        if kind == "word" and name == "for" and words[index + 1 : index + 2] in (["share"], ["key"], ["no"]):
            return Words("it locks rows", "它会锁定行")
        if kind in ("word", "quoted") and calls and _DANGEROUS.fullmatch(name):
            return Words(f"the function '{value}' reaches beyond the tables", f"函数“{value}”超出了表的范围")
    binds = frozenset(value[1:] for kind, value in written if kind == "bind")
    odd = sorted(binds ^ set(params))
    if odd:
        return Words(f"':{odd[0]}' and params do not agree", f"“:{odd[0]}”与 params 不一致")
    escaped = (value.replace(":", r"\:") if kind in ("text", "quoted") else value for kind, value in tokens)
    return Query("".join(escaped), binds)


def _tokens(text: str) -> list[tuple[str, str]] | Words:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            if text[at] == ";" and _NOTHING.fullmatch(text, at + 1):
                return found
            if text[at] == ";":
                return Words("it holds more than one statement", "包含多条语句")
            return Words(f"what begins at character {at + 1} is not understood", f"无法理解第 {at + 1} 个字符起的内容")
        before = [value.lower() for _, value in found[-2:]]
        if match[0][0] in "'\"" and ((found and found[-1][0] == "word") or before == ["u", "&"]):
            return Words(
                "a prefix before quotes, such as E'…' or U&\"…\", is not understood",
                "不支持引号前的前缀，例如 E'…' 或 U&\"…\"",
            )
        found.append((match.lastgroup, match[0]))
        at = match.end()
    return found
