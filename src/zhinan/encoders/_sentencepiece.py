"""Turns a sentencepiece unigram model into a tokenizer file of the `tokenizers` library, which serving already has."""

from __future__ import annotations

import json
import struct
import zlib
from base64 import b64encode
from collections.abc import Iterator

__all__ = ["converted"]

SPACE = "\u2581"


def converted(content: bytes) -> bytes:
    """The tokenizer as JSON packed with zlib: the model's own normaliser, pieces and scores, <s> … </s> around.

    Args:
        content: a sentencepiece model (a protocol-buffer message): pieces with scores in field 1, the normaliser in
            field 3 with its table in field 2 of that.

    A run of unknown characters is one <unk>, as in the sentencepiece library.

    Raises: ValueError when this is not such a model.
    """
    pieces, table = [], b""
    for field, value in _fields(content):
        if field == 1:
            pieces.append(_piece(value))
        elif field == 3:
            table = next((v for f, v in _fields(value) if f == 2), b"")
    if [piece for piece, _ in pieces[:3]] != ["<unk>", "<s>", "</s>"]:
        raise ValueError(f"not a unigram model that begins with <unk> <s> </s>: {[p for p, _ in pieces[:3]]}")
    normal: list[dict[str, object]] = []
    if table:
        normal.append({"type": "Precompiled", "precompiled_charsmap": b64encode(table).decode()})
    normal.append({"type": "Strip", "strip_left": True, "strip_right": True})
    normal.append({"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "})
    tokenizer: dict[str, object] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Sequence", "normalizers": normal},
        "pre_tokenizer": {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "always", "split": False},
        "post_processor": _around("<s>", 1, "</s>", 2),
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": 0, "vocab": pieces, "byte_fallback": False},
    }
    return zlib.compress(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def _piece(value: bytes) -> tuple[str, float]:
    text, score = "", 0.0
    for field, content in _fields(value):
        if field == 1:
            text = content.decode("utf-8")
        elif field == 2:
            (score,) = struct.unpack("<f", content)
    return text, score


def _around(begin: str, begin_id: int, end: str, end_id: int) -> dict[str, object]:
    def special(token: str) -> dict[str, object]:
        return {"SpecialToken": {"id": token, "type_id": 0}}

    single = [special(begin), {"Sequence": {"id": "A", "type_id": 0}}, special(end)]
    tokens = {t: {"id": t, "ids": [i], "tokens": [t]} for t, i in ((begin, begin_id), (end, end_id))}
    pair = [*single, {"Sequence": {"id": "B", "type_id": 1}}, special(end)]
    return {"type": "TemplateProcessing", "single": single, "pair": pair, "special_tokens": tokens}


def _fields(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Field numbers and raw values of a protocol-buffer message.

    Raises: ValueError when it ends early or uses an unknown kind of value.
    """
    at = 0
    while at < len(content):
        key, at = _number(content, at)
        kind = key & 7
        if kind == 0:
            end = _number(content, at)[1]
        elif kind == 2:
            length, at = _number(content, at)
            end = at + length
        elif kind in (1, 5):
            end = at + (8 if kind == 1 else 4)
        else:
            raise ValueError(f"unknown kind of value {kind}")
        if end > len(content):
            raise ValueError("the message ends early")
        yield key >> 3, content[at:end]
        at = end


def _number(content: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        if at >= len(content) or shift > 63:
            raise ValueError("the message ends early")
        byte = content[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at
