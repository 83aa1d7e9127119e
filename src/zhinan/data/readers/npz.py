"""Reads arrays of pictures as numpy writes them: one array of pixels and, beside it, one of labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhinan.core import UserError, Words, register

if TYPE_CHECKING:
    from zhinan.data.types import Raw

__all__ = ["arrays_of", "npz"]

_MOST_BYTES = 4 << 30


@register("reader", "npz", suffixes=(".npz",), magic=("numpy",))
def npz(path: Path) -> Raw:
    """Pictures (n, height, width) or (n, height, width, 3) of uint8 with labels (n,), as numpy's savez writes them.

    The row `image` names the place, `train.npz#17`; pixels stay in the file. Choose it for MNIST-like sets.

    Raises: UserError E132 when it is damaged or holds Python objects, E190 when the arrays are not of that form.
    """
    import polars as pl

    from zhinan.data.types import Raw
    from zhinan.steps.values.written import text_of

    pixels, labels = arrays_of(path)
    frame = pl.DataFrame(
        {
            "image": [f"{path.name}#{i}" for i in range(len(pixels))],
            "label": [None] * len(pixels) if labels is None else [text_of(label) for label in labels.tolist()],
        },
        schema={"image": pl.String, "label": pl.String},
    )
    return Raw(frame.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("_line")))


def arrays_of(path: Path) -> tuple[Any, Any]:
    """Pixels, and labels or None, of an npz file; nothing in it is ever unpickled.

    Raises: UserError E132, E190.
    """
    import tokenize
    import zipfile
    import zlib

    import numpy as np

    from zhinan.data.formats import decoding

    def refuse(en: str, zh: str) -> UserError:
        return UserError("E190", path.name, reason=Words(en, zh))

    damage = (OSError, ValueError, EOFError, KeyError, OverflowError, NotImplementedError, RecursionError, SyntaxError,
              RuntimeError, zipfile.BadZipFile, zlib.error, tokenize.TokenError)  # fmt: skip
    with decoding(path.name, *damage):
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
                raise refuse("its arrays are larger than 4 GB", "数组超过 4 GB")
        try:
            with np.load(path, allow_pickle=False) as held:
                every = {name: held[name] for name in held.files}
        except MemoryError:
            raise refuse("an array is said to be larger than memory", "数组声明的大小超出内存") from None
    arrays = {name: array for name, array in every.items() if isinstance(array, np.ndarray)}  # else bytes of no array
    pictures = {name: a for name, a in arrays.items() if a.dtype == np.uint8 and a.ndim in (3, 4)}
    if len(pictures) != 1:
        raise refuse(
            f"{len(pictures)} arrays look like pictures (uint8, 3 or 4 dimensions)",
            f"有 {len(pictures)} 个数组像图片（uint8，3 或 4 维）",
        )
    (pixels,) = pictures.values()
    beside = [a for a in arrays.values() if a.ndim == 1 and len(a) == len(pixels) and a.dtype.kind in "iubUS"]
    if len(beside) > 1:
        raise refuse(f"{len(beside)} arrays could be the labels", f"有 {len(beside)} 个数组可能是标签")
    return pixels, beside[0] if beside else None
