"""The commands for versions in use: predict, serve, feedback, export, and what Zhinan can do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhinan.cli.options import PRODUCT, Asked, example, with_options
from zhinan.cli.predicting import predict
from zhinan.cli.staging import promote, rollback
from zhinan.cli.weights import weights

if TYPE_CHECKING:
    from zhinan.package.keeping import Keeping

__all__ = [
    "COMMANDS", "demo", "export", "feedback", "find_place", "list_", "promote", "report", "rollback", "serve",
    "verify",
]  # fmt: skip

NEAR = click.option("--contract", "product", type=click.Path(path_type=Path), default=Path("product.yaml"))


def find_place(asked: Asked, reference: str, product: Path) -> Path:
    """The path of a version as a command names it. Raises: UserError E310, E311, E413."""
    if "@" not in reference:
        return Path(reference) if Path(reference).exists() else _missing(reference)
    from zhinan.contract import load
    from zhinan.engine.versions import find_version
    from zhinan.store import Store

    name = load(product).product if product.exists() else None
    with Store(asked.place(product)) as store:
        return find_version(reference, store, name)


def _missing(reference: str) -> Path:
    from zhinan.core import UserError

    raise UserError("E310", reference)


@click.command(epilog=example("zhinan report @latest"))
@click.argument("version")
@NEAR
@with_options
def report(asked: Asked, version: str, product: Path) -> int:
    """Where the report of a version is: one page to open, show and print; a zip's is written beside it.

    A version that was proved later (`zhinan prove @N`) keeps its folder; the path of the later proof comes second.
    """
    from zhinan.cli.proofs import later_proof
    from zhinan.package import open_version

    place = find_place(asked, version, product)
    opened = open_version(place)
    content = opened.read("report.html")
    path = opened.path / "report.html"
    card: str | None = str(opened.path / "card.md")
    if place.is_file():  # a zip is unpacked for this process only
        path, card = place.with_suffix(".html"), None
        path.write_bytes(content)
    later = later_proof(asked, version, product)
    told = {"report": str(path), "card": card, **({} if later is None else {"proof": later})}
    asked.answer(told, lambda: click.echo("\n".join(str(one) for one in (path, later) if one is not None)))
    return 0


@click.command(epilog=example("zhinan serve --port 8000"))
@click.argument("source", default="product.yaml", metavar="[PRODUCT|VERSION]")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="0: any free one.")
@click.option("--workers", type=click.IntRange(1, 1_024), help="Processes; default: one a core.")
@click.option("--token-file", type=click.Path(path_type=Path), help="Who may call; needed on any other address.")
@with_options
def serve(asked: Asked, source: str, host: str, port: int, workers: int | None, token_file: Path | None) -> int:
    """Answer over HTTP; with a product or @live, follow its live version."""
    from zhinan.contract import load
    from zhinan.package.keeping import Keeping
    from zhinan.serve import serve as answer

    path = Path(source)
    follow = (path.is_file() and path.suffix in (".yaml", ".yml")) or (path / "product.yaml").is_file()
    name = version = contract = None
    if follow:
        contract = load(path)
        name, path = contract.product, contract.path
    else:
        version, path = find_place(asked, source, Path("product.yaml")), Path("product.yaml")
        if follow := source.endswith("@live") and not Path(source).exists():
            from zhinan.package.files import read_manifest

            name = read_manifest(version).product
            contract = load(path) if path.exists() else None
        else:
            _fixed(asked, source)
    place = asked.place(path)
    file: Path | bool = follow
    if contract is not None and contract.product == name:
        file = contract.path
        _kept(asked, place, contract.product, Keeping.of(contract))
    answer(
        version, store=place, product=name, host=host, port=port, workers=workers, token_file=token_file, follow=file
    )
    return 0


def _kept(asked: Asked, place: str | Path, product: str, keeping: Keeping) -> None:
    """Says where the live version and the product file differ in what is kept of people."""
    from zhinan.cli.staging import kept_text
    from zhinan.package.keeping import in_force
    from zhinan.store import Store

    with Store(place) as store:
        text = kept_text(in_force(keeping, store, product), asked.zh)
    if text:
        click.secho(text, fg="yellow", err=True)


def _fixed(asked: Asked, version: str) -> None:
    """Says what a service of one version will never do."""
    words = (
        f"仅以 {version} 应答：上线与回滚不影响本服务（zhinan serve 会跟随）"
        if asked.zh
        else f"answers with {version} only: promotions and rollbacks do not reach it (zhinan serve follows them)"
    )
    click.secho(words, fg="yellow", err=True)


@click.command(epilog=example("zhinan feedback --input corrections.csv"))
@PRODUCT
@click.option("--input", "source", required=True, type=click.Path(path_type=Path))
@with_options
def feedback(asked: Asked, product: Path, source: Path) -> int:
    """Import labelled feedback; importing a file twice stores nothing twice."""
    from zhinan.contract import load
    from zhinan.improve.feedback import import_feedback
    from zhinan.store import Store

    contract = load(product)
    with Store(asked.place(contract.path)) as store:
        counts = import_feedback(contract, store, source)
    asked.answer(counts, lambda: _imported(counts, "zh" if asked.zh else "en"))
    return 0


def _imported(counts: Mapping[str, Any], lang: str) -> None:
    """How many rows were taken, and why others were not: each reason, and the first rows that it kept out."""
    from zhinan.cli import show

    show.facts({name: count for name, count in counts.items() if name != "reasons"})
    for one in counts["reasons"]:
        click.echo(f"{one['rows']:,} × {one['what'][lang]}{'；' if lang == 'zh' else '; '}{one['fix'][lang]}")
        for row in one["first"]:
            click.echo(f"    {row['where']}  {row['row']}")


@click.command(epilog=example("zhinan verify @latest --proof"))
@click.argument("version")
@click.option("--proof", is_flag=True, help="Recompute the proof: the root, every counted bound, every verdict.")
@NEAR
@with_options
def verify(asked: Asked, version: str, proof: bool, product: Path) -> int:
    """Check every hash of a version and replay its golden rows."""
    from zhinan.package import verify as look

    if proof:
        from zhinan.cli.proofs import verify_proof

        return verify_proof(asked, version, product)
    result = look(find_place(asked, version, product))
    shown = {"ok": result.ok, "path": str(result.path), "files": result.files, "goldens": result.goldens}
    if result.problems:
        raise result.problems[0]
    asked.answer(shown, lambda: click.echo(f"{result.files} files, {result.goldens} golden rows: ok"))
    return 0


@click.command(epilog=example("zhinan export @live --to router.zip"))
@click.argument("version")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path))
@NEAR
@with_options
def export(asked: Asked, version: str, target: Path, product: Path) -> int:
    """Write a version as one file."""
    from zhinan.core import UserError
    from zhinan.package import export_zip

    if target.suffix != ".zip":
        raise UserError("E316", str(target))
    path = export_zip(find_place(asked, version, product), target)
    asked.answer({"path": str(path), "bytes": path.stat().st_size}, lambda: click.echo(path))
    return 0


@click.command("list", epilog=example("zhinan list metrics"))
@click.argument("kind", required=False)
@with_options
def list_(asked: Asked, kind: str | None) -> int:
    """What Zhinan can do: tasks, encoders, recipes, metrics, readers, masks."""
    from zhinan.cli import show
    from zhinan.core import UserError, Words, entries, suggest

    kinds = ("tasks", "encoders", "recipes", "metrics", "readers", "masks")
    if kind is not None and kind not in kinds:
        near = suggest(kind, kinds)
        what = Words(f"no list of '{kind}'; {near.en}", f"没有“{kind}”列表；{near.zh}")
        raise UserError("E317", what=what, command="zhinan list")
    found = {
        name: [
            {
                "name": e.name,
                "summary": e.summary,
                "extra": e.extra,
                "facts": {k: v for k, v in e.facts.items() if k not in ("worth", "column")},
            }
            for e in entries(name[:-1]).values()
        ]
        for name in ([kind] if kind else kinds)
    }

    def tell() -> None:
        for name, things in found.items():
            show.rows((name, ""), [(t["name"], t["summary"]) for t in things])

    asked.answer(found, tell)
    return 0


@click.command(epilog=example("zhinan demo"))
@click.option("--folder", type=click.Path(path_type=Path), help="Where to put the example; default: a new folder.")
@click.option("--port", default=8321, show_default=True)
@with_options
def demo(asked: Asked, folder: Path | None, port: int) -> int:
    """The shipped example end to end: build, serve, ask, add a line, label."""
    from zhinan.cli.demo import play

    return play(asked, folder, port)


COMMANDS = {
    c.name: c
    for c in (
        report,
        predict,
        serve,
        feedback,
        promote,
        rollback,
        verify,
        export,
        list_,
        weights,
        demo,
    )
}
