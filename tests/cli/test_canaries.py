"""A thousand made-up personal details of every kind go through every command and crash: none is written down."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pytest
import re2

from zhinan.core import entries
from zhinan.steps.mask import redact

pytestmark = pytest.mark.system

EACH = 72
CONTRACT = """product: shop
data:
  source: messages.csv
  inputs: {{message: text, channel: category}}
  target: intent
  person: customer
  mask: [{masks}]
must:
  - accuracy >= 60%
"""
SAID = {"refund": "退款 refund", "card": "卡丢了 lost it", "login": "登录不了 cannot get in"}


def luhn(digits: str) -> str:
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(digits))]
    return digits + str(-sum(v - 9 if v > 9 else v for v in doubled) % 10)


def identity(draw: random.Random) -> str:
    body = f"110105{draw.randint(1950, 2005)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}{draw.randint(100, 999)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def iban(draw: random.Random) -> str:
    body = f"{draw.randrange(10**18):018}"
    return f"DE{98 - int(body + '131400') % 97:02}{body}"


def canaries() -> list[tuple[str, str]]:
    """(what no file may hold, a sentence that holds it), each of its own."""
    draw, made = random.Random(7), {}
    given = ["Emily", "Marcus", "Priya", "Jonathan", "Fatima", "Oliver", "Hannah", "Stephen", "Yasmin"]
    family = ["Carter", "Okafor", "Delgado", "Nakamura", "Whitaker", "Lindholm", "Abernathy", "Goldberg"]
    families, first, second = "王李张刘陈赵周吴徐", "晓志雨思文", "婷伟娟欣轩琳强燕"
    for i in range(EACH):
        told = {
            f"13{draw.randrange(10**9):09}": "请打{}找我",
            f"010-{draw.randint(5, 8)}{draw.randrange(10**7):07}": "座机{}没人接",
            f"canary.{i}.{draw.randrange(10**6)}@example.com": "write to {} please",
            identity(draw): "身份证{}核对一下",
            luhn(f"6222{draw.randrange(10**10, 10**11)}"): "card {} was charged",
            f"E{draw.randrange(10**7, 10**8)}": "my passport {} is lost",
            f"{200 + i}-{draw.randint(10, 99)}-{draw.randint(1000, 9999)}": "my social security number is {}",
            f"198.{draw.randint(18, 19)}.{draw.randint(0, 255)}.{i + 1}": "login from {} was not me",
            f"3c:22:fb:{i:02x}:{draw.randrange(256):02x}:7e": "device {} dropped off",
            f"粤B·D{draw.randrange(10**4, 10**5)}": "车牌{}挡住了",
            f"{draw.getrandbits(128):032x}": "GET /a?access_token={}&b=1 fails",
            iban(draw): "pay to {} instead",
            f"{1940 + i}-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}": "date of birth: {}, as before",
            f"{4000 + i} Maple Street": "ship it to {} please",
            f"{given[i % 9]} {family[i % 8]}": "my name is {} and I wait",
            families[i % 9] + first[i % 5] + second[i % 8]: "收件人{}，请尽快",
        }
        made.update({secret: sentence.format(secret) for secret, sentence in told.items()})
    return list(made.items())


def needles(secrets: Sequence[str]) -> re2._Regexp:
    """Finds any secret: as it is, in UTF-16, or inside base64 at any of its three places."""
    forms = set()
    for secret in secrets:
        plain = secret.encode()
        forms |= {plain, secret.encode("utf-16-le"), secret.encode("unicode-escape"), json.dumps(secret)[1:-1].encode()}
        for shift in range(3):
            coded = base64.b64encode(b"x" * shift + plain).rstrip(b"=")
            forms.add(coded[(0, 2, 3)[shift] : len(coded) - (1 if (len(plain) + shift) % 3 else 0)])
    options = re2.Options()
    options.encoding, options.max_mem, options.log_errors = re2.Options.Encoding.LATIN1, 1 << 30, False
    return re2.compile(b"|".join(map(re2.escape, sorted(forms))), options)


def cells(frame: pl.DataFrame) -> bytes:
    """Every value of a table, as it would be read."""
    values = (value for row in frame.iter_rows() for value in row)
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)


def opened(path: Path) -> Iterator[bytes]:
    """What a file holds, and what is packed inside it."""
    content = path.read_bytes()
    yield content
    if content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content)
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    if content[:4] == b"PAR1":
        yield cells(pl.read_parquet(io.BytesIO(content)))
    if content[:6] == b"ARROW1":
        yield cells(pl.read_ipc(io.BytesIO(content)))


class Place:
    """A project whose own input files are the only ones that may hold a secret; temp and cache folders lie in it."""

    def __init__(self, folder: Path, made: list[tuple[str, str]]) -> None:
        self.folder = folder
        self.secrets = [secret for secret, _ in made]
        self.sentences = [sentence for _, sentence in made]
        self.inputs = {folder / name for name in ("messages.csv", "rows.jsonl", "corrections.csv", "broken.csv")}
        self.said: list[str] = []
        for name in ("temp", "home"):
            (folder / name).mkdir()
        home = str(folder / "home")
        self.environment = {
            **os.environ, "LANG": "en_US.UTF-8", "PYTHONUTF8": "1", "TMPDIR": str(folder / "temp"), "HOME": home,
            "XDG_CACHE_HOME": home, "XDG_DATA_HOME": home, "XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home,
        }  # fmt: skip
        draw = random.Random(3)
        rows = ["message,channel,customer,intent"]
        emails = [secret for secret in self.secrets if "@" in secret]
        for i, sentence in enumerate(self.sentences):
            label = draw.choice(list(SAID))
            channel = emails[i] if i < 6 else draw.choice(("app", "web"))
            rows.append(f'"{SAID[label]}. {sentence}. {i}",{channel},{emails[i % len(emails)]},{label}')
        rows.append(f"a broken row of {self.secrets[0]},{self.secrets[2]},x,y,z,{self.secrets[4]}")
        (folder / "messages.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        masks = ", ".join(entries("mask"))
        (folder / "product.yaml").write_text(CONTRACT.format(masks=masks), encoding="utf-8")

    def call(self, *arguments: str, codes: tuple[int, ...] = (0,), text: str = "") -> None:
        done = subprocess.run(
            [sys.executable, "-m", "zhinan", *arguments],
            capture_output=True, text=True, check=False, cwd=self.folder, input=text, env=self.environment,
        )  # fmt: skip
        self.said.append(done.stdout + done.stderr)
        assert done.returncode in codes, redact(done.stderr[-800:])

    def leaks(self) -> list[str]:
        """Where a secret was found, the secret itself left out."""
        sought = needles(self.secrets)
        found = [f"said by call {i}" for i, said in enumerate(self.said) if sought.search(said.encode())]
        for path in self.folder.rglob("*"):
            if path.is_file() and path not in self.inputs:
                place = next((m for part in opened(path) if (m := sought.search(part))), None)
                if place is not None:
                    found.append(f"{path.relative_to(self.folder)}: {redact(repr(place.group()))[:30]}")
        return found


def test_the_canaries_are_a_thousand_of_every_kind_and_would_be_found(tmp_path: Path) -> None:
    made = canaries()
    assert len(made) >= 1000
    shown = " ".join(redact(sentence) for _, sentence in made)
    assert all(f"[{name.upper()}]" in shown for name in entries("mask"))
    assert [secret for secret, sentence in made if secret in redact(sentence)] == []
    sought = needles([secret for secret, _ in made])
    for secret, _ in made[::97]:
        for hidden in (secret.encode(), secret.encode("utf-16-le"), base64.b64encode(b"ab" + secret.encode() + b"c")):
            assert sought.search(b"..." + hidden + b"...")
    packed = io.BytesIO()
    pl.DataFrame({"x": [made[0][0]]}).write_parquet(packed)
    (tmp_path / "a.parquet").write_bytes(packed.getvalue())
    assert any(sought.search(part) for part in opened(tmp_path / "a.parquet"))


def known(secret: str) -> str:
    """The secret where it is one by itself; a bare date or nine bare digits may be anybody's id, and is kept as one."""
    return secret if redact(secret) != secret else "anna"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _post(url: str, body: bytes) -> str:
    asked = urllib.request.Request(url, body, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return str(answer.read(), "utf-8")
    except urllib.error.HTTPError as error:
        return str(error.read(), "utf-8")


def _served(place: Place) -> None:
    """Right, wrong and broken requests with a canary in each."""
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "zhinan", "serve", "@latest", "--port", str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=place.folder, env=place.environment,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{url}/readyz", timeout=5).close()
            break
        except OSError:
            time.sleep(0.25)
    for secret, sentence in zip(place.secrets[:60], place.sentences, strict=False):
        row = {"message": sentence, "channel": "app"}
        place.said.append(_post(f"{url}/predict", json.dumps({"inputs": [row]}).encode()))
        for wrong in (
            {"inputs": [{secret: sentence}]}, {"inputs": [{"message": [secret], "channel": 5}]}, {secret: sentence},
            {"inputs": secret},
        ):  # fmt: skip
            place.said.append(_post(f"{url}/predict", json.dumps(wrong).encode()))
        place.said.append(_post(f"{url}/predict", b'{"inputs": [{"message": "' + sentence.encode() + b"\xff"))
        given = {"event_id": f"e-{len(place.said)}", "input": row, "label": "card", "person": known(secret)}
        place.said.append(_post(f"{url}/feedback", json.dumps(given).encode()))
        place.said.append(
            _post(f"{url}/feedback", json.dumps({**given, "event_id": known(secret), "label": secret}).encode())
        )
        place.said.append(_post(f"{url}/{urllib.request.quote(secret)}", b"{}"))
    server.send_signal(signal.SIGTERM)
    place.said.append(server.communicate(timeout=60)[0])


def test_no_canary_is_written_down_by_any_command_or_answer(tmp_path: Path) -> None:
    place = Place(tmp_path, canaries())
    place.call("check")
    place.call("check", "--json")
    place.call("build", "--until", "shallow", "--json", codes=(0, 1, 2))
    place.call("build", "--until", "shallow", codes=(0, 1, 2))  # unchanged: told again, in words
    asked = [{"message": sentence, "channel": "web"} for sentence in place.sentences]
    place.call("predict", "@latest", f"message={place.sentences[0]}", f"channel={place.secrets[2]}")
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    place.call("predict", "@latest", "--input", "rows.jsonl", "--output", "answers.csv")
    place.call("predict", "@latest", "--input", "-", text="\n".join(map(json.dumps, asked[:40])))
    wrong = {"mesage": place.secrets[0], "channel": place.secrets[1]}
    place.call("predict", "@latest", "--input", "-", text=json.dumps(wrong), codes=(3,))
    place.call("report", "@latest")
    place.call("explain", "@latest", f"message={place.sentences[3]}", "channel=app", codes=(0, 3))
    lines = [f'"{s}",app,{known(place.secrets[i])},card' for i, s in enumerate(place.sentences[:200])]
    (tmp_path / "corrections.csv").write_text("\n".join(["message,channel,customer,intent", *lines]), encoding="utf-8")
    place.call("feedback", "--input", "corrections.csv")
    (tmp_path / "broken.csv").write_text(f"message,intent\n{','.join(place.secrets[:3])}\n", encoding="utf-8")
    place.call("feedback", "--input", "broken.csv", codes=(0, 3))
    _served(place)
    place.call("status", "--json", codes=(0, 1))  # 1: its monitors are alarmed by messages that no row was like
    assert place.leaks() == []


CRASH = (
    "import sys, zhinan.engine.building as b\n"
    "def crash(*given, **more):\n    held = open('messages.csv').read()\n    raise ZeroDivisionError(held[-300:])\n"
    "b.measure_costs = crash\nfrom zhinan.cli.run import run\nsys.exit(run(['build', '--until', 'shallow']))\n"
)


def test_no_canary_outlives_a_crash_or_a_kill(tmp_path: Path) -> None:
    place = Place(tmp_path, canaries())
    done = subprocess.run(
        [sys.executable, "-c", CRASH], capture_output=True, text=True, check=False, cwd=tmp_path, env=place.environment
    )
    assert done.returncode == 4
    place.said.append(done.stdout + done.stderr)
    for after in (0.6, 1.2, 2.0, 3.5):
        build = subprocess.Popen(
            [sys.executable, "-m", "zhinan", "build", "--until", "shallow"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=tmp_path, env=place.environment,
        )  # fmt: skip
        time.sleep(after)
        build.kill()
        place.said.append(build.communicate()[0])
    time.sleep(1)
    place.call("check", codes=(0, 3))
    assert place.leaks() == []
