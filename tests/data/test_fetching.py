"""A file comes only from a host that the contract names, wherever names and redirects lead."""

from __future__ import annotations

import gzip
import socket
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from botocore.exceptions import NoCredentialsError
from moto.server import ThreadedMotoServer

from zhinan.contract import Source, parse
from zhinan.contract.places import STORES
from zhinan.core import UserError
from zhinan.data import fetching
from zhinan.data.fetching import fetched

BODY = b"a,b\n1,2\n"


HEADERS = {
    "/cut.csv": {"Content-Length": "1000"},
    "/chunks.csv": {"Transfer-Encoding": "chunked"},
    "/export": {"Content-Type": "application/x-ndjson; charset=utf-8"},
    "/get": {"Content-Disposition": "attachment; filename*=UTF-8''%E6%95%B0.tsv", "Content-Type": "text/csv"},
    "/a%20b.php": {"Content-Type": "text/html"},
}
BODIES = {
    "/chunks.csv": b"8\r\n" + BODY + b"\r\n",
    "/bytes": b"PAR1 and so on",
    "/packed": gzip.compress(BODY),
    "/list": b' [{"a": 1}]',
    "/login.csv": b"\n<!DOCTYPE html><p>Who are you?",
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        ways = {"/away.csv": "http://169.254.169.254/secret", "/round.csv": "/round.csv", "/on.csv": "/rows.csv",
                "/file.csv": "file:///etc/passwd", "/nowhere.csv": "", "/hop": "/数据 1.csv"}  # fmt: skip
        if self.path in ways:
            self.send_response(302)
            if ways[self.path]:
                self.send_header("Location", ways[self.path].encode().decode("latin-1"))
            self.end_headers()
            return
        self.send_response(404 if self.path == "/none.csv" else 200)
        for name, value in HEADERS.get(self.path.partition("?")[0], {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(BODIES.get(self.path, BODY))

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def got(url: str, *hosts: str) -> bytes:
    with fetched(Source(url=url, where="product.yaml:3:11"), hosts) as (path, seen):
        assert (seen.code, "sha256 " in seen.examples[0]) == ("fetched", True)
        return path.read_bytes()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of a local S3 server with BODY in rows.csv; the environment says where it is, as for any S3 client."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, at = server.get_host_and_port()
    for name, value in {"ENDPOINT_URL": f"http://{host}:{at}", "ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "y",
                        "DEFAULT_REGION": "us-east-1"}.items():  # fmt: skip
        monkeypatch.setenv(f"AWS_{name}", value)
    signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/s3/aws4_request"}
    for path, content in (("shop", b""), ("shop/rows.csv", BODY)):
        connection = HTTPConnection(host, at)
        connection.request("PUT", f"/{path}", content, signed)
        assert connection.getresponse().status == 200
        connection.close()
    yield "shop"
    server.stop()


def test_a_named_bucket_of_s3_gives_its_file_and_no_other_bucket_does(bucket: str) -> None:
    assert got(f"s3://{bucket}/rows.csv", bucket) == BODY
    assert refused(f"s3://{bucket}/none.csv", bucket).code == "E141"
    assert refused("s3://elsewhere/rows.csv", "elsewhere").code == "E141"
    assert refused(f"s3://{bucket}/rows.csv", "elsewhere").code == "E139"


def refused(url: str, *hosts: str) -> UserError:
    with pytest.raises(UserError) as caught:
        got(url, *hosts)
    return caught.value


def test_a_named_host_gives_its_file_also_over_a_redirect(port: int) -> None:
    assert got(f"http://127.0.0.1:{port}/rows.csv", "127.0.0.1") == BODY
    assert got(f"http://localhost:{port}/on.csv", "localhost") == BODY


def test_this_machine_private_and_link_local_addresses_have_to_be_named_themselves(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in (
        "127.0.0.1",
        "10.0.0.5",
        "192.168.1.1",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "0.0.0.0",
    ):
        answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]
        monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, answer=answer, **__: answer)
        error = refused(f"http://data.example.org:{port}/rows.csv", "data.example.org")
        assert (error.code, error.where) == ("E140", "product.yaml:3:11")
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: answer)
    assert got(f"http://data.example.org:{port}/rows.csv", "data.example.org", "127.0.0.1") == BODY


def test_a_name_with_one_forbidden_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 80)) for a in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: answer)
    assert refused("http://data.example.org/rows.csv", "data.example.org").code == "E140"


