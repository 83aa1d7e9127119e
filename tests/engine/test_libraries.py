"""What learning takes is imported while files are read, and no longer than that."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from zhinan.engine.libraries import for_all, imported_meanwhile

LEARNING = ("scipy.optimize", "onnx", "onnxruntime", "sklearn.linear_model", "sklearn.svm")


def missing_after(code: str) -> list[str]:
    """What a new process has not imported of LEARNING when it ran some code."""
    told = f"import sys\nimport zhinan.engine.libraries as made\n{code}\n"
    told += f"print(*(name for name in {LEARNING} if name not in sys.modules))"
    return subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()


def test_all_is_imported_when_reading_is_over() -> None:
    assert missing_after("with made.imported_meanwhile(made.for_all, made.for_texts): pass") == []


def test_after_an_error_nothing_further_is_imported() -> None:
    code = "over = made.Event()\nmade._import((made.for_all, over.set, made.for_texts), over)"
    assert missing_after(code) == list(LEARNING[3:])


def test_the_command_looks_through_what_was_imported_for_garbage_no_more_and_through_later_things() -> None:
    told = (
        "import gc\nimport zhinan.engine.libraries as made\nmade.ours.set()\n"
        "with made.imported_meanwhile(made.for_all): pass\n"
        "first = gc.get_freeze_count()\nlater = [[] for _ in range(9_999)]\n"
        "with made.imported_meanwhile(made.for_all): pass\n"
        "print(first > 10_000, gc.get_freeze_count() <= first)"
    )
    assert (
        subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout == "True True\n"
    )


def test_a_process_that_is_not_the_command_s_keeps_its_garbage_in_sight() -> None:
    told = "import gc\nimport zhinan.engine.libraries as made\n"
    told += "with made.imported_meanwhile(made.for_all): pass\nprint(gc.get_freeze_count())"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout == "0\n"


def test_the_command_says_that_the_process_is_its_own() -> None:
    told = "import sys\nfrom zhinan.cli import main\nfrom zhinan.core.process import ours\n"
    told += "sys.argv = ['zhinan', '--help']\nfirst = ours.is_set()\n"
    told += "try:\n    main()\nfinally:\n    print(first, ours.is_set())"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False True"


def test_garbage_is_looked_for_again_after_an_error() -> None:
    def failing() -> None:
        with imported_meanwhile(for_all):
            assert not gc.isenabled()
            raise ValueError("the file")

    with pytest.raises(ValueError, match="the file"):
        failing()
    assert gc.isenabled()


def test_a_build_of_a_table_imports_neither_scikit_learn_nor_pandas_nor_statistics(tmp_path: Path) -> None:
    pytest.importorskip("lightgbm")
    draw = np.random.default_rng(0)
    age, paid = draw.integers(20, 70, 500), draw.choice(["yes", "no", "late"], 500)
    bad = np.where(draw.random(500) < np.where(paid == "late", 0.7, 0.2), "bad", "good")
    rows = [f"{a},{p},{b}" for a, p, b in zip(age, paid, bad, strict=True)]
    (tmp_path / "rows.csv").write_text("\n".join(["age,paid,risk", *rows]), encoding="utf-8")
    (tmp_path / "product.yaml").write_text(
        "product: p\ndata: rows.csv\ntarget: risk\nmust:\n  - auc >= 95%\n", encoding="utf-8"
    )
    told = f"import sys\nfrom zhinan.engine import build\nmade = build({str(tmp_path / 'product.yaml')!r})\n"
    told += "print(len(made.recipes), *(name for name in ('sklearn', 'pandas', 'scipy.stats') if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["5"]
