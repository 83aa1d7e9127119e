"""The contract: product.yaml read strictly, linted and frozen, before anything is computed."""

from zhinan.contract.durations import duration
from zhinan.contract.frozen import FrozenMap
from zhinan.contract.keys import AUGMENTATIONS
from zhinan.contract.lines import DISTURBANCES, parse_line
from zhinan.contract.lint import check_names
from zhinan.contract.load import load, parse
from zhinan.contract.places import Source
from zhinan.contract.schema import schema
from zhinan.contract.types import (
    CleanSpec,
    Contract,
    CostSpec,
    DataSpec,
    Direction,
    ImproveSpec,
    Line,
    Part,
    ProofSpec,
    ServeSpec,
    TrainSpec,
    crossed,
)

__all__ = [
    "AUGMENTATIONS", "DISTURBANCES", "CleanSpec", "Contract", "CostSpec", "DataSpec", "Direction", "FrozenMap",
    "ImproveSpec", "Line", "Part", "ProofSpec", "ServeSpec", "Source", "TrainSpec", "check_names", "crossed",
    "duration", "load", "parse", "parse_line", "schema",
]  # fmt: skip
