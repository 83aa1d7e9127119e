"""A query is one SELECT in a session that cannot write; the database's address is never shown."""

from __future__ import annotations

import importlib.util
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from zhinan.contract import Contract, parse
from zhinan.contract.queries import examine
from zhinan.core import UserError, Words
from zhinan.data import Raw, load
from zhinan.data.child import stretches
from zhinan.data.readers import sql as sql_reader

QUERY = "SELECT message, label FROM rows WHERE at >= :since"


def contract_of(folder: Path, query: str = QUERY, params: str = "{since: 2024-01-03}") -> Contract:
    source = f"{{query: '{query}', dsn: SHOP_DSN, params: {params}}}"
    text = f"product: x\ndata:\n  source: {source}\n  target: label\nmust:\n  - accuracy >= 50%\n"
    return parse(text, folder / "product.yaml")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "shop.db"
    held = sqlite3.connect(path)
    held.execute("CREATE TABLE rows (message TEXT, label TEXT, at TEXT, paid REAL)")
    values = [(f"message {i} of mine", "ab"[i % 2], f"2024-01-{1 + i % 9:02}", i / 7) for i in range(90)]
    held.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", values)
    held.commit()
    held.close()
    monkeypatch.setenv("SHOP_DSN", "sqlite:///shop.db")
    return path


def from_query(path: Path, query: str) -> Raw:
    return Raw.joined(stretches("sql", "query of X", {"query": query, "dsn": f"sqlite:///{path}"}))


def test_the_rows_of_a_bound_query_become_examples(shop: Path) -> None:
    loaded = load(contract_of(shop.parent))
    assert (loaded.rows, loaded.classes) == (70, ("a", "b"))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1; DROP TABLE rows", "DELETE FROM rows", "WITH x AS (DELETE FROM rows RETURNING *) SELECT * FROM x",
        "SELECT * INTO other FROM rows", "SELECT * FROM rows FOR UPDATE", "SELECT * FROM rows FOR SHARE",
        "PRAGMA writable_schema=1", "ATTACH DATABASE 'x' AS y", "SELECT load_extension('x')", "SELECT pg_sleep(9)",
        'SELECT "pg_read_file"(\'/etc/passwd\')', "SELECT lo_import('/etc/passwd')", "SELECT dblink('a', 'b')",
        "SELECT 1 /* ; */ ; SELECT 2", "SELECT 1 -- x\n; DELETE FROM rows",
        "SELECT 1 -- x\r; DELETE FROM rows", "SELECT 1 /* /* */ */", "SELECT 'open", "SELECT /* open",
        "SELECT E'\\'; DELETE FROM rows --'", "SELECT $$x$$", "SELECT '\\'", "EXPLAIN SELECT 1", "VALUES (1)", "",
        "INSERT INTO rows SELECT * FROM rows", "SELECT :a", "SELECT ts_stat('DELETE FROM rows')",
        "SELECT U&\"pg\\005fread_file\"('/etc/passwd')",
        'SELECT u&"lo!005fcreat"(-1) UESCAPE \'!\'', 'SELECT a"b" FROM t', "SELECT 1; -- x\n SELECT 2",
        f"SELECT 1;\n{'-' * 60} \nSELECT 2", f"SELECT 1;{' ' * 60}SELECT 2",
        "SELECT query_to_xml('DELETE FROM x', true, true, '')",
    ],
)  # fmt: skip
def test_whatever_is_not_one_select_is_refused_before_a_connection_is_made(query: str) -> None:
    assert isinstance(examine(query, ()), Words), query


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1;", "SELECT 1; -- the end", "SELECT a[1], t.x & b FROM t /* x */ ; /* y */ ",
        "select a from b -- why\n", "WITH x AS (SELECT 1 AS n) SELECT n FROM x", "SELECT ';', '--', ':a'",
        'SELECT "update" FROM t', "SELECT replace(a, 'x', 'y') FROM t", "SELECT a::int, b /* c */ FROM t",
        "SELECT 'it''s' AS \"it's\" FROM 表", "SELECT a FROM t WHERE b < 1e5 AND c <> 'x' ORDER BY 1 LIMIT 5",
    ],
)  # fmt: skip
def test_an_honest_select_is_sent(query: str) -> None:
    assert not isinstance(examine(query, ()), Words), query


def test_sqlite_itself_refuses_what_the_reading_of_the_query_let_through(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhinan.contract import queries

    before = shop.read_bytes()
    monkeypatch.setattr(queries, "examine", lambda text, params: queries.Query(text, frozenset()))
    for query in ("DELETE FROM rows", "ATTACH DATABASE ':memory:' AS y", "PRAGMA journal_mode=DELETE"):
        with pytest.raises(UserError) as caught:
            from_query(shop, query)
        assert caught.value.code == "E138"
    assert shop.read_bytes() == before


def test_the_address_is_in_no_message(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for dsn in (
        "",
        "nonsense hunter2",
        "mysql://u:hunter2@h/d",
        "sqlite:///hunter2.db",
        "postgresql://u:hunter2@127.0.0.1:1/d",
    ):
        monkeypatch.setenv("SHOP_DSN", dsn)
        with pytest.raises(UserError) as caught:
            load(contract_of(shop.parent))
        assert caught.value.code in ("E137", "E138", "E900")
        assert "hunter2" not in str(caught.value) + caught.value.text("zh") + repr(caught.value.values)


def refusal(dsn: str) -> str:
    with pytest.raises(UserError) as caught:
        Raw.joined(stretches("sql", "query of X", {"query": "SELECT a FROM rows", "dsn": dsn}))
    assert caught.value.code == "E138"
    return caught.value.what()


def test_why_a_database_cannot_be_had_is_said(tmp_path: Path) -> None:
    assert "the file is not there" in refusal(f"sqlite:///{tmp_path}/none.db")
    (tmp_path / "no.db").write_text("message,label\n" * 99)
    assert "no whole SQLite database" in refusal(f"sqlite:///{tmp_path}/no.db")
    if importlib.util.find_spec("psycopg"):
        assert "no connection to the server" in refusal("postgresql://u:hunter2@127.0.0.1:1/d")


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ('FATAL:  password authentication failed for user "bob"', "refused the user or the password"),
        ("fe_sendauth: no password supplied", "refused the user or the password"),
        ('FATAL:  database "password" does not exist', "has no such database"),
        ("timeout expired", "no connection to the server"),
    ],
)
def test_what_a_server_says_before_there_is_a_connection_has_no_code(message: str, cause: str) -> None:
    said = sql_reader._said(Exception(f'connection failed: connection to server at "10.0.0.7" failed: {message}'))
    assert cause in said.en
    assert "10.0.0.7" not in said.en + said.zh


