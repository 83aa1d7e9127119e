"""What is read off a rule holds wherever the rule matches, whatever it is made of; what was written down is that."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zhinan.core import entries
from zhinan.core.patterns import which_of
from zhinan.core.rules import rule
from zhinan.steps import masks
from zhinan.steps.mask import armed
from zhinan.steps.masks import _gates
from zhinan.steps.masks._dates import BEGINS, DATE
from zhinan.steps.masks._gates import Gate

from .pii_scoring import FOLDER, rows

TOOL = runpy.run_path(str(Path(__file__).resolve().parents[2] / "tools" / "gates.py"))
LONG = f"(?:ab?|[cC]x|{'|'.join(f'c{n}' for n in range(2000))})(?:d|x)"
PATTERNS = [
    LONG,
    r"ab|c[d-f]", r"(?<=x)y", r"(?<=a)(?<=[ab])b(?=c)(?=[cd])", r"a(?!b)", r"\d{2,9}?x", r"[^\W\d]+", r"[^\s\d]\b",
    r"(?P<q>[ab])(?P=q)", r"(?>a+)b", r"\Aa|b\Z", r"^a$", r"(?:(?<!a)|(?<=xb))c", r"(?i:k[is])", r"(?i)[^a]b",
    r"(?i:[a-k])x", r"[\d中-龥]{2,}(?=[，。]|\Z)", r"\w\s\w", r"\D\S\W", r"a{0,3}b?", r"[^a]", r"(a)?(?(1)b|c)",
    r"(?i:x(?-i:y))", r".\n?", r"(?:(?=a)[ab]c)+",
]  # fmt: skip
PIECES = st.sampled_from([*"abcdxykKiIİısſK19٣ \u3000\x1c\n中，。_é", "ab", "xbc", "\ud800"])


def made(patterns: list[str]) -> tuple[Gate, list[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]]]:
    """The gate of patterns and the edges of each, as if the tool had written for them."""
    lines = {_gates.key(what, p): TOOL[what](p) for p in patterns for what in ("wider", "firsts", "lasts")}
    rules = [rule(pattern) for pattern in patterns]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_gates, "WANTED", {})
        patched.setattr(_gates, "_lines", lambda: lines)
        gate = Gate(rules)
        gate("")
        return gate, [(one, _gates.firsts(one)(), _gates.lasts(one)()) for one in rules]


GATE, EDGES = made(PATTERNS)


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=7).map("".join))
@example("ad")
@example("ab d cxx Cxd c1999d")
def test_nothing_that_a_rule_finds_is_missed(text: str) -> None:
    may = GATE(text)
    for one, first, last in EDGES:
        for match in one.finditer(text):
            assert one in may, one
            if match[0]:
                assert first.match(match[0][0]), one
                assert last.match(match[0][-1]), one


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("ab", "ba"),
        ("[^a]b", "ab"),
        (r"a(?=[bc])", "ad"),
        (r"(?<=b)a", "ca"),
        (r"\d{3}", "12"),
        (r"a\Z", "ab"),
        (LONG, "bdx"),
    ],
)
def test_most_texts_without_a_find_are_told(pattern: str, text: str) -> None:
    assert not made([pattern])[0](text)


def test_edges_are_narrow_where_they_can_be_told() -> None:
    cue = r"(?<!x)(?:from|to)[: ]{0,2}\Z"
    assert [c for c in "ft:omn x" if re.match(TOOL["firsts"](cue), c)] == ["f", "t"]
    assert [c for c in "ft:omn x" if re.match(TOOL["lasts"](cue), c)] == [":", "o", "m", " "]
    assert TOOL["wider"]("a(?!b)") == "a"


def test_a_date_begins_with_what_is_looked_for_first_and_with_nothing_else() -> None:
    first, begins = re.compile(TOOL["firsts"](DATE)), re.compile(BEGINS)
    assert all(bool(first.match(c)) == bool(begins.match(c)) for c in map(chr, range(0x10000)))


def test_whatever_is_a_letter_or_number_for_python_is_so_for_a_gate() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    word = TOOL["wider"](r"\w").replace(r"\x{", r"\U{")
    left = re.sub(re.sub(r"\\U\{(\w+)\}", lambda code: rf"\U{code[1]:0>8}", word), "", every)
    assert not re.search(r"\w", left)
    assert set(left) >= set("，。、《》（）“”—… ,.-\n")


def test_what_gates_look_for_was_written_after_the_last_change_of_a_rule() -> None:
    assert TOOL["PAGE"].read_text("utf-8") == TOOL["page"](), "run `python tools/gates.py`"


@pytest.mark.parametrize("name", ["date_of_birth", "url_secret"])
def test_a_mask_looks_into_each_text_in_which_its_rules_find_something(name: str) -> None:
    """The pieces of sentences: a gate that a word of another piece opens is one that was never tried."""
    mask = next(one for one in armed([name]) if one.name == name)
    look = which_of((str(mask.worth),))
    whole = [
        row["text"] for file in ("set12", "set13", "set14") for row in rows(FOLDER / f"{file}.jsonl") if row["spans"]
    ]
    pieces = {piece for text in whole for piece in re.findall(r"[^，。,.;；:：?？]+.?[^，。,.;；:：?？]*", text)}
    said = [
        "相亲资料——94年5月，双鱼…不对双子，172，有房无贷", "5月1日，天蝎", "3月15日，狮子", "SIM卡的PIN1234，",
        "My first pet, for the recovery question, was Captain Biscuit.", "safe word is peppermint", "Gate combo 1234",
        "telephone banking code? caller: nine nine two oh four one", "Tr0ub4dor&3! is for root",
        "激活码：ABCD EFGH IJKL MNOP",
    ]  # fmt: skip
    assert [text for text in (*pieces, *whole, *said) if not look(text) and list(mask.finds(text))] == []


def test_a_rule_that_nothing_was_written_for_is_told_and_never_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_gates, "WANTED", {})
    with pytest.raises(LookupError, match=r"tools/gates\.py"):
        Gate([rule("nobody wrote for this")])("a text")


def test_every_rule_of_a_mask_can_be_compiled() -> None:
    entries("mask")
    homes = [vars(module) for name, module in sys.modules.items() if name.startswith(f"{masks.__name__}.")]
    held = [value for home in homes for value in home.values()]
    held += [inner for value in held if isinstance(value, tuple) for inner in value]
    rules = [value for value in held if type(value) is type(rule(""))]
    assert len(rules) > 150
    assert all(isinstance(one.flags, int) for one in rules)
