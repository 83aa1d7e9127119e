"""The report: what was proved stands first and true, and nothing in the data can do more than be read."""

from __future__ import annotations

import base64
import copy
import hashlib
import random
import re
import string
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

from zhinan.evaluate import wording_audit, wording_checks, wording_engineering, wording_shared, wording_summary
from zhinan.evaluate.pages import html, templates
from zhinan.evaluate.report import render
from zhinan.evaluate.wording import TEXTS

from .made_up_reports import Page, bank, bare, card, hostile, page, replacing, rich, support

SUMMARY = ["summary", "promises", "improved", "price", "diff", "next", "limits"]
ENGINEERING = [
    "engineering", "lines", "recipes", "curve", "decisions", "confusion", "reliability", "classes", "slices", "errors",
    "suspects", "robustness", "fairness", "costs", "data", "environment", "ledger", "contract",
]  # fmt: skip
ROOMS = ("audit", "engineering", "improved", "lines", "summary", "quality", "view")
AUDIT = ["audit", "tests", "hashes", "verify", "cannot", "licences"]
EVERY = [support(), bank(), bare(), rich()]
NAMES = ["support", "bank", "bare", "rich"]


def sections(found: Page) -> list[str]:
    return [attributes["id"] for attributes in found.every("section")]


@pytest.mark.parametrize("facts", EVERY, ids=NAMES)
def test_the_page_is_one_small_file_that_loads_nothing(facts: dict[str, Any]) -> None:
    found = page(facts)
    for tag, attributes in found.tags:
        assert tag not in {"iframe", "object", "embed", "img", "base", "form", "video", "audio", "use", "image"}
        assert not any(name.startswith("on") or name in {"style", "src", "srcset", "action"} for name in attributes)
        assert attributes.get("href", "#").startswith("#") or attributes == {"rel": "icon", "href": "data:,"}
    assert "url(" not in found.inside["style"][0]
    assert "@import" not in found.inside["style"][0]
    assert len(render(facts)["report.html"]) < 400_000


def test_the_policy_allows_exactly_the_style_and_the_script_of_the_page() -> None:
    found = page(support())
    policy = next(m["content"] for m in found.every("meta") if m.get("http-equiv") == "Content-Security-Policy")
    for tag in ("style", "script"):
        (content,) = found.inside[tag]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "payload",
    ["<script>alert(1)</script>", "</style><h1>", "</script><b>", '"><svg onload=x>', "{{7*7}}", "{% raw %}", "' x='",
     "<!--", "]]>", "&lt;i&gt;", "{x}", "{0}", "\u202e", "<bdi></bdi></table>", "</mark>", "\u2069\u202e",
     "ש\u05c1לום "],
)  # fmt: skip
def test_whatever_the_data_contain_is_inert_text(payload: str) -> None:
    found = page(hostile(rich(), payload))
    assert found.skeleton() == page(hostile(rich(), "§")).skeleton()
    assert found.inside == page(rich()).inside
    assert found.text.count(payload) >= 250


def test_the_curve_of_all_labels_is_none_of_a_label() -> None:
    facts = rich()
    facts["pr"] = [{**facts["pr"], "label": label, "area": 0.5} for label in (None, "micro")]
    text = page(facts).text
    for said in ("all labels at once, area 0.500", "全部标签合计 的精确率—召回率曲线，面积 0.500", "micro, area 0.500"):
        assert said in text


def test_texts_that_are_empty_break_nothing() -> None:
    facts = hostile_empty(rich())
    for text in (page(facts).text, card(facts)):
        assert not re.search(r"\b(None|nan|undefined)\b", text)


