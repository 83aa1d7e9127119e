"""`zhinan clean`: removes versions and caches that nothing needs any more."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from zhinan.cli.options import PRODUCT, Asked, example, with_options

__all__ = ["clean"]


@click.command(epilog=example("zhinan clean --keep 5 --dry-run"))
@PRODUCT
@click.option(
    "--keep", type=click.IntRange(0), default=5, show_default=True, help="How many of the last versions stay."
)
@click.option(
    "--older", default="30 days", show_default=True, help="Caches go that were written longer ago, and at least a day."
)
@click.option("--dry-run", "dry", is_flag=True, help="Say what would go.")
@with_options
def clean(asked: Asked, product: Path, keep: int, older: str, dry: bool) -> int:
    """Remove old versions and caches; never what is live, the one before, or what a running command needs."""
    from zhinan.contract import duration, load
    from zhinan.core.account import by
    from zhinan.store import Store
    from zhinan.store.collecting import collect

    contract, seconds = load(product), duration(older, "--older")
    with Store(asked.place(contract.path)) as store:
        found = collect(
            store, contract.product, keep=keep, seconds=seconds, who=by("command line"), dry=dry
        )  # fmt: skip
    names = ", ".join(f"@{number}" for number in found.versions) or "–"
    size = f"{found.bytes / 1e6:,.1f} MB"
    if asked.zh:
        said = f"{'将删除' if dry else '已删除'}：版本 {names}，缓存文件 {found.caches:,} 个，共 {size}"
    else:
        said = f"{'would remove' if dry else 'removed'}: versions {names}; {found.caches:,} cached files; {size}"
    told = {"product": contract.product, **asdict(found), "dry_run": dry}

    def say() -> None:
        click.echo(said)
        for one in found.busy:
            click.echo(
                f"缓存文件未删除：{one.work}（进程 {one.pid}）正在运行"
                if asked.zh
                else f"no cache was removed: {one.work} (process {one.pid}) is running"
            )

    asked.answer(told, say)
    return 0
