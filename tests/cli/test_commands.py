"""The command line is the same everywhere: help with an example, one JSON object, errors of one form, exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

import zhinan as package
from zhinan.cli.commands import app
from zhinan.cli.run import run
from zhinan.core import UserError

Shop = Callable[..., Path]
Zhinan = Callable[..., Any]

PROMISED = {
    "demo", "new", "check", "build", "prove", "label", "report", "explain", "lineage", "predict", "serve", "status",
    "feedback", "improve", "promote", "rollback", "audit", "clean", "forget", "verify", "export", "key", "list",
    "weights",
}  # fmt: skip


def commands() -> Iterator[tuple[str, ...]]:
    context = click.Context(app)
    for name in app.list_commands(context):
        command = app.get_command(context, name)
        yield (name,)
        if isinstance(command, click.Group):
            yield from ((name, inner) for inner in command.list_commands(context))


EVERY = list(commands())


def test_every_promised_command_is_there_and_no_other() -> None:
    assert {path[0] for path in EVERY} == PROMISED


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_help_has_an_example_that_names_the_command(path: tuple[str, ...], zhinan: Zhinan) -> None:
    said = zhinan(*path, "--help")
    assert (said.code, said.err) == (0, "")
    assert re.search(rf"Example:\n +zhinan {' '.join(path)}\b", said.out)


@pytest.mark.parametrize("path", [path for path in EVERY if path not in {("weights",), ("key",)}], ids=" ".join)
def test_every_command_takes_the_common_options(path: tuple[str, ...], zhinan: Zhinan) -> None:
    said = zhinan(*path, "-h").out
    for option in ("--json", "--store", "--key-file", "--lang", "-q", "--help"):
        assert option in said


def test_alone_it_shows_its_help(zhinan: Zhinan) -> None:
    said = zhinan()
    assert (said.code, said.err) == (0, "")
    assert "build" in said.out
    assert zhinan("weights").code == 0
    assert zhinan("--version").out.strip() == package.__version__


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("biuld",), "build"),
        (("weights", "gte"), "get"),
        (("build", "--buget", "1min"), "--budget"),
        (("list", "encoder"), "encoders"),
        (("build", "--lang", "de"), "zh"),
        (("promote",), "VERSION"),
        (("feedback",), "--input"),
        (("build", "a", "b"), "b"),
        (("weights", "get"), "--all"),
        (("predict", "@1", "--input", "x.csv", "message=hi"), "--input"),
        (("prove", "@1", "--must", "accuracy >= 90%"), "--must"),
    ],
)
def test_wrong_usage_is_a_user_error_that_names_the_right_word(
    arguments: tuple[str, ...], word: str, zhinan: Zhinan
) -> None:
    said = zhinan(*arguments)
    assert said.code == 3
    assert said.out == ""
    assert said.err.startswith("error[E317]")
    assert word in said.err
    lead = re.search(r"fix: see `(zhinan[^`]*) --help`", said.err)
    assert lead is not None
    assert zhinan(*lead[1].split()[1:], "--help").code == 0, "the help it names is not there"


@pytest.mark.parametrize("arguments", [("biuld",), ("build", "--buget"), ("build", "nowhere.yaml"), ("verify", "no")])
def test_errors_are_one_json_object_when_asked(arguments: tuple[str, ...], zhinan: Zhinan) -> None:
    said = zhinan(*arguments, "--json")
    assert said.code == 3
    error = said.json["error"]
    assert set(error) == {"code", "where", "what", "fix"}
    assert said.err == f"error[{error['code']}] {error['where']}  {error['what']}\n  fix: {error['fix']}\n".replace(
        "]   ", "]  "
    )
    assert said.out.count("\n") == 1


def test_an_error_says_where_what_and_how_to_fix_it_in_both_languages(
    shop: Shop, tmp_path: Path, zhinan: Zhinan
) -> None:
    path = shop(tmp_path, must=("accuracy >= 70%", "macro_fl >= 70%"))
    said = zhinan("build", path)
    assert said.code == 3
    assert re.match(r"error\[E019\] product\.yaml:\d+:\d+  unknown metric 'macro_fl'\n  fix: .*'macro_f1'", said.err)
    assert not (tmp_path / ".zhinan").exists(), "something was computed"
    chinese = zhinan("build", path, "--lang", "zh")
    assert re.match(r"error\[E019\] product\.yaml:\d+:\d+  未知的 metric.*\n  修复: .*macro_f1", chinese.err)
    assert zhinan("build", path, "--lang=zh", "--json").json["error"]["what"].startswith("未知")


def test_the_locale_chooses_the_language(zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "修复" in zhinan("verify", "nowhere").err
    assert "fix" in zhinan("verify", "nowhere", "--lang", "en").err


def test_a_bug_is_told_whole_with_its_own_exit_code(monkeypatch: pytest.MonkeyPatch, zhinan: Zhinan) -> None:
    def broken(*given: Any, **more: Any) -> Any:
        raise ZeroDivisionError("made up")

    monkeypatch.setattr("zhinan.core.entries", broken)
    said = zhinan("list", "--json")
    assert said.code == 4
    assert "ZeroDivisionError: made up" in said.err


def test_interrupting_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*given: Any, **more: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("zhinan.core.entries", interrupted)
    assert run(["list"]) == 130


@pytest.mark.parametrize("kind", ["tasks", "encoders", "recipes", "metrics", "readers", "masks"])
def test_list_shows_every_registered_thing_with_what_it_is(kind: str, zhinan: Zhinan) -> None:
    shown = zhinan("list", kind, "--json").json
    assert list(shown) == [kind]
    assert shown[kind]
    for thing in shown[kind]:
        assert set(thing) == {"name", "summary", "extra", "facts"}
        assert thing["summary"]
        assert thing["name"] in zhinan("list", kind).out


def test_new_check_and_prove_without_training(shop: Shop, tmp_path: Path, zhinan: Zhinan) -> None:
    shop(tmp_path)
    made = zhinan("new", tmp_path / "mine", "--from", tmp_path / "messages.csv", "--json")
    assert made.code == 0
    assert made.json == {"product": str(tmp_path / "mine" / "product.yaml")}
    assert zhinan("new", tmp_path / "mine").code == 3
    assert zhinan("new", tmp_path / "other", "--task", "clasify").code == 3
    checked = zhinan("check", made.json["product"], "--json")
    assert checked.code == 0
    assert set(checked.json) == {
        "lines", "findings", "data", "card", "ledger", "columns", "classes", "forecast", "report",
    }  # fmt: skip
    assert "accuracy" in zhinan("check", tmp_path / "mine").out, "a folder means its product.yaml"


@pytest.mark.parametrize(("right", "code"), [(100, 0), (55, 1), (92, 2)])
def test_prove_ends_with_the_code_of_its_outcome(tmp_path: Path, zhinan: Zhinan, right: int, code: int) -> None:
    rows = "".join(f"{'a' if i % 2 else 'b'},{'a' if bool(i % 2) == (i < right) else 'b'}\n" for i in range(100))
    (tmp_path / "answers@home.csv").write_text("label,answer\n" + rows, encoding="utf-8")
    said = zhinan(
        "prove", tmp_path / "answers@home.csv", "--must", "accuracy >= 90%", "--must", "recall[a] >= 50%", "--json"
    )
    assert said.code == code
    assert said.err == ""
    assert set(said.json) == {"outcome", "verdicts", "n", "confidence"}
    assert said.json["outcome"] == ("PROVED", "REFUTED", "UNDECIDED")[code]
    table = zhinan("prove", tmp_path / "answers@home.csv", "--must", "recall[a] >= 50%").out
    assert "recall[a] >= 50%" in table, "the class was taken for markup"
    zh = zhinan("prove", tmp_path / "answers@home.csv", "--must", "accuracy >= 90%", "--lang", "zh").out
    assert ("达标", "不达标", "证据不足")[code] in zh


def test_what_is_shown_is_never_taken_for_markup(shop: Shop, tmp_path: Path, zhinan: Zhinan) -> None:
    path = shop(tmp_path, must=("recall[card] >= 70%", "accuracy[channel=app] >= 50%"))
    shown = zhinan("check", path).out
    assert "recall[card] >= 70%" in shown
    assert "accuracy[channel=app] >= 50%" in shown


def test_the_store_goes_where_it_is_asked_to(
    shop: Shop, tmp_path: Path, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop(tmp_path / "product")
    assert zhinan("status", path, "--store", tmp_path / "one").code == 0
    monkeypatch.setenv("ZHINAN_STORE", str(tmp_path / "two"))
    assert zhinan("status", path).code == 0
    assert not (path.parent / ".zhinan").exists()
    assert (tmp_path / "one").exists()
    assert (tmp_path / "two").exists()


def test_errors_keep_their_form_whatever_the_values() -> None:
    error = UserError("E310", "a\tplace")
    assert json.loads(json.dumps(error.as_dict("zh")))["code"] == "E310"
