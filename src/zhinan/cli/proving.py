"""`prove`: verdicts on a file of predictions, on an endpoint that answers a file of cases, or on a packaged version."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhinan.cli.options import Asked, Seconds, example, with_options
from zhinan.cli.progress import told

if TYPE_CHECKING:
    from zhinan.evaluate.endpoint import Endpoint
    from zhinan.evaluate.prove import Proof

__all__ = ["CODES", "prove"]

CODES = {"PROVED": 0, "REFUTED": 1, "UNDECIDED": 2}

COLUMNS = {
    "truth": "Column of right answers.",
    "prediction": "Column of predictions.",
    "probability": "Column with the probability of the second of two labels.",
    "probabilities": "Prefix of columns with the probability of each label. [default: p_]",
    "person": "Column that says whose row it is.",
    "current": "Column of somebody else's answers, for lines relative to `current`.",
    "handover": "Column that says which rows were handed to a person, for auto_rate.",
    "low": "Column of the lower ends of intervals.",
    "high": "Column of their upper ends.",
    "cost": "Column with the money each answer cost, for `cost` (of 1,000 answers).",
    "current_cost": "Column with the money each of somebody else's answers cost.",
}
"""Option → what its help says; each names a column of the file."""

ENDPOINT = ("allow_host", "field", "input", "token_env", "timeout", "deadline", "max_requests", "concurrency", "errors")


def _columns(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, words in reversed(COLUMNS.items()):
        metavar = "PREFIX" if name == "probabilities" else "COL"
        command = click.option(f"--{name.replace('_', '-')}", name, metavar=metavar, help=words)(command)
    return command


@click.command(epilog=example('zhinan prove answers.csv --must "accuracy >= 90%" --truth label --prediction answer'))
@click.argument("predictions")
@click.option("--must", multiple=True, help="A line to prove; may be given again.")
@click.option("--contract", "product", type=click.Path(path_type=Path), help="Take the must lines from a product file.")
@_columns
@click.option("--confidence", type=float, help="Default: the contract's, else 0.95.")
@click.option("--endpoint", metavar="URL", help="Ask this HTTP endpoint for the predictions, by POST.")
@click.option("--allow-host", multiple=True, help="A host that may be asked; no other is.")
@click.option(
    "--field",
    help="Send {column: value} and take the answer at this field or JSON pointer. [default: as Zhinan's own service]",
)
@click.option(
    "--input",
    multiple=True,
    metavar="[FIELD=]COLUMN",
    help="A column to send; may be given again. [default: the contract's inputs, else all others]",
)
@click.option("--token-env", metavar="NAME", help="Environment variable that holds a bearer token.")
@click.option("--timeout", type=Seconds(0.01, 600), help="Seconds a request may take. [default: 10]")
@click.option("--deadline", type=Seconds(0.1, 86_400), help="Seconds all requests may take. [default: 3600]")
@click.option("--max-requests", type=click.IntRange(1), help="Cases that may be asked. [default: 10000]")
@click.option("--concurrency", type=click.IntRange(1, 64), help="Requests at a time; 1 for latency. [default: 4]")
@click.option(
    "--errors", type=click.Choice(["refuse", "wrong"]), help="What a case without an answer is. [default: refuse]"
)
@click.option("--fresh", is_flag=True, help="Ask again what was answered before.")
@click.option(
    "--override-ledger", metavar="REASON", help="Look at a spent sealed set once more: recorded, and proves nothing."
)
@with_options
def prove(asked: Asked, predictions: str, product: Path | None, **options: Any) -> int:
    """Verdicts for anybody's predictions in a file, for an endpoint that answers its rows, or for a packaged version.

    A version is judged by its contract and opens the seal once. An endpoint's answers are kept, so that running
    again is free and a killed run goes on; its latency is that of one request at a time as seen from here.
    """
    from zhinan.evaluate.predictions import prove_file

    path, reason = Path(predictions), options.pop("override_ledger")
    if ("@" in predictions and not path.is_file()) or path.is_dir() or path.suffix == ".zip":
        given = [f"--{name.replace('_', '-')}" for name, value in options.items() if value]
        if given:
            _misused(
                f"a version is judged by its contract: {', '.join(given)} is for files of predictions",
                f"版本按其合同评判：{', '.join(given)} 只用于预测文件",
            )
        return _prove_version(asked, predictions, product or Path("product.yaml"), reason)
    if reason is not None:
        _misused("--override-ledger is for a version: a file of predictions has no ledger",
                 "--override-ledger 只用于版本：预测文件没有账本")  # fmt: skip
    chosen = {name: options[name] for name in COLUMNS}
    more: dict[str, Any] = {"must": options["must"], "product": product, "confidence": options["confidence"], **chosen}
    endpoint = _endpoint(options)
    if endpoint is None:
        proof = prove_file(path, **more)
    else:
        from zhinan.evaluate.endpoint import asking
        from zhinan.store import Store

        with Store(asked.place(product or path)) as store, told(asked.quiet, asked.zh) as tell:
            ask = asking(
                endpoint, inputs=_inputs(options["input"]), blobs=store.blobs,
                progress=lambda done, total: tell("ask", done, total),
            )  # fmt: skip
            proof = prove_file(path, asking=ask, **more)
    _answer(asked, proof, product)
    return CODES[proof.outcome]


def _answer(asked: Asked, proof: Proof, product: Path | None) -> None:
    """Prints verdicts on predictions, and the lines of the contract that no predictions can judge."""
    from zhinan.cli import show
    from zhinan.contract import load

    late = [] if product is None else [line.text for line in load(product).in_use]
    result = {**proof.to_dict(), **({"in_use": late} if late else {})}

    def say() -> None:
        show.verdicts(result["verdicts"], proof.confidence, asked.zh)
        for line in late:
            click.echo(
                f"{line}  "
                + ("由 zhinan status 依据线上事件判定" if asked.zh else "is judged in use, by zhinan status")
            )

    asked.answer(result, say)


def _endpoint(options: dict[str, Any]) -> Endpoint | None:
    """The endpoint asked for, with its bounds. Raises: UserError E317."""
    from zhinan.evaluate.endpoint import Endpoint

    url = options["endpoint"]
    if url is None:
        given = [f"--{name.replace('_', '-')}" for name in (*ENDPOINT, "fresh") if options[name]]
        if given:
            _misused(f"{', '.join(given)} goes with --endpoint", f"{', '.join(given)} 须与 --endpoint 同用")
        return None
    if options["prediction"] is not None:
        _misused("give either --prediction or --endpoint", "--prediction 与 --endpoint 只能给一种")
    name = options["token_env"]
    token = None if name is None else os.environ.get(name)
    if name is not None and not token:
        _misused(f"the environment has no {name}", f"环境变量 {name} 不存在")
    bounds = {
        "timeout": options["timeout"], "deadline": options["deadline"], "most": options["max_requests"],
        "concurrency": options["concurrency"], "errors": options["errors"],
    }  # fmt: skip
    chosen = {key: value for key, value in bounds.items() if value is not None}
    return Endpoint(url, options["allow_host"], options["field"], token, fresh=options["fresh"], **chosen)


def _inputs(given: tuple[str, ...]) -> dict[str, str] | None:
    """Field → column; a column alone is sent under its own name."""
    pairs = [text.partition("=") for text in given]
    return {field: column if equals else field for field, equals, column in pairs} or None


def _misused(en: str, zh: str) -> None:
    from zhinan.core import UserError, Words

    raise UserError("E317", what=Words(en, zh), command="zhinan prove")


def _prove_version(asked: Asked, reference: str, product: Path, reason: str | None) -> int:
    from zhinan.cli import ledger, show
    from zhinan.contract import load
    from zhinan.engine.proving import prove_version
    from zhinan.engine.versions import find_version
    from zhinan.evaluate.in_use import waiting
    from zhinan.store import Store

    contract = load(product)
    with Store(asked.place(contract.path)) as store, told(asked.quiet, asked.zh) as tell:
        path = find_version(reference, store, contract.product)
        found = prove_version(contract, store, path, lambda done, total: tell("certify", done, total), reason)
    rows = [*(v.as_dict() for v in found.verdicts), *waiting(contract)]
    result = {
        "outcome": found.outcome,
        "verdicts": rows,
        "n": len(found.rows),
        "confidence": contract.confidence,
        "ledger": dict(found.ledger),
    }

    def say() -> None:
        show.verdicts(rows, contract.confidence, asked.zh)
        ledger.override(found.ledger, asked.zh)

    asked.answer(result, say)
    return CODES[found.outcome]
