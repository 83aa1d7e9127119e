"""Files of a candidate whose graph is written when first looked at: most fits answer dev and are never packaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

__all__ = ["GRAPH", "Written"]

GRAPH = "head.onnx"


class Written(Mapping[str, bytes]):
    """Files that are there, and the graph of heads and trees behind them."""

    def __init__(self, ready: Mapping[str, bytes], graph: Callable[[], bytes]) -> None:
        self._ready = dict(ready)
        self._graph: Callable[[], bytes] | None = graph

    def __getitem__(self, name: str) -> bytes:
        if name == GRAPH and self._graph is not None:
            self._ready[GRAPH], self._graph = self._graph(), None
        return self._ready[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._ready, GRAPH)))

    def __len__(self) -> int:
        return len({*self._ready, GRAPH})