def hostile_empty(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with every text that a user may have written left empty."""

    def emptied(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: emptied(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [emptied(inner, key) for inner in value]
        kept = key in {"outcome", "verdict", "change", "on", "op", "unit"}
        return "" if isinstance(value, str) and not kept else value

    return emptied(facts)


def test_a_version_that_replaces_another_tells_what_it_learned_and_what_got_worse() -> None:
    found = page(rich())
    for part in (
        "What it learned since @2", "450", "221", "better than @2 by 13.2 pt",
        "at least 9.04 pt",
        "Only it was right on 55 rows, only @2 on 9", "By this proof it takes the place of @2",
        "better on accuracy >= 90%", "9f31c0de", "topup: 90.0 % of 40", "loans",
    ):  # fmt: skip
        assert part in " ".join(found.text.split()), part
    drawn = [attributes["class"] for tag in ("line", "circle") for attributes in found.every(tag)]
    assert (drawn.count("gained"), drawn.count("lost")) == (1, 1)
    closed = rich() | {"improved": replacing() | {"paired": None, "examples": [{"input": None}]}}
    assert "as the seal stayed closed" in page(closed).text
    kept = rich() | {"improved": replacing() | {"decision": {"promote": False, "why": {"en": "no", "zh": "不"}}}}
    assert "By this proof @2 stays live" in page(kept).text
    assert "improved" not in sections(page(bank()))


def test_text_that_no_page_can_hold_is_replaced() -> None:
    facts = bare() | {"goal": "a\x00b\ud800c\x1b[31m\ufffe", "confidence": float("nan")}
    for content in render(facts).values():
        assert "a\ufffdb\ufffdc\ufffd" in content.decode()


def test_three_readers_find_every_promised_part_in_its_place() -> None:
    found = page(rich())
    assert sections(found) == [*SUMMARY, *ENGINEERING, *AUDIT]
    links = [a["href"][1:] for a in found.every("a") if a.get("href", "").startswith("#") and "class" not in a]
    assert [name for name in links if name in ("summary", "engineering", "audit")] == [
        "summary",
        "engineering",
        "audit",
    ]
    assert [name for name in links if name in ENGINEERING[1:]] == [*ENGINEERING[1:], "ledger"]
    assert [name for name in links if name in AUDIT[1:]] == AUDIT[1:]
    assert "pareto" in sections(page(bank()))


def test_the_outcome_stands_before_any_table() -> None:
    tags = page(bank()).tags
    hero = next(i for i, (_, attributes) in enumerate(tags) if attributes.get("id") == "verdict")
    assert hero < next(i for i, (tag, _) in enumerate(tags) if tag in ("table", "svg"))


def test_parts_without_facts_are_left_out() -> None:
    found = page(bare())
    assert sections(found) == ["summary", "next", "limits", "engineering", "contract", "audit", "cannot"]
    empty = rich() | dict.fromkeys(("goal", "version", "costs", "confusion", "environment", "targets"))
    empty |= {"errors": [], "classes": [], "columns": [], "findings": [], "licences": {}, "openings": []}
    for text in (page(empty).text, card(empty), found.text, card(bare())):
        assert not re.search(r"\b(None|nan|undefined)\b", text)
    assert "draft" in card(bare())


@pytest.mark.parametrize("gone", [False, True], ids=["null", "missing"])
def test_any_fact_may_be_missing_or_null_at_any_depth(gone: bool) -> None:
    def slim(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: slim(inner) for key, inner in value.items()}
        return [slim(inner) for inner in value[:2]] if isinstance(value, list) else value

    def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        inner = list(value.items()) if isinstance(value, dict) else list(enumerate(value))[:1]
        deeper = [place for key, one in inner if isinstance(one, dict | list) for place in places(one, (*at, key))]
        return [(*at, key) for key, _ in inner if isinstance(value, dict)] + deeper

    facts = slim(rich()) | {"confusion": {"classes": ["a", "b"], "counts": [[5, 1], [0, 4]]}}
    needed = {("product",), ("contract",), ("build",), ("build", "outcome")}
    ours = [place for place in places(facts) if place not in needed and place[0] not in ("targets", "confusion")]
    ours = [place for place in ours if place[-1] not in ("line", "op", "target", "unit") or place[0] == "curve"]
    assert len(ours) > 150
    random.Random(3).shuffle(ours)
    for start in range(0, len(ours), 8):
        changed = copy.deepcopy(facts)
        for *path, last in sorted(ours[start : start + 8], key=len, reverse=True):
            holder = changed
            for key in path:
                holder = holder[key]
            if gone:
                del holder[last]
            else:
                holder[last] = None
        shown = render(changed)
        assert not re.search(r">(None|nan|undefined)<", shown["report.html"].decode()), ours[start : start + 8]
        assert not re.search(r"\bNone\b", shown["card.md"].decode()), ours[start : start + 8]


def test_every_line_shows_its_verdict_value_bound_evidence_and_what_would_decide_it() -> None:
    text = " ".join(page(bank() | {"override": None}).text.split())
    for part in (
        "macro_f1 >= 93%", "PROVED", "不达标", "证据不足", "92.96 %", "at least 92.03 %", "at most 89.31 %",
        "n = 3,080 sealed", "at 95 %", "11,240 more labelled examples", "620 more timed requests",
    ):  # fmt: skip
        assert part in text
    assert len([s for s in page(bank()).every("svg") if s.get("viewbox") == "0 0 220 46"]) == 4


def test_a_bound_is_never_rounded_to_the_flattering_side() -> None:
    facts = support()
    facts["build"]["verdicts"][0]["bound"] = 0.918769
    facts["build"]["verdicts"][2]["bound"] = 0.087612
    text = " ".join(page(facts).text.split())
    assert "at least 91.87 %" in text
    assert "at most 8.77 pt" in text


def test_what_was_not_proved_is_said() -> None:
    text = " ".join(page(support()).text.split())
    for part in (
        "If those do not come from where the product will be used", "onnxruntime 1.20.1", "threads 1", "seed 0",
        "opening 1 of the sealed set", "leaves the guarantee", "a guide, not a proof",
        "a false line passes in at most 5 %",
    ):  # fmt: skip
        assert part in text


def test_a_closed_seal_is_never_told_as_a_proof() -> None:
    facts = bank()
    for verdict in facts["build"]["verdicts"][:3]:
        verdict |= {"on": "dev", "verdict": "UNDECIDED", "to_decide": None}
    facts["build"] |= {"outcome": "UNDECIDED", "offer": None, "ledger": {"opening": None, "delta": 0.025, "left": 2}}
    facts["build"]["verdicts"][3] |= {"verdict": "PROVED", "to_decide": None}
    facts["next"] = None
    drafted = " ".join(page(facts).text.split())
    assert "this is a draft" in drafted
    assert "No quality line was tested on sealed examples" in drafted
    assert "--draft" in drafted
    assert "none met the sealed set" in drafted
    assert "opening the seal" in drafted
    assert "the seal is closed, so this is no proof" in drafted
    facts["build"]["verdicts"][0]["verdict"] = facts["build"]["outcome"] = "REFUTED"
    assert "dev examples already refute a line" in page(facts).text


def test_an_overridden_ledger_is_said_before_the_verdict() -> None:
    html = render(rich())["report.html"].decode()
    assert html.index("was overridden") < html.index('id="verdict"')
    text = " ".join(page(rich()).text.split())
    assert "li.wei" in text
    assert "Nothing is proved by such a look" in text
    assert "Nothing is proved by such a look" in card(rich())
    beyond = " ".join(page(bank()).text.split())
    assert "seen on 40 sealed examples" in beyond
    assert "at most 89.31 %" not in beyond
    assert "override" not in [a.get("id") for _, a in page(support()).tags]


def test_the_counter_offer_is_in_the_units_of_the_contract() -> None:
    facts = bank() | {"next": None}
    text = " ".join(page(facts).text.split())
    for part in ("becomes 85 %", "900 to 2,400 more", "61 labels"):
        assert part in text


def test_advice_is_ranked_and_not_given_twice() -> None:
    text = " ".join(page(bank()).text.split())
    first, second = text.index("Clean the labels"), text.index("Collect more labelled examples")
    assert first < second < text.index("Let the build try a larger recipe")
    assert "expected gain 0.4 pt to 1.1 pt" in text
    assert "Look again at 61 labels" not in text
    assert "becomes 85 %" in text


def test_what_changed_in_the_contract_is_told_with_what_it_was() -> None:
    text = " ".join(page(support()).text.split())
    assert re.search(r"tightened 收紧 accuracy >= 90% was accuracy >= 88%", text)
    unchanged = support() | {"diff": [{"line": "size <= 60 MB", "change": "same", "was": None}]}
    assert "diff" not in sections(page(unchanged))


def test_tables_and_drawings_can_be_heard() -> None:
    for facts in (bank(), rich()):
        found = page(facts)
        assert all(th.get("scope") in {"col", "row"} for th in found.every("th"))
        assert all(svg.get("aria-hidden") or (svg["role"] == "img" and svg["aria-label"]) for svg in found.every("svg"))
        ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert {a["aria-labelledby"] for _, a in found.tags if "aria-labelledby" in a} <= set(ids)


def test_a_weight_is_told_by_a_sign_and_not_only_by_colour() -> None:
    found = page(support())
    marks = [attributes["class"] for attributes in found.every("mark")]
    assert {"pos4", "neg4"} <= set(marks)
    signs = re.findall(r'<mark class="(pos|neg)\d"><bdi>[^<]+</bdi><span class="plus">(.)</span>', _html(support()))
    assert len(signs) == len(marks)
    assert set(signs) == {("pos", "+"), ("neg", "\N{MINUS SIGN}")}


def _html(facts: dict[str, Any]) -> str:
    return render(facts)["report.html"].decode()


def test_both_languages_say_the_same_and_every_sentence_is_used() -> None:
    folder = files("zhinan.evaluate")
    sources = [folder / f"report_{room}.py" for room in ROOMS]
    for place in (folder / "templates", folder / "templates" / "report"):
        sources += [file for file in place.iterdir() if file.name.endswith(".j2")]
    used = " ".join(source.read_text(encoding="utf-8") for source in sources)
    built = (
        "on_", "outcome_", "headline_", "seal_closed", "stage_", "next_", "decide_", "open_", "plain_", "under_", "do_",
        "change_", "tail_", "asked_", "feasible_", "hash_", "tests_", "summary_", "engineering_", "audit_",
        "check_", "of_", "role_", "improved_by_",
    )  # fmt: skip
    computed = ("typos", "case", "truncation", "noise", "missing", "roc_plot", "pr_plot")
    for key, text in TEXTS.items():
        fields = [{field for _, field, _, _ in string.Formatter().parse(side) if field} for side in text]
        assert fields[0] == fields[1], key
        assert re.search(rf"""["']{key}["']""", used) or key.startswith(built) or key in computed, key


def test_no_sentence_has_two_wordings() -> None:
    tables = (wording_shared.SHARED, wording_summary.SUMMARY, wording_engineering.ENGINEERING, wording_audit.AUDIT,
              wording_checks.CHECKS)  # fmt: skip
    assert sum(map(len, tables)) == len(TEXTS)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_text_has_contrast_aa(theme: int) -> None:
    style = page(bare()).inside["style"][0]
    blocks = re.findall(r"--paper:[^}]*", style)
    colours = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", blocks[theme]))
    rgb = {name: [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)] for name, value in colours.items()}

    def light(colour: list[float]) -> float:
        line = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2] + 0.05

    def ratio(a: list[float], b: list[float]) -> float:
        return max(light(a), light(b)) / min(light(a), light(b))

    pairs = [(text, ground) for text in ("ink", "soft", "accent") for ground in ("paper", "card", "band")]
    pairs += [(name, f"{name}-bg") for name in ("proved", "refuted", "undecided")]
    pairs += [(name, "card") for name in ("proved", "refuted", "undecided")]
    for text, ground in pairs:
        assert ratio(rgb[text], rgb[ground]) >= 4.5, (text, ground)
    for kind, heat in (("hit", "hit"), ("miss", "miss"), ("pos", "hit"), ("neg", "miss")):
        percents = re.findall(rf"\.{kind}\d{{--p:(\d+)%}}", style)
        assert percents
        for percent in percents:
            part = int(percent) / 100
            mixed = [part * h + (1 - part) * c for h, c in zip(rgb[heat], rgb["card"], strict=True)]
            assert ratio(rgb["ink"], mixed) >= 4.5, (kind, percent)


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render(bank()) == render(bank())


