"""The child process that decodes pictures and recordings: one line of facts a file, written before the next is touched.

When a file kills it, its parent knows which one by the lines there are, and starts another child behind it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from zhinan.core import UserError
from zhinan.data import pictures, sounds
from zhinan.data.child import limit

__all__ = ["facts_of", "main"]


def facts_of(kind: str, root: Path, name: str, arrays: dict[str, Any]) -> dict[str, Any]:
    """The facts of one file under `root`, or {"refused": [en, zh]}.

    Args:
        kind: image or audio. name: a path, or `file.npz#17` for the 18th picture of an array.
        arrays: what was opened before, by file.
    """
    file, mark, place = name.rpartition("#")
    try:
        if mark and file.lower().endswith(".npz") and place.isdigit():
            if file not in arrays:
                from zhinan.data.readers.npz import arrays_of

                arrays.clear()
                arrays[file] = arrays_of(root / file)[0]
            return pictures.of_array(arrays[file][int(place)])
        if not (root / name).is_file():
            return {"refused": ["there is no such file", "没有这个文件"]}
        return sounds.of_file(root / name) if kind == "audio" else pictures.of_file(root / name)
    except pictures.UnfitError as error:
        return {"refused": [error.reason.en, error.reason.zh]}
    except UserError as error:
        return {"refused": [error.what("en"), error.what("zh")]}
    except MemoryError:
        return {"refused": ["decoding needs too much memory", "解码所需内存过大"]}
    except (OSError, IndexError) as error:
        return {"refused": [f"cannot be read ({type(error).__name__})", f"无法读取（{type(error).__name__}）"]}


def main() -> int:
    """Reads {"kind", "root", "names", "into", "limits"} from standard input; appends a JSON line a name to `into`."""
    task = json.load(sys.stdin)
    unlimited = limit(task["limits"])
    arrays: dict[str, Any] = {}
    with Path(task["into"]).open("a", encoding="utf-8") as lines:
        for name in task["names"]:
            facts = facts_of(task["kind"], Path(task["root"]), name, arrays)
            lines.write(json.dumps({**facts, "unlimited": unlimited}) + "\n")
            lines.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
