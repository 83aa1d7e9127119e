"""What a contract does not name and its columns suggest: whose rows are, and that they are a series in time."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from zhinan.contract import Contract
from zhinan.core import Column
from zhinan.data.findings import finding
from zhinan.data.types import Finding, Loaded

__all__ = ["SOMEBODY", "unnamed_people", "unnamed_time"]

SOMEBODY = re.compile(
    r"(?i)(?:^|[_ .-])(?:user|person|customer|client|member|account|author|caller|patient|subject|participant|speaker|"
    r"student|pupil|employee|driver|borrower|applicant|household|cardholder|policyholder|player)s?"
    r"(?:[_ -]?(?:id|name|no|nr|number|code|key))?$|^(?:uid|openid)$|(?:用户|客户|会员|患者|病人|学生|员工|用戶|客戶)"
    r"(?:编号|号|名|姓名|ID|id)?$"
)
"""What columns are called that say whose a row is."""

_LEAST, _EACH = 10, 2.0
"""Different values, and rows of each on average, at least: two kinds of customers are no customers."""

_ROWS, _ALONE, _REGULAR = 30, 0.9, 0.8
"""A series has so many rows, such a share of different moments, and of equal steps from one to the next."""


def unnamed_people(contract: Contract, columns: Mapping[str, Column], frame: pl.DataFrame) -> list[Finding]:
    """Columns that may say whose a row is and repeat, where the contract names no person.

    Rows of one patient are alike: with some of them on each side of the split, a proof is of patients met before.
    Args: frame: tidied texts, as `infer` takes them.
    """
    data = contract.data
    if data.person is not None or data.target is None:
        return []
    people, ids = [], []
    for column in columns.values():
        if column.name in (data.target, data.current, data.time) or column.kind not in ("id", "category", "number"):
            continue
        count = frame[column.name].drop_nulls().n_unique()
        if count < _LEAST or frame[column.name].count() < _EACH * count:
            continue
        said = f"{column.name}: {count:,} in {frame.height:,} rows"
        if SOMEBODY.search(column.name):
            people.append(said)
        elif column.kind == "id":
            ids.append(said)
    found = [finding("unnamed_people", len(people), people)] if people else []
    return [*found, finding("repeated_ids", len(ids), ids)] if ids else found


def unnamed_time(contract: Contract, loaded: Loaded, frame: pl.DataFrame) -> list[Finding]:
    """Inputs that are moments at equal steps, one a row, where the contract names no time: a series, split by chance.

    Args: frame: typed values.
    """
    if contract.data.time is not None or contract.data.test or frame.height < _ROWS:
        return []
    series = [c.name for c in loaded.dataset.inputs if c.kind == "time" and _is_series(frame[c.name])]
    return [finding("unnamed_time", len(series), series)] if series else []


def _is_series(moments: pl.Series) -> bool:
    known = moments.drop_nulls().unique().sort()
    if len(known) < _ALONE * len(moments):
        return False
    steps = known.diff().drop_nulls()
    return int((steps == steps.mode()[0]).sum()) >= _REGULAR * len(steps)
