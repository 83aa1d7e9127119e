"""Hashed n-grams: the encoder to try first on any text, in any alphabet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from zhinan.core import Plan, Search, StepSpec, register

if TYPE_CHECKING:
    import numpy as np
    import scipy.sparse as sp

    from zhinan.steps._ngrams import Weighted

__all__ = ["FittedNGrams", "NGrams"]


@register("encoder", "ngrams", kinds=("text",), weights=None)
@dataclass(frozen=True)
class NGrams:
    """Hashed character and word n-grams with idf. Choose it first: nothing to download, hard to beat on sentiment."""

    chars: Annotated[tuple[int, int], Search((1, 3), (1, 4), (2, 5))] = (1, 4)
    words: tuple[int, int] = (1, 2)
    buckets: Annotated[int, Search(2**18, 2**24, log=True)] = 2**24
    least: Annotated[int, Search(1, 5)] = 2

    def fit(
        self, rows: Mapping[str, Sequence[Any]], progress: Callable[[int, int], None] | None = None
    ) -> FittedNGrams:
        """Keeps the buckets that occur in at least `least` training texts and learns their idf."""
        import numpy as np

        from zhinan.steps._ngrams import NGrams as Counter
        from zhinan.steps.tokenize import joined

        texts = joined(list(rows.values()))
        _, bucket, _ = Counter(self.chars, self.words, self.buckets).count(texts)
        kept, documents = np.unique(bucket, return_counts=True)
        often = documents >= min(self.least, max(len(texts) // 10, 1))
        idf = np.log((1 + len(texts)) / (1 + documents[often])) + 1
        return FittedNGrams(self, tuple(rows), kept[often].astype(np.uint32), idf.astype(np.float32))


@dataclass(frozen=True)
class FittedNGrams:
    """N-grams with the buckets and idf learned from training texts."""

    made_by: NGrams
    columns: tuple[str, ...]
    kept: np.ndarray
    idf: np.ndarray

    def _weighted(self) -> Weighted:
        from zhinan.steps._ngrams import NGrams as Counter
        from zhinan.steps._ngrams import Weighted

        return Weighted(Counter(self.made_by.chars, self.made_by.words, self.made_by.buckets), self.kept, self.idf)

    def encode(
        self, rows: Mapping[str, Sequence[Any]], progress: Callable[[int, int], None] | None = None
    ) -> sp.csr_array:
        """tf–idf features, CSR float32 (n, kept buckets), each row of length 1."""
        import numpy as np
        import scipy.sparse as sp

        from zhinan.steps.tokenize import joined

        texts = joined([rows[name] for name in self.columns])
        row, index, weight = self._weighted().features(texts)
        shape = (len(texts), len(self.kept))
        return sp.csr_array((weight, (row.astype(np.int32), index.astype(np.int32))), shape=shape, dtype=np.float32)

    def plan(self, prefix: str) -> Plan:
        """One `tokenize` step with its table of buckets and idf."""
        import safetensors.numpy

        table = f"{prefix}.safetensors"
        writes = (f"{prefix}.indices", f"{prefix}.weights")
        made_by = self.made_by
        options = {
            "scheme": "ngrams",
            "chars": list(made_by.chars),
            "words": list(made_by.words),
            "buckets": made_by.buckets,
        }
        step = StepSpec("tokenize", self.columns, writes, options, {"table": table})
        content = safetensors.numpy.save({"kept": self.kept, "idf": self.idf})
        return Plan((step,), {table: content}, writes, "sparse", len(self.kept))
