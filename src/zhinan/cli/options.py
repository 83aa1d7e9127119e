"""What every command takes: --json, --store, --key-file, --lang and -q, gathered into one object."""

from __future__ import annotations

import functools
import json
import math
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from zhinan.cli.run import language
from zhinan.core import UserError, Words, suggest
from zhinan.core.keys import FILE

__all__ = ["PRODUCT", "Asked", "Group", "Seconds", "example", "with_options"]

PRODUCT = click.argument("product", type=click.Path(path_type=Path), default=Path("product.yaml"))
"""The product file that a command is about."""


class Group(click.Group):
    """Commands under one name: alone it shows its help, and a wrong command names the nearest right one."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Reads the arguments; none at all ask for help."""
        return super().parse_args(context, args or ["--help"])

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command asked for. Raises: UserError E317 for an unknown one."""
        name = args[0]
        if self.get_command(context, name) is None and not name.startswith("-"):
            near = suggest(name, self.list_commands(context))
            what = Words(f"no command '{name}'; {near.en}", f"没有命令“{name}”；{near.zh}")
            raise UserError("E317", what=what, command=context.command_path)
        return super().resolve_command(context, args)


class Seconds(click.FloatRange):
    """A range that `nan` is outside of: no bound refuses it, and no clock can wait so long."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number. Raises: BadParameter for what is none, or lies outside."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value} is not in the range {self._describe_range()}.", param, ctx)
        return number


@dataclass(frozen=True)
class Asked:
    """How the user wants to be answered. json: one JSON object on stdout; quiet: no progress; lang: en or zh."""

    json: bool
    store: str | None
    lang: str
    quiet: bool

    @property
    def zh(self) -> bool:
        """Whether to answer in 中文."""
        return self.lang == "zh"

    def place(self, product: Path) -> str | Path:
        """The store: as asked, or `.zhinan` beside the product file; which is the folder of a server's, too."""
        from zhinan.store.places import placed

        return placed(self.store, (product if product.is_dir() else product.parent) / ".zhinan")

    def answer(self, result: Mapping[str, Any], show: Callable[[], None]) -> None:
        """Prints the result as JSON, or lets `show` print it for people."""
        if self.json:
            json.dump(result, sys.stdout, ensure_ascii=False, default=_plain)
            sys.stdout.write("\n")
        else:
            show()


def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the common options to a command, which gets them as its first argument, an `Asked`."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else on stdout.")
    @click.option("--store", envvar="ZHINAN_STORE", metavar="DSN|PATH", help="Default: .zhinan beside product.yaml.")
    @click.option("--key-file", metavar="FILE", help="Secret keys that encrypt the store; or ZHINAN_KEY_FILE.")
    @click.option("--lang", type=click.Choice(["en", "zh"]), default=None, help="Default: by locale.")
    @click.option("-q", "--quiet", is_flag=True, help="No progress.")
    @functools.wraps(command)
    def wrapped(
        *, as_json: bool, store: str | None, key_file: str | None, lang: str | None, quiet: bool, **rest: Any
    ) -> Any:
        if key_file:
            os.environ[FILE] = key_file  # for the workers of `serve` too, and whoever else asks for a key
        return command(
            Asked(as_json, store, lang or language(), quiet or (as_json and not sys.stderr.isatty())), **rest
        )

    return wrapped


def example(line: str) -> str:
    """The epilog of a command's help."""
    return f"\b\nExample:\n  {line}"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    return str(value)
