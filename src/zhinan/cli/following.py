"""A product file that a watch reads anew at each look, so that it goes by what the file says now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from zhinan.cli.options import Asked
    from zhinan.contract import Contract

__all__ = ["Following"]


class Following:
    """What a product file says, as last read whole; one that cannot be read, or is of another product now, is said once
    and changes nothing.

    Raises: UserError of a file that cannot be read to begin with.
    """

    def __init__(self, asked: Asked, path: Path) -> None:
        from zhinan.contract import load

        self._asked, self._path, self._said = asked, path, ""
        self.contract: Contract = load(path)

    def look(self) -> bool:
        """Reads it anew; whether it says something else."""
        from zhinan.contract import load
        from zhinan.core import UserError

        before = self.contract.text
        try:
            now, said = load(self._path), ""
            if now.product != self.contract.product:
                raise UserError("E505", str(self._path), now=now.product, product=self.contract.product)
            self.contract = now
        except UserError as error:
            said = error.text(self._asked.lang)
        if said and said != self._said:
            click.echo(said, err=True)
        self._said = said
        return self.contract.text != before
