"""What learning takes is imported while files are read, and no longer than that."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from zhinan.engine.libraries import imported_meanwhile

LEARNING = ("scipy.optimize", "sklearn.linear_model", "sklearn.svm", "lightgbm", "onnx", "onnxruntime")


def missing_after(code: str) -> list[str]:
    """What a new process has not imported of LEARNING when it ran some code."""
    told = f"import sys\nimport zhinan.engine.libraries as made\n{code}\n"
    told += f"print(*(name for name in {LEARNING} if name not in sys.modules))"
    return subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()


def test_all_is_imported_when_reading_is_over() -> None:
    pytest.importorskip("lightgbm")
    assert missing_after("with made.imported_meanwhile(): pass") == []


def test_after_an_error_nothing_further_is_imported() -> None:
    assert missing_after("over = made.Event()\nover.set()\nmade._import(over)") == list(LEARNING[1:])


def test_garbage_is_looked_for_again_after_an_error() -> None:
    def failing() -> None:
        with imported_meanwhile():
            assert not gc.isenabled()
            raise ValueError("the file")

    with pytest.raises(ValueError, match="the file"):
        failing()
    assert gc.isenabled()
