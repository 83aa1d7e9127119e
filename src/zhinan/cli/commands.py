"""The commands that make versions; `prove` is in `cli.proving`, those that run a product are in `cli.running`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from zhinan.cli.options import PRODUCT, Asked, Group, example, with_options
from zhinan.cli.progress import told
from zhinan.cli.proving import CODES

__all__ = ["Commands", "app", "build", "check", "new"]


class Commands(Group):
    """Commands in the order of a product's life; those that are not here are loaded on first use."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Every command, in the order in which one meets them."""
        return [
            "demo", "new", "check", "build", "prove", "label", "report", "explain", "lineage", "predict", "serve",
            "status", "feedback", "improve", "promote", "rollback", "audit", "clean", "forget", "verify", "export",
            "key", "list", "weights",
        ]  # fmt: skip

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of that name; a file is read only when a command in it may be meant."""
        here = super().get_command(context, name)
        if here is not None:
            return here
        from zhinan.cli import running

        if name in running.COMMANDS:
            return running.COMMANDS[name]
        from zhinan.cli import (
            auditing,
            cleaning,
            explaining,
            forgetting,
            improving,
            keys,
            labelling,
            lineage,
            proving,
            watching,
        )

        return {
            "audit": auditing.audit, "clean": cleaning.clean,
            "prove": proving.prove, "label": labelling.label, "explain": explaining.explain,
            "forget": forgetting.forget, "key": keys.key, "lineage": lineage.lineage, "status": watching.status,
            "improve": improving.improve,
        }.get(name)  # fmt: skip


def _version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        import zhinan

        click.echo(zhinan.__version__)
        context.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
def app() -> None:
    """Write what your AI feature must do. Get one that provably does it, and keeps doing it."""


@app.command(epilog=example("zhinan new shop --from messages.csv"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--from", "source", type=click.Path(path_type=Path), help="Data to infer the contract from.")
@click.option("--task", help="What to do; see `zhinan list tasks`.")
@click.option("--example", "shipped", help="Copy a shipped example: support, credit, fraud, medical.")
@with_options
def new(asked: Asked, folder: Path, source: Path | None, task: str | None, shipped: str | None) -> int:
    """Write a product folder with a commented product.yaml."""
    from zhinan.engine.starting import copy_example, new_product

    path = copy_example(shipped, folder) if shipped else new_product(folder, source, task)
    asked.answer({"product": str(path)}, lambda: click.echo(f"{path}\nzhinan check {path}"))
    return 0


@app.command(epilog=example("zhinan check product.yaml"))
@PRODUCT
@click.option("--html", "page", type=click.Path(path_type=Path), help="Where the page goes; default: the store.")
@with_options
def check(asked: Asked, product: Path, page: Path | None) -> int:
    """Before any compute: what can be proved with this data, and what is wrong with it."""
    from zhinan.cli.checking import screen, write_page
    from zhinan.contract import load
    from zhinan.engine import check as look
    from zhinan.store import Store

    contract = load(product)
    with Store(asked.place(contract.path)) as store, told(asked.quiet, asked.zh) as tell:
        tell("data", 0, 0)
        checked = look(contract, store=store, progress=tell, taste=True)
    written = write_page(checked, page, store.blobs.folder.parent, store.encrypted)
    asked.answer({**checked.to_dict(), "report": written}, lambda: screen(checked, written, asked.zh))
    return 0


@app.command(epilog=example("zhinan build --budget 5min"))
@PRODUCT
@click.option("--budget", help="Wall clock for everything, such as 10min; default: the contract's.")
@click.option("--until", help="Highest level of recipes: prior, shallow, frozen.")
@click.option("--draft", is_flag=True, help="Never open the seal.")
@click.option("--resume", is_flag=True, help="Go on with an interrupted build, its spent time counted in.")
@click.option(
    "--override-ledger", metavar="REASON", help="Look at a spent sealed set once more: recorded, and proves nothing."
)
@with_options
def build(
    asked: Asked,
    product: Path,
    budget: str | None,
    until: str | None,
    draft: bool,
    resume: bool,
    override_ledger: str | None,
) -> int:
    """From data to a proved version."""
    from zhinan.cli import show
    from zhinan.contract import duration, load
    from zhinan.engine import build as make

    contract = load(product)
    options: dict[str, Any] = {
        "draft": draft, "resume": resume, "override_ledger": override_ledger, "store": asked.place(contract.path)
    }  # fmt: skip
    if budget:
        options["budget"] = duration(budget, "--budget")
    if until:
        options["until"] = until
    with told(asked.quiet, asked.zh) as tell:
        built = make(contract, progress=tell, **options)
    asked.answer(built.to_dict(), lambda: show.build(built, contract, asked.zh))
    return CODES[built.outcome]
