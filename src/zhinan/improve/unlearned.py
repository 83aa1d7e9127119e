"""Which sealed rows may tell champion and challenger apart: a line that was added can seal what the champion knows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zhinan.core import Dataset, UserError
from zhinan.engine.lineage import rows_of_version
from zhinan.store import Store

__all__ = ["unlearned"]


def unlearned(store: Store, product: str, number: int, part: Dataset) -> npt.NDArray[np.int64]:
    """Places of the rows of a part that a version neither learned from nor was chosen by.

    More rows are sealed where a line needs them, or where others are gone. Of a version of which nothing is known any
    more they are all rows.
    """
    try:
        rows = rows_of_version(store, store.version(product, number))
    except UserError as error:
        if error.code not in ("E160", "E409", "E410"):
            raise
        return np.arange(len(part))
    known = rows.filter(rows["part"].cast(str).is_in(["train", "dev"]))
    names = {one.hex() for name in ("row", "now") for one in known[name].drop_nulls()}
    return np.flatnonzero([row not in names for row in part.values("_row")])
