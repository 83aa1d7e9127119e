"""How much of what people send is kept: as the version in service says, and product.yaml where that is stricter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from zhinan.core import UserError
from zhinan.core.types import RETENTION
from zhinan.package.files import read_manifest

if TYPE_CHECKING:
    from zhinan.contract import Contract
    from zhinan.store import Store

__all__ = ["Keeping", "in_force", "stricter"]


@dataclass(frozen=True)
class Keeping:
    """What one contract says; `&` gives the stricter of two.

    Args:
        inputs: whether inputs are kept, masked. retention: seconds for which predictions and feedback are.
        patterns: masks of its own, name → regular expression, that a version may not have yet.
    """

    inputs: bool = True
    retention: float = math.inf
    patterns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, contract: Contract) -> Self:
        """What product.yaml says now."""
        own = {mask.name: mask.pattern for mask in contract.data.mask if mask.pattern is not None}
        return cls(contract.serve.keep_inputs == "masked", contract.serve.retention, own)

    @classmethod
    def sealed(cls, text: str) -> Self:
        """What the contract.yaml of a version says; its masks stand in its steps.

        What is not understood under serve.keep_inputs keeps nothing.
        """
        said = _setting(text, "retention")
        if said is None:
            kept = RETENTION
        else:
            from zhinan.contract import duration

            kept = duration(str(said))
        return cls(_setting(text, "keep_inputs") in (None, "masked"), kept)

    def __and__(self, other: Keeping) -> Keeping:
        return Keeping(
            self.inputs and other.inputs,
            min(self.retention, other.retention),
            {**self.patterns, **other.patterns},
        )


def stricter(said: Keeping, store: Store, product: str) -> Keeping:
    """What may be kept of a product now. Args: said: what the product file says."""
    return said & (_live(store, product)[1] or said)


def in_force(said: Keeping, store: Store, product: str) -> dict[str, Any]:
    """What is kept while the live version answers, and where it and the product file differ.

    Args: said: what the product file says.

    Returns: {"keep_inputs": "masked" or "none", "retention": seconds, "differs": keys of the contract, "version"}.
    """
    live, sealed = _live(store, product)
    sealed = sealed or said
    both = said & sealed
    differs = [
        f"serve.{name}"
        for name, same in (
            ("keep_inputs", said.inputs == sealed.inputs), ("retention", said.retention == sealed.retention)
        )
        if not same
    ]  # fmt: skip
    kept = "masked" if both.inputs else "none"
    return {"keep_inputs": kept, "retention": both.retention, "differs": differs, "version": live}


def _live(store: Store, product: str) -> tuple[int | None, Keeping | None]:
    """The live version, and what it says; None without one, or without its contract, which `status` tells."""
    live = store.stages(product).live
    if live is None:
        return None, None
    folder = Path(store.version(product, live).path)
    try:
        text = (folder / "contract.yaml").read_text("utf-8")
    except OSError:
        return live, None
    try:
        steps = read_manifest(folder).steps
    except UserError:  # it answers nobody
        steps = ()
    masks = (step.options.get("patterns", {}) for step in steps if step.step == "mask")
    own = {name: pattern for one in masks for name, pattern in one.items()}
    return live, replace(Keeping.sealed(text), patterns=own)


def _setting(text: str, name: str) -> Any:
    """A value of the section `serve` of a contract, None when it is not there.

    Where neither the word nor a backslash stands, by which alone a key can be written otherwise, there is no such
    section, and what reads contracts need not be imported.
    """
    if "serve" not in text and "\\" not in text:
        return None
    from zhinan.contract.tree import value_at

    return value_at(text, "serve", name)
