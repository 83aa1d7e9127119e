"""Names of persons as presidio finds them with a spaCy pipeline of your own: for languages and styles ours misses.

The pipeline travels in the version; presidio and spaCy (the extra `presidio`) have to be installed where it is served.
"""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from zhinan.core import UserError, Words
from zhinan.steps.masks._spans import Span

__all__ = ["finder", "finder_in", "packed"]

PIECE, OVERLAP = 20_000, 200
"""Letters that are looked at together: spaCy takes about a gigabyte for a hundred thousand of them."""

HELD = 4
"""Pipelines kept open by a process."""

_EPOCH = (1980, 1, 1, 0, 0, 0)

Finder = Callable[[str], list[Span]]


@lru_cache(HELD)
def packed(folder: str) -> bytes:
    """A pipeline's folder as one file, the same for the same content on any platform: nothing is compressed.

    Raises: UserError E156 when it is none.
    """
    place = Path(folder)
    if not (place / "meta.json").is_file() or not (place / "config.cfg").is_file():
        reason = Words("it holds no meta.json and config.cfg", "缺少 meta.json 或 config.cfg")
        raise UserError("E156", place.name, reason=reason)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as bundle:
        for path in sorted(path for path in place.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo(path.relative_to(place).as_posix(), _EPOCH)
            info.create_system = 3
            bundle.writestr(info, path.read_bytes())
    return content.getvalue()


@lru_cache(HELD)
def finder_in(folder: str) -> Finder:
    """What finds names with the pipeline of a folder, exactly as a version that it was packed into does."""
    return finder(packed(folder))


@lru_cache(HELD)
def finder(content: bytes) -> Finder:
    """What finds names with a packed pipeline.

    Raises: UserError E900 without the extra, E156 for a pipeline that cannot be loaded or names nothing.
    """
    try:
        import presidio_analyzer  # noqa: F401
        import spacy  # noqa: F401
    except ImportError as error:
        raise UserError("E900", kind="mask", name="presidio", extra="presidio", missing=error.name) from error
    with tempfile.TemporaryDirectory(prefix="zhinan-pipeline-") as folder:
        _unpack(content, Path(folder))
        pipeline = _loaded(folder)
    engine = _engine(pipeline)

    def names(text: str) -> list[Span]:
        found = set()
        for start in range(0, len(text), PIECE):
            piece = text[start : start + PIECE + OVERLAP]
            said = engine.analyze(piece, language=pipeline.lang, entities=["PERSON"])
            found |= {(start + one.start, start + one.end) for one in said}
        return sorted(found)

    return names


def _unpack(content: bytes, folder: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            if any(info.compress_type != zipfile.ZIP_STORED for info in bundle.infolist()):
                raise ValueError("a bomb may be packed in it")
            bundle.extractall(folder)  # zipfile keeps every name below the folder, and writes no links
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UserError("E156", reason=Words("it cannot be unpacked", "无法解包")) from error


def _loaded(folder: str | os.PathLike[str]) -> Any:
    import spacy

    try:
        return spacy.load(folder)
    except Exception as error:
        reason = Words(f"spaCy cannot load it ({type(error).__name__})", f"spaCy 无法加载（{type(error).__name__}）")
        raise UserError("E156", reason=reason) from error


def _engine(pipeline: Any) -> Any:
    """Presidio over one pipeline, without the recognisers that look for anything but names."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    labels: Mapping[str, Any] = pipeline.meta.get("labels") or {}
    if not {"PERSON", "PER"} & {label for named in labels.values() for label in named}:
        reason = Words("none of its parts finds names of persons", "其中没有能识别人名的组件")
        raise UserError("E156", reason=reason)
    engine = SpacyNlpEngine()
    engine.nlp = {pipeline.lang: pipeline}
    names = SpacyRecognizer(supported_language=pipeline.lang, supported_entities=["PERSON"])
    registry = RecognizerRegistry(recognizers=[names], supported_languages=[pipeline.lang])
    return AnalyzerEngine(nlp_engine=engine, registry=registry, supported_languages=[pipeline.lang])
