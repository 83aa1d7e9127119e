"""What every room shares: the registry, typed user errors and a few frozen types."""

from zhinan.core.errors import UserError, Words, suggest
from zhinan.core.registry import Search, entries, find, register
from zhinan.core.types import (
    Block,
    Candidate,
    Column,
    Dataset,
    Encoded,
    FittedEncoder,
    Graph,
    Kind,
    MaskSpec,
    Mode,
    Plan,
    StepSpec,
)  # fmt: skip

__all__ = [
    "Block", "Candidate", "Column", "Dataset", "Encoded", "FittedEncoder", "Graph", "Kind", "MaskSpec", "Mode",
    "Plan", "Search", "StepSpec", "UserError", "Words", "entries", "find", "register", "suggest",
]  # fmt: skip
