"""The step that turns texts into numbers: subword ids for a pretrained graph, or weighted n-grams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

from zhinan.core import register
from zhinan.steps._packed import unpacked

if TYPE_CHECKING:
    import numpy as np

__all__ = ["PAD", "Tokenize", "joined", "subwords"]

PAD = -1
"""What fills a row of ids after its end. No token has this id, so no text can be mistaken for padding."""

_FEW = 64


class _Scheme(Protocol):
    def arrays(self, texts: Sequence[str]) -> tuple[np.ndarray, ...]: ...


@register("step", "tokenize")
class Tokenize:
    """Reads text columns (joined by a line break, None as nothing) and writes arrays with a row a text.

    scheme "subword": file `tokenizer` (tokenizer.json, plain or zlib-packed) → ids int64 (n, longest), −1 as padding,
    cut after `max_tokens`. scheme "ngrams": file `table` → indices int64 and weights float32, both (n, most).
    """

    def __init__(
        self,
        reads: tuple[str, ...],
        writes: tuple[str, ...],
        files: Mapping[str, bytes],
        *,
        scheme: Literal["subword", "ngrams"] = "subword",
        max_tokens: int = 128,
        chars: tuple[int, int] = (1, 4),
        words: tuple[int, int] = (1, 2),
        buckets: int = 2**24,
    ) -> None:
        self._reads, self._writes = reads, writes
        self._scheme: _Scheme
        if scheme == "ngrams":
            self._scheme = _NGrams(files["table"], chars, words, buckets)
        else:
            self._scheme = _Subword(files["tokenizer"], max_tokens)

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Gives the arrays of the batch."""
        texts = joined([values[name] for name in self._reads])
        return dict(zip(self._writes, self._scheme.arrays(texts), strict=True))


def joined(columns: Sequence[Sequence[Any]]) -> list[str]:
    """The text columns of each row as one text, a line each; half a surrogate pair becomes "?"."""
    texts = ("\n".join("" if v is None else str(v) for v in values) for values in zip(*columns, strict=True))
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]


def subwords(content: bytes, max_tokens: int) -> Any:
    """A tokenizer ready to cut after `max_tokens`, without padding.

    Names of special tokens inside a text are read as plain text: a user cannot write "[SEP]".
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(unpacked(content).decode("utf-8"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    tokenizer.encode_special_tokens = True
    return tokenizer


class _Subword:
    def __init__(self, content: bytes, max_tokens: int) -> None:
        self._tokenizer = subwords(content, max_tokens)

    def arrays(self, texts: Sequence[str]) -> tuple[np.ndarray, ...]:
        import numpy as np

        if len(texts) <= _FEW:  # a request stays on its worker's one core
            rows = [self._tokenizer.encode(text).ids for text in texts]
        else:
            starts = range(0, len(texts), 4096)
            rows = [e.ids for i in starts for e in self._tokenizer.encode_batch_fast(texts[i : i + 4096])]
        ids = np.full((len(rows), max(map(len, rows), default=1)), PAD, np.int64)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = row
        return (ids,)


class _NGrams:
    def __init__(self, table: bytes, chars: tuple[int, int], words: tuple[int, int], buckets: int) -> None:
        from safetensors.numpy import load

        from zhinan.steps._ngrams import NGrams, Weighted

        held = load(table)
        self._weighted = Weighted(NGrams(chars, words, buckets), held["kept"], held["idf"])

    def arrays(self, texts: Sequence[str]) -> tuple[np.ndarray, ...]:
        return self._weighted.padded(texts)
