"""What product.yaml asks of a version now, beside what that was judged by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from zhinan.contract import Contract
    from zhinan.store import Store

__all__ = ["Asked"]


@dataclass(frozen=True)
class Asked:
    """What one contract asks for.

    Args: hash: of the contract. lines: its must lines. confidence: at which each is to hold.
    """

    hash: str
    lines: tuple[str, ...]
    confidence: float

    @classmethod
    def of(cls, contract: Contract) -> Self:
        """What product.yaml says now."""
        return cls(contract.hash, tuple(line.text for line in contract.must), contract.confidence)

    def unjudged(self, store: Store, product: str, number: int) -> tuple[str, ...]:
        """Its lines that a version was not judged by, or at a lower confidence. Raises: UserError E401."""
        if store.version(product, number).summary.get("contract") in (None, self.hash):
            return ()
        judged = {row["line"]: row.get("confidence", 1.0) for row in store.verdicts(product, number)}
        return tuple(line for line in self.lines if judged.get(line, 0.0) < self.confidence)
