"""Tokens have quotas of their own, an unknown one is told apart from none, and the page says what the code does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from zhinan.core import UserError
from zhinan.serve import serve
from zhinan.serve.allowance import Allowance
from zhinan.serve.metrics import _HELP
from zhinan.serve.settings import Limits, Settings
from zhinan.serve.tokens import Token, TokenFile, find_token, load_tokens

SECRET = "c" * 16
PAGE = (Path(__file__).parents[2] / "docs" / "production.md").read_text("utf-8")
Talk = Callable[..., Any]


def tokens(folder: Path, *lines: str) -> tuple[Token, ...]:
    path = folder / "tokens"
    path.write_text("\n".join(lines), encoding="utf-8")
    path.chmod(0o600)
    return load_tokens(path)


def test_the_token_file_gives_a_token_its_quota(tmp_path: Path) -> None:
    told = tokens(
        tmp_path, f"predict@50/s:{SECRET}", f"@30/min:{SECRET}2", f"admin,feedback@7/h:{SECRET}3", f"admin:{SECRET}4"
    )
    assert [token.rate for token in told] == [50, 0.5, 7 / 3600, None]
    assert [sorted(token.scopes) for token in told] == [
        ["predict"], ["feedback", "predict"], ["admin", "feedback"], ["admin"],
    ]  # fmt: skip


@pytest.mark.parametrize("quota", ["", "50", "0/s", "-1/s", "50/day", "1.5/s", "50/s@2/s", "50 /s", "inf/s"])
def test_a_quota_that_is_none_is_refused_and_the_token_not_repeated(tmp_path: Path, quota: str) -> None:
    with pytest.raises(UserError, match="E451") as caught:
        tokens(tmp_path, f"predict@{quota}:{SECRET}")
    assert "50/s" in caught.value.what()
    assert SECRET not in str(caught.value)


def test_workers_together_grant_a_quota_and_each_at_least_one_request() -> None:
    quick, slow = (Token(bytes([n]) * 32, frozenset(), rate) for n, rate in enumerate((10.0, 0.5), 1))
    one = Allowance(1000.0, 2)
    assert [one.wait(quick, 0.0) for _ in range(11)] == [0.0] * 10 + [pytest.approx(0.2)]
    assert one.wait(quick, 0.21) == 0.0
    assert one.wait(slow, 0.0) == 0.0
    assert one.wait(slow, 0.0) == pytest.approx(4.0)
    assert one.wait(slow, 4.01) == 0.0
    assert one.wait(Token(b"a" * 32, frozenset()), 0.0) == 0.0


def test_a_quota_holds_for_its_token_and_no_other(place: Any, talk: Talk, tmp_path: Path) -> None:
    told = tokens(tmp_path, f"@2/h:{SECRET}", "d" * 16)

    async def say(client: httpx.AsyncClient) -> list[int]:
        known = [SECRET] * 3 + ["d" * 16] * 3
        return [
            (await client.get("/contract", headers={"authorization": f"Bearer {one}"})).status_code for one in known
        ]

    assert talk(replace(place.fixed, tokens=told), say) == [200, 429, 429, 200, 200, 200]


@pytest.mark.parametrize(
    ("sent", "code"),
    [({}, "E463"), ({"authorization": "Basic YTpi"}, "E463"), ({"authorization": f"bearer {SECRET}x"}, "E487")],
)
def test_a_token_that_is_not_known_is_told_apart_from_none(place: Any, ask: Any, sent: Any, code: str) -> None:
    token = Token(hashlib.sha256(SECRET.encode()).digest(), frozenset(["predict"]))
    answer = ask(replace(place.fixed, tokens=(token,)), "GET", "/readyz", None, **sent)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert SECRET not in answer.text


def test_the_page_for_operators_has_every_metric_and_the_limits_of_the_code() -> None:
    assert [name for name in _HELP if f"| `{name}` |" not in PAGE] == []
    limits = Limits()
    for row in (
        f"| {limits.rate:,.0f} requests a second, {2 * limits.rate:,.0f} at once |", f"| {limits.rows:,} inputs |",
        f"| {limits.body / 1e6:.0f} MB |", f"| {limits.headers // 1024} KB |", f"| {limits.depth} levels |",
        f"| {limits.header_seconds:.0f} s, {limits.body_seconds:.0f} s |", f"| {limits.answer_seconds:.0f} s |",
        f"| {limits.waiting:,} inputs, {limits.held / 1e6:.0f} MB |", f"| {limits.jobs} open jobs |",
        f"| {limits.upload / 1e6:.0f} MB, {limits.job_rows:,} rows, {limits.upload_seconds / 60:.0f} min |",
    ):  # fmt: skip
        assert row in PAGE, row


def test_a_token_file_behind_a_link_is_followed_where_the_link_goes_now(
    place: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("before", "after"):
        (tmp_path / name).write_text("\ufeff" + name * 4, encoding="utf-8")  # as some editors begin a file
        (tmp_path / name).chmod(0o600)
    link = tmp_path / "tokens"
    link.symlink_to(tmp_path / "before")
    seen: list[Settings] = []
    monkeypatch.setattr("zhinan.serve.server.run", seen.append)
    serve(None, store=None, product="p", follow=True, token_file=link)
    kept = TokenFile(seen[0].tokens, seen[0].token_file)
    link.unlink()
    link.symlink_to(tmp_path / "after")
    kept.refresh()
    assert find_token(kept.tokens, b"Bearer " + b"after" * 4) is not None
    assert find_token(kept.tokens, b"Bearer " + b"before" * 4) is None


def test_a_worker_that_begins_later_knows_the_tokens_that_were_read_last(tmp_path: Path) -> None:
    path, shared = tmp_path / "tokens", tmp_path / "shared"
    shared.mkdir()
    first = tokens(tmp_path, "first" * 4)
    path.write_text("second" * 4)
    path.chmod(0o600)
    TokenFile(first, path, shared).refresh()
    path.chmod(0o644)  # nobody can take in this one
    later = TokenFile(first, path, shared)
    with pytest.raises(UserError, match="E451"):
        later.refresh()
    assert find_token(later.tokens, b"Bearer " + b"second" * 4) is not None
    assert find_token(later.tokens, b"Bearer " + b"first" * 4) is None
    assert "second" not in "".join(each.read_text() for each in shared.iterdir()), "hashes alone are kept"


def test_a_worker_reads_the_tokens_before_it_answers_anybody(place: Any, talk: Talk, tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    path.write_text("before" * 4)
    path.chmod(0o600)
    settings = replace(place.settings, tokens=load_tokens(path), token_file=str(path))
    path.write_text("after" * 4)

    async def say(client: httpx.AsyncClient) -> list[int]:
        asked = [{"authorization": f"Bearer {word * 4}"} for word in ("before", "after")]
        return [(await client.get("/contract", headers=each)).status_code for each in asked]

    assert talk(settings, say) == [401, 200]


def test_a_comment_may_stand_behind_a_token_and_no_token_stands_twice(tmp_path: Path) -> None:
    read = tokens(tmp_path, "# who may call", "predict:" + "a" * 16 + "  # Ann's", " # nobody", "admin:" + "b" * 16)
    assert [sorted(one.scopes) for one in read] == [["predict"], ["admin"]]
    with pytest.raises(UserError, match="E451") as refused:
        tokens(tmp_path, "admin:" + "a" * 16, "predict@5/s:" + "a" * 16)
    assert refused.value.where.endswith(":2")


def test_a_quota_that_was_raised_counts_at_once() -> None:
    allowance, key = Allowance(100.0), hashlib.sha256(b"t").digest()
    assert allowance.wait(Token(key, frozenset(), 1 / 3600), now=1000.0) == 0
    assert allowance.wait(Token(key, frozenset(), 1 / 3600), now=1001.0) > 3000
    assert allowance.wait(Token(key, frozenset(), 50.0), now=1001.1) < 0.1


def test_a_full_disk_keeps_no_token_from_being_taken_in(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    path.write_text("second" * 4)
    path.chmod(0o600)
    kept = TokenFile(tokens(tmp_path, "first" * 4), path, tmp_path / "gone")
    path.write_text("second" * 4)
    kept.refresh()
    assert find_token(kept.tokens, b"Bearer " + b"second" * 4) is not None
    (tmp_path / "gone").mkdir()
    (tmp_path / "gone" / "tokens").write_text("[[")  # torn
    assert len(TokenFile(kept.tokens, path, tmp_path / "gone").tokens) == 1