def test_a_redirect_to_a_host_that_is_not_named_is_refused(port: int) -> None:
    error = refused(f"http://127.0.0.1:{port}/away.csv", "127.0.0.1")
    assert (error.code, error.values["host"]) == ("E139", "169.254.169.254")
    assert refused(f"http://127.0.0.1:{port}/round.csv", "127.0.0.1").code == "E141"
    assert "404" in refused(f"http://127.0.0.1:{port}/none.csv", "127.0.0.1").what()


def test_a_file_that_is_too_large_is_left(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MAX_BYTES", 4)
    assert "larger than" in refused(f"http://127.0.0.1:{port}/rows.csv", "127.0.0.1").what()


@pytest.mark.parametrize("name", ["cut.csv", "chunks.csv"])
def test_a_download_that_breaks_off_is_no_file(port: int, name: str) -> None:
    assert "broke off" in refused(f"http://127.0.0.1:{port}/{name}", "127.0.0.1").what()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("export", "export.jsonl"), ("get?file=1", "数.tsv"), ("a b.php", "a_b.csv"), ("bytes", "bytes.parquet"),
        ("packed", "packed.csv.gz"), ("list", "list.json"), ("hop", "hop.csv"), ("数据.csv", "数据.csv"),
        (f"{'a' * 300}.csv", f"{'a' * 76}.csv"), ("x/..", "data.csv"), ("x/", "x.csv"), ("a%2Fb.csv", "b.csv"),
    ],
)  # fmt: skip
def test_a_file_has_an_ending_whatever_its_address(port: int, path: str, name: str) -> None:
    with fetched(Source(url=f"http://127.0.0.1:{port}/{path}"), ["127.0.0.1"]) as (file, _):
        assert file.name == name


def test_a_page_to_log_in_is_no_table(port: int) -> None:
    assert "web page" in refused(f"http://127.0.0.1:{port}/login.csv", "127.0.0.1").what()


def test_a_redirect_to_no_address_says_so(port: int) -> None:
    for name, said in (("file.csv", "file://"), ("nowhere.csv", "without saying where")):
        assert said in refused(f"http://127.0.0.1:{port}/{name}", "127.0.0.1").what()


def test_a_store_without_credentials_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise NoCredentialsError  # is none of OSError, ValueError and ImportError

    monkeypatch.setattr("fsspec.open", opened)
    error = refused("s3://shop/rows.csv", "shop")
    assert (error.code, "no credentials" in error.what()) == ("E141", True)


@pytest.mark.parametrize(("scheme", "package"), STORES.items())
def test_the_package_that_a_store_needs_is_named(scheme: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from fsspec.registry import _registry

    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(_registry, scheme, raising=False)
    error = refused(f"{scheme}://shop/rows.csv", "shop")
    assert (error.code, error.values["package"]) == ("E144", package)


@pytest.mark.parametrize("scheme", ["memory", "github", "simplecache::s3", "webhdfs", "ftp", "sftp", "dir", "nosuch"])
def test_other_ways_to_this_machine_are_closed(scheme: str) -> None:
    assert refused(f"{scheme}://host/x.csv", "host").code == "E149"
    if "::" not in scheme:
        with pytest.raises(UserError) as caught:
            parse(f"product: x\ndata: '{scheme}://host/x.csv'\ntarget: a\nmust: [accuracy >= 60%]\n")
        assert (caught.value.code, caught.value.where) == ("E149", "product.yaml:2:7")