def test_a_metric_from_elsewhere_is_shown_without_being_known() -> None:
    facts = bare() | {"confidence": 0.95}
    nice = {"line": "niceness >= 3", "verdict": "PROVED", "value": 4.25, "bound": 3.5, "n": 9, "on": "sealed"}
    facts["build"]["verdicts"] = [nice]
    facts["should"] = [nice | {"line": "size <= 5 MB", "value": 4e6, "bound": 4e6, "on": "measured"}]
    text = " ".join(page(facts).text.split())
    assert "4.25 Proof 证明 at least 3.5" in text
    assert "Niceness : at least 3.5" in text
    assert "Wished for, not required" in text
    assert "4 MB" in text


def test_templates_are_translated_once_for_all_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    translate, translated = Environment.compile, []

    def counted(self: Environment, source: str, name: str, *where: Any) -> Any:
        translated.append(name)
        return translate(self, source, name, *where)

    def begun(cache: Path) -> list[str]:
        """What a template offers in the environment of a new process."""
        monkeypatch.setenv("ZHINAN_CACHE", str(cache))
        translated.clear()
        made = templates.__wrapped__(html).get_template("report/macros.html.j2").module
        return [name for name in vars(made) if callable(getattr(made, name))]

    monkeypatch.setattr(Environment, "compile", counted)
    first = begun(tmp_path)
    assert (len(first) > 5, translated) == (True, ["report/macros.html.j2"])
    assert (begun(tmp_path), translated) == (first, [])
    (kept,) = (file for file in tmp_path.rglob("*") if file.is_file())
    kept.write_bytes(b"torn")
    assert (begun(tmp_path), translated) == (first, ["report/macros.html.j2"]), "what is no translation is made again"
    (tmp_path / "file").touch()
    assert begun(tmp_path / "file") == first, "a page needs no cache"
