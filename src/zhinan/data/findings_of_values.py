"""What there is to say about how numbers, labels and categories are written, in English and 中文."""

from __future__ import annotations

from zhinan.data.findings_of_files import Text

__all__ = ["OF_VALUES"]

OF_VALUES: dict[str, Text] = {
    "joined_labels": Text(
        2,
        "{count} (row has|rows have) a target that joins others, and is a class of its own: several labels in a cell?",
        "{count} 行的目标值由其他类别拼接而成，被视为单独的类别：是否一格写了多个标签？",
    ),
}
