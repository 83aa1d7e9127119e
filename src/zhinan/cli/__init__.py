"""The command line: parse, call one function, print."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Runs `zhinan`; the exit code is 0 done or proved, 1 refuted, 2 undecided, 3 the user can mend it, 4 a bug."""
    from zhinan.cli.run import run
    from zhinan.core.process import ours

    ours.set()
    sys.exit(run(sys.argv[1:]))
