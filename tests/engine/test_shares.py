"""As many rows are sealed as the contract's lines need, more where they repeat each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from zhinan.contract import Contract, load
from zhinan.data import Split
from zhinan.data import load as load_data
from zhinan.data.copies import copies_of
from zhinan.engine.shares import cut, needed_rows

pytestmark = pytest.mark.usefixtures("quick")

Rows = list[tuple[str, str]]


@pytest.fixture
def product(tmp_path: Path) -> Callable[..., Contract]:
    def write(rows: Rows, must: str = "accuracy >= 90%", person: bool = False) -> Contract:
        head = "message,label,who" if person else "message,label"
        lines = [f"{text},{label},{text.split()[-1] if person else ''}".rstrip(",") for text, label in rows]
        (tmp_path / "rows.csv").write_text("\n".join([head, *lines]) + "\n", "utf-8")
        who = ", person: who" if person else ""
        (tmp_path / "product.yaml").write_text(
            f"product: p\ndata: {{source: rows.csv, target: label{who}}}\nmust: ['{must}']\n", "utf-8"
        )
        return load(tmp_path / "product.yaml")

    return write


def rows_of(sizes: list[int]) -> Rows:
    return [(f"message number {i}", "ab"[i % 2]) for i, size in enumerate(sizes) for _ in range(size)]


def made(contract: Contract) -> tuple[dict[str | None, int], Split]:
    loaded = load_data(contract)
    return needed_rows(contract, loaded, copies_of(loaded)), cut(contract, loaded)


def test_copies_take_more_sealed_rows_to_prove_as_much(product: Callable[..., Contract]) -> None:
    alone, plain = made(product(rows_of([1] * 1500)))
    twice, more = made(product(rows_of([2] * 750)))
    assert twice[None] == pytest.approx(2 * alone[None], abs=2)
    assert len(plain.sealed) < 1500 * 0.3 < len(more.sealed)
    uneven, _ = made(product(rows_of([1] * 1000 + [20] * 25)))
    assert uneven[None] > 5 * alone[None]


def test_of_persons_only_what_the_heaviest_may_hide_is_known_before_there_are_answers(
    product: Callable[..., Contract],
) -> None:
    def needed(each: int, person: bool) -> int:
        rows = [(f"message number {i} u{i // each}", "ab"[i % 2]) for i in range(1500)]
        return made(product(rows, person=person))[0][None]

    assert needed(4, True) == needed(4, False), "their rows may be as different as anybody's"
    assert needed(15, True) > needed(15, False)


def test_no_more_rows_are_sealed_for_a_line_that_no_sealed_set_could_prove(product: Callable[..., Contract]) -> None:
    rows = [(f"message number {i} u{i % 6}", "ab"[i % 2]) for i in range(1500)]  # six people prove nothing
    needed, parts = made(product(rows, person=True))
    alone, _ = made(product(rows_of([1] * 1500)))
    assert needed == alone
    assert len(parts.sealed) <= 500, "two of six"
