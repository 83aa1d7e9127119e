"""Words that differ from another only in case, width or punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping

__all__ = ["variants"]


def variants(counts: Mapping[str, int]) -> list[list[str]]:
    """Groups of words that are alike but for case, width and punctuation, the most frequent first in each.

    Args: counts: how often each word occurs.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for word in sorted(counts, key=lambda word: (-counts[word], word)):
        plain = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", word).casefold()).strip()
        alike[plain or word].append(word)
    return [group for group in alike.values() if len(group) > 1]
