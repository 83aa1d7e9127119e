"""What every room shares: the registry, typed user errors and a few frozen types."""

from zhinan.core.errors import UserError, Words, suggest
from zhinan.core.registry import Search, entries, find, register
from zhinan.core.types import (
    Block,
    Candidate,
    Column,
    Dataset,
    Duration,
    Encoded,
    FittedEncoder,
    Graph,
    Kind,
    Loss,
    MaskSpec,
    Mode,
    Plan,
    StepSpec,
    Task,
)  # fmt: skip

__all__ = [
    "Block", "Candidate", "Column", "Dataset", "Duration", "Encoded", "FittedEncoder", "Graph", "Kind", "Loss",
    "MaskSpec", "Mode", "Plan", "Search", "StepSpec", "Task", "UserError", "Words", "entries", "find", "register",
    "suggest",
]  # fmt: skip
