"""What every pretrained text encoder does alike: tokens in, one fixed-length embedding a text out, in two steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zhinan.core import Plan, StepSpec
from zhinan.encoders._weights import Weights

if TYPE_CHECKING:
    import numpy as np

    from zhinan.steps.onnx import Onnx
    from zhinan.steps.tokenize import Tokenize

__all__ = ["FittedSentences", "cores", "derived"]

_GRAPH_NAMES: Mapping[str, Any] = {"batch": "bucketed", "inputs": ["ids"], "outputs": ["embedding"]}


@dataclass(frozen=True, eq=False)
class FittedSentences:
    """A pretrained sentence encoder, ready. It learns nothing from the user's data.

    Args:
        columns: the text columns, joined by a line break.
        weights: where graph and tokenizer come from.
        graph, tokenizer: contents of the files, plain or zlib-packed.
        width: length of an embedding. max_tokens: where a text is cut.
        batch: tokens of a run that are fastest for this graph. threads: cores to encode on; serving uses one.
    """

    columns: tuple[str, ...]
    weights: Weights
    graph: bytes
    tokenizer: bytes
    width: int
    max_tokens: int
    batch: int
    threads: int
    _opened: list[tuple[Tokenize, Onnx]] = field(default_factory=list, repr=False)

    def encode(
        self, rows: Mapping[str, Sequence[Any]], progress: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        """Embeddings (n, width) float32 of length 1, by the very steps that serve.

        Args:
            progress: told (rows done, all rows) after each run of the graph.
        """
        tokenize, onnx = self._open()
        ids = tokenize.run({name: rows[name] for name in self.columns})["ids"]
        return onnx.compute([ids], progress)[0]

    def plan(self, prefix: str) -> Plan:
        """A `tokenize` step, then an `onnx` step."""
        ids, graph, tokenizer = f"{prefix}.ids", f"{prefix}.onnx", f"{prefix}.tokenizer"
        cut = {"scheme": "subword", "max_tokens": self.max_tokens}
        steps = (
            StepSpec("tokenize", self.columns, (ids,), cut, {"tokenizer": tokenizer}),
            StepSpec("onnx", (ids,), (prefix,), {**_GRAPH_NAMES, "tokens": self.batch}, {"graph": graph}),
        )
        files = {graph: self.graph, tokenizer: self.tokenizer}
        licence = f"{self.weights.licence} ({self.weights.upstream})"
        return Plan(steps, files, (prefix,), "dense", self.width, dict.fromkeys(files, licence))

    def _open(self) -> tuple[Tokenize, Onnx]:
        from zhinan.steps.onnx import Onnx
        from zhinan.steps.tokenize import Tokenize

        if not self._opened:
            tokenize = Tokenize(self.columns, ("ids",), {"tokenizer": self.tokenizer}, max_tokens=self.max_tokens)
            graph = {"graph": self.graph}
            onnx = Onnx(("ids",), ("embedding",), graph, batch="bucketed", tokens=self.batch, threads=self.threads)
            self._opened.append((tokenize, onnx))
        return self._opened[0]


def cores() -> int:
    """Cores this process may use."""
    import os

    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def derived(name: str, sources: Sequence[bytes], makers: Sequence[Any], make: Callable[[], bytes]) -> bytes:
    """A file computed from weights, kept in the cache under the hash of the weights and of the code that makes it.

    Args:
        sources: what it is made of, or a digest of that. makers: the modules that make it.
    """
    import hashlib
    from pathlib import Path

    from zhinan.encoders._weights import kept

    digest = hashlib.sha256()
    for part in [*sources, *(Path(str(module.__file__)).read_bytes() for module in makers)]:
        digest.update(hashlib.sha256(part).digest())
    stem, dot, ending = name.rpartition(".")
    return kept(f"{stem}-{digest.hexdigest()[:16]}{dot}{ending}", make)
