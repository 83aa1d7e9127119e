"""What can be told about one picture without a network: its size, its form, whether anything is on it, how it looks."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhinan.core import Words

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["MOST_PIXELS", "PATTERN", "UnfitError", "of_array", "of_file"]

MOST_PIXELS = 100_000_000
"""A picture with more is refused before it is decoded: 20 KB of PNG can hold 2 GB of pixels."""

PATTERN = 16
"""Side of the grey pattern kept of each picture, by which near-duplicates are told."""

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "PPM")
_LATITUDE = 2
_DEPTHS = (1.0, 255.0, 1023.0, 4095.0, 16383.0, 65535.0)
_TOO_LARGE = Words(f"more than {MOST_PIXELS // 1_000_000} million pixels", f"超过 {MOST_PIXELS // 1_000_000} 百万像素")
_LOCATION, _ORIENTATION = 0x8825, 0x0112


class UnfitError(Exception):
    """A file that is not taken, with the reason."""

    def __init__(self, reason: Words) -> None:
        super().__init__(reason.en)
        self.reason = reason


def of_file(path: Path) -> dict[str, Any]:
    """The facts of a picture file, decoded completely so that a truncated one is known.

    Returns: digest (of the file's bytes), bytes, width, height, mode, format, frames, located, spread, pattern.
    Raises: UnfitError when it is no picture, too large, or broken.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    content = path.read_bytes()
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnfitError(_TOO_LARGE)
            facts = {
                "width": picture.width,
                "height": picture.height,
                "mode": picture.mode,
                "format": str(picture.format),
                "frames": int(getattr(picture, "n_frames", 1)),
                "located": _located(picture),
            }
            upright = ImageOps.exif_transpose(picture) if picture.getexif().get(_ORIENTATION, 1) != 1 else picture
            facts |= _looks(_grey(upright))
    except UnfitError:
        raise
    except UnidentifiedImageError:
        raise UnfitError(Words("not a picture", "不是图片")) from None
    except Image.DecompressionBombError:
        raise UnfitError(_TOO_LARGE) from None
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError) as error:
        raise UnfitError(Words(f"broken ({type(error).__name__})", f"已损坏（{type(error).__name__}）")) from None
    return {"digest": hashlib.sha256(content).hexdigest(), "bytes": len(content), **facts}


def of_array(array: Any) -> dict[str, Any]:
    """The same facts of a picture held as numbers: uint8, shape (height, width) or (height, width, 3).

    Raises: UnfitError for any other shape or type.
    """
    import numpy as np
    from PIL import Image

    form = array.shape[2:] if array.ndim in (2, 3) else None
    if array.dtype != np.uint8 or form not in ((), (1,), (3,)):
        raise UnfitError(
            Words(
                f"numbers of shape {array.shape} and type {array.dtype} are no picture",
                f"形状 {array.shape}、类型 {array.dtype} 的数组不是图片",
            )
        )
    held = array[:, :, 0] if form == (1,) else array
    picture = Image.fromarray(held)
    return {
        "digest": hashlib.sha256(str(array.shape).encode() + np.ascontiguousarray(array).tobytes()).hexdigest(),
        "bytes": int(array.nbytes),
        "width": picture.width,
        "height": picture.height,
        "mode": picture.mode,
        "format": "array",
        "frames": 1,
        "located": False,
        **_looks(picture.convert("L")),
    }


def _grey(picture: Image.Image) -> Image.Image:
    """A picture as 256 levels of grey: deep ones scaled by the bits they use, clear places neither black nor white."""
    import numpy as np
    from PIL import Image

    if picture.mode.startswith(("I", "F")):
        values = np.nan_to_num(np.asarray(picture, np.float32)).clip(0)
        high = float(values.max(initial=0))
        top = next((limit for limit in _DEPTHS if high <= limit), high)
        return Image.fromarray((values * (255 / top)).astype(np.uint8))
    if not picture.has_transparency_data:
        return picture.convert("L")
    shown = picture if picture.mode in ("RGBA", "LA") else picture.convert("RGBA")
    grey = Image.new("L", shown.size, 128)
    grey.paste(shown.convert("L"), mask=shown.getchannel("A"))
    return grey


def _looks(grey: Image.Image) -> dict[str, Any]:
    """spread: standard deviation of the grey values, 0–127; pattern: PATTERN × PATTERN grey values as hex."""
    import numpy as np
    from PIL import Image

    small = grey.resize((PATTERN, PATTERN), Image.Resampling.BOX)
    return {"spread": float(np.asarray(grey, np.float32).std()), "pattern": small.tobytes().hex()}


def _located(picture: Image.Image) -> bool:
    """Whether the picture says where it was taken (EXIF GPS)."""
    return _LATITUDE in picture.getexif().get_ifd(_LOCATION)