def test_a_column_the_database_lacks_is_named(shop: Path) -> None:
    with pytest.raises(UserError, match="no such column: mesage"):
        from_query(shop, "SELECT mesage FROM rows")


def test_no_file_is_left_beside_a_database_that_keeps_a_log(shop: Path) -> None:
    with closing(sqlite3.connect(shop)) as held:
        held.execute("PRAGMA journal_mode=WAL")
    before = {path: path.read_bytes() for path in shop.parent.iterdir()}
    assert load(contract_of(shop.parent)).rows == 70
    assert {path: path.read_bytes() for path in shop.parent.iterdir()} == before


def test_what_only_the_log_of_a_database_holds_is_read(shop: Path) -> None:
    with closing(sqlite3.connect(shop)) as held:
        held.execute("PRAGMA journal_mode=WAL")
        held.execute("INSERT INTO rows VALUES ('late', 'a', '2024-02-01', 1.0)")
        held.commit()
        assert load(contract_of(shop.parent)).rows == 71


def test_a_database_that_is_written_to_while_it_is_read_is_refused(shop: Path) -> None:
    with closing(sqlite3.connect(shop)) as held:
        held.execute("PRAGMA journal_mode=WAL")
    rows = stretches("sql", "query of X", {"query": "SELECT * FROM rows", "dsn": f"sqlite:///{shop}"})
    next(rows)
    with closing(sqlite3.connect(shop)) as held:
        held.execute("DELETE FROM rows")
        held.commit()
        with pytest.raises(UserError, match="E138"):
            list(rows)


def test_a_text_that_sqlite_holds_and_is_none_costs_its_row_alone(shop: Path) -> None:
    held = sqlite3.connect(shop)
    held.execute("UPDATE rows SET message = CAST(x'636166e9' AS TEXT) WHERE rowid = 7")
    held.commit()
    held.close()
    raw = from_query(shop, "SELECT message, label FROM rows")
    assert (raw.frame.height, [(r.line, r.reason.en) for r in raw.rejected]) == (
        89, [(7, "not valid text in the file's encoding")]
    )  # fmt: skip


@pytest.mark.system
def test_postgresql_gives_rows_and_lets_nothing_be_written(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    from zhinan.contract import queries

    with psycopg.connect(postgres) as held:
        held.execute(
            "CREATE TABLE rows (message text, label text, at date, paid numeric, tags text[], seen timestamptz)"
        )
        held.execute(
            "INSERT INTO rows SELECT 'message ' || i || ' of mine', chr(97 + i % 2), date '2024-01-01' + i % 9, "
            "i / 7.0, array['x', i::text], timestamptz '2024-01-31 10:00+08' FROM generate_series(0, 44999) i"
        )
        held.execute("CREATE FUNCTION sly() RETURNS int LANGUAGE sql AS 'DELETE FROM rows; SELECT 1'")
    monkeypatch.setenv("SHOP_DSN", postgres)
    loaded = load(contract_of(tmp_path))
    assert (loaded.rows, loaded.classes) == (35_000, ("a", "b"))
    assert "has no such database" in refusal(postgres.replace("/postgres?", "/none?"))
    assert "refused the user" in refusal(postgres.replace("owner:", "nobody:"))
    options = {"query": "SELECT tags, paid, seen FROM rows LIMIT 1", "dsn": postgres}
    row = Raw.joined(stretches("sql", "q", options)).frame.row(0)
    assert row[:2] == ('["x", "0"]', "0")
    assert row[2].startswith("2024-01-31T02:00:00")
    odd = "SELECT date 'infinity' AS a, timestamp '-infinity' AS b, date '0044-03-15 BC' AS c"
    options = {"query": odd, "dsn": postgres}
    assert Raw.joined(stretches("sql", "q", options)).frame.row(0)[:3] == ("infinity", "-infinity", "0044-03-15 BC")
    options = {"query": "SELECT 1 / (length(message) - length(message)) AS z FROM rows", "dsn": postgres}
    with pytest.raises(UserError, match="divides by zero"):
        Raw.joined(stretches("sql", "q", options))
    monkeypatch.setattr(queries, "examine", lambda text, params: queries.Query(text, frozenset()))
    for query in (
        "SELECT sly()",
        "DELETE FROM rows",
        "SELECT set_config('transaction_read_only', 'off', false), sly()",
    ):
        with pytest.raises(UserError) as caught:
            Raw.joined(stretches("sql", "q", {"query": query, "dsn": postgres}))
        assert caught.value.code == "E138"
        assert "hunter2" not in caught.value.text()
        assert query != "SELECT sly()" or "the session is read-only" in caught.value.what()
    with psycopg.connect(postgres) as held:
        assert held.execute("SELECT count(*) FROM rows").fetchone() == (45_000,)
