"""The rungs that all kinds of answers share: recipes on stacks of encoders, cheapest first."""

from __future__ import annotations

from typing import TypeAlias

__all__ = ["LADDER", "OF_NUMBERS", "OF_TAGS", "Rung"]

Rung: TypeAlias = tuple[str, str, tuple[str, ...]]
"""Level, recipe and the encoders it stacks. A rung is left out when one of its encoders fits none of the input columns;
"columns?" joins when it fits, "any" is the first that does."""

LADDER: tuple[Rung, ...] = (
    ("prior", "prior", ("any",)),
    ("shallow", "linear", ("columns",)),
    ("shallow", "linear", ("ngrams", "columns?")),
    ("shallow", "boost", ("ngrams?", "cells")),
    ("shallow", "extra_trees", ("ngrams?", "cells")),
    ("shallow", "blend", ("ngrams?", "columns", "cells")),
    ("frozen", "linear", ("ngrams", "columns?", "minilm")),
    ("frozen", "linear", ("ngrams", "columns?", "use_multilingual")),
    ("frozen", "linear", ("ngrams", "columns?", "minilm", "use_multilingual")),
)
"""Trees come after linear heads on the same columns, all added up last; a lone category or flag is not worth a tree."""

OF_NUMBERS = tuple(rung for rung in LADDER if rung[1] != "extra_trees")
"""Rough trees are for chances: of a number their mean is too smooth, and their errors hide which rows are noisy."""

OF_TAGS = OF_NUMBERS
"""One forest tells all labels apart from the rest; rough trees have no such form."""
