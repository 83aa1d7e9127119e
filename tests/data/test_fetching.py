"""A file comes only from a host that the contract names, wherever names and redirects lead."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from moto.server import ThreadedMotoServer

from zhinan.contract import Source
from zhinan.core import UserError
from zhinan.data import fetching
from zhinan.data.fetching import fetched

BODY = b"a,b\n1,2\n"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        ways = {"/away.csv": "http://169.254.169.254/secret", "/round.csv": "/round.csv", "/on.csv": "/rows.csv"}
        if self.path in ways:
            self.send_response(302)
            self.send_header("Location", ways[self.path])
            self.end_headers()
            return
        self.send_response(404 if self.path == "/none.csv" else 200)
        self.end_headers()
        self.wfile.write(BODY)

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


@pytest.mark.parametrize(
    "url", ["file://host/etc/passwd", "memory://host/x", "github://host/x", "simplecache::s3://host/x"]
)
def test_other_ways_to_this_machine_are_closed(url: str) -> None:
    assert refused(url, "host").code in ("E139", "E141", "E900")
