"""What can be told about one recording: how long it is, in what form, whether it is silent or clipped."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from zhinan.core import Words
from zhinan.data.pictures import UnfitError

__all__ = ["LONGEST", "of_file"]

LONGEST = 4 * 3600.0
"""Seconds; a longer recording is refused before it is decoded: 7 MB of FLAC can hold 8 GB of samples."""

_MOST_SAMPLES = 1_000_000_000
_BLOCK = 1 << 18
_FULL = 0.999
_QUIET = 1e-4


def of_file(path: Path) -> dict[str, Any]:
    """The facts of a recording, decoded block by block to its end so that a truncated one is known.

    Returns: digest (of the file's bytes), bytes, seconds, rate (Hz), channels, format, loudness (RMS, 1 is full scale),
        silent (share of samples below 1e-4), clipped (share at full scale).
    Raises: UnfitError when it is no recording, too long, empty or broken; ImportError without soundfile.
    """
    import numpy as np
    import soundfile

    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    square, silent, clipped, samples = 0.0, 0, 0, 0
    try:
        with soundfile.SoundFile(path) as sound:
            rate, channels, frames = sound.samplerate, sound.channels, sound.frames
            if frames > LONGEST * rate or frames * channels > _MOST_SAMPLES:
                raise UnfitError(
                    Words(f"{frames / rate / 3600:,.1f} hours of sound", f"时长 {frames / rate / 3600:,.1f} 小时")
                )
            for block in sound.blocks(_BLOCK, dtype="float32", always_2d=True):
                loud = np.abs(block)
                square += float((block.astype(np.float64) ** 2).sum())
                silent += int((loud < _QUIET).sum())
                clipped += int((loud >= _FULL).sum())
                samples += block.size
            form = sound.format
    except soundfile.SoundFileError:
        raise UnfitError(Words("not a recording, or broken", "不是录音，或已损坏")) from None
    if not samples:
        raise UnfitError(Words("no sound in it", "没有声音数据"))
    if samples < frames * channels:
        raise UnfitError(Words("cut off before its end", "文件不完整"))
    return {
        "digest": digest.hexdigest(),
        "bytes": path.stat().st_size,
        "seconds": frames / rate,
        "rate": rate,
        "channels": channels,
        "format": form,
        "loudness": (square / samples) ** 0.5,
        "silent": silent / samples,
        "clipped": clipped / samples,
    }
