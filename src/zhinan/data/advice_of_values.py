"""What Zhinan does about each finding about how values are written, and how to have it otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from zhinan.core import Words

__all__ = ["OF_VALUES"]

OF_VALUES: Mapping[str, tuple[Words, Words]] = {
    "joined_labels": (
        Words("each of these is a class like any other", "每种组合均视为一个类别"),
        Words("say task: tag if a row may have several labels", "若一行可有多个标签，请写明 task: tag"),
    ),
}
