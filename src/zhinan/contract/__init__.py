"""The contract: product.yaml read strictly, linted and frozen, before anything is computed."""

from zhinan.contract.lines import parse_line
from zhinan.contract.lint import check_names
from zhinan.contract.load import load, parse
from zhinan.contract.schema import schema
from zhinan.contract.types import Contract, DataSpec, FrozenMap, Line, Part, ProofSpec, ServeSpec
from zhinan.contract.values import duration

__all__ = [
    "Contract", "DataSpec", "FrozenMap", "Line", "Part", "ProofSpec", "ServeSpec", "check_names", "duration", "load",
    "parse", "parse_line", "schema",
]  # fmt: skip
