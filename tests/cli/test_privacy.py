"""What the masks hide is written nowhere: not in the store, versions, reports, answers, messages or crashes."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

CONTRACT = """product: shop
data:
  source: messages.csv
  inputs: {message: text, channel: category}
  target: intent
  person: customer
  mask: [phone, email, id_card, bank_card]
must:
  - accuracy >= 60%
"""


def luhn(digits: str) -> str:
    total = 0
    for i, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if i % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


def identity(draw: random.Random) -> str:
    body = f"110105{draw.randint(1950, 2005)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}{draw.randint(100, 999)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def canaries(count: int) -> list[str]:
    draw = random.Random(7)
    made = []
    for i in range(count):
        made += [
            f"1{draw.choice((38, 59, 86))}{draw.randint(10**7, 10**8 - 1)}",
            f"canary.{i}.{draw.randint(10**5, 10**6)}@example.com",
            identity(draw),
            luhn(f"6222{draw.randint(10**10, 10**11 - 1)}"),
        ]
    return made


def called(folder: Path, *arguments: str, codes: tuple[int, ...] = (0,), text: str = "") -> str:
    """Everything a command says, on either side."""
    done = subprocess.run(
        [sys.executable, "-m", "zhinan", *arguments],
        capture_output=True, text=True, check=False, cwd=folder, input=text,
        env={**os.environ, "LANG": "en_US.UTF-8", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode in codes, done.stderr
    return done.stdout + done.stderr


def write(folder: Path, secrets: list[str]) -> None:
    draw = random.Random(3)
    said = {"refund": "退款 refund", "card": "卡丢了 lost card", "login": "登录不了 cannot log in"}
    rows = ["message,channel,customer,intent"]
    for i in range(240):
        label = draw.choice(list(said))
        secret = secrets[i % len(secrets)]
        glued = f"我的号码{secret}谢谢" if i % 2 else f"reach me: {secret}, thanks {i}"
        channel = secrets[i] if i < 6 else draw.choice(("app", "web"))
        rows.append(f'"{said[label]} {glued} {i}",{channel},{secrets[4 * (i % 30) + 1]},{label}')
    rows.append(f"a broken row of {secrets[0]},{secrets[1]},x,y,z,{secrets[2]}")
    (folder / "messages.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "product.yaml").write_text(CONTRACT, encoding="utf-8")


def test_no_canary_is_found_after_check_build_predict_feedback_and_errors(tmp_path: Path) -> None:
    secrets = canaries(40)
    write(tmp_path, secrets)
    heard = [called(tmp_path, "check"), called(tmp_path, "check", "--json")]
    heard.append(called(tmp_path, "build", "--until", "shallow", codes=(0, 2)))
    heard.append(called(tmp_path, "build", "--until", "shallow", "--json", codes=(0, 2)))
    asked = [{"message": f"my card {secret} is lost", "channel": secret} for secret in secrets[:40]]
    heard.append(called(tmp_path, "predict", "@latest", f"message=call {secrets[0]}", f"channel={secrets[1]}"))
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    heard.append(called(tmp_path, "predict", "@latest", "--input", "rows.jsonl", "--output", "answers.csv"))
    heard.append(called(tmp_path, "predict", "@latest", "--input", "-", text="\n".join(map(json.dumps, asked))))
    wrong = {"mesage": secrets[0], "channel": secrets[1]}
    heard.append(called(tmp_path, "predict", "@latest", "--input", "-", text=json.dumps(wrong), codes=(3,)))
    corrections = [f"{row['message']},{row['channel']},{secrets[i]},card" for i, row in enumerate(asked)]
    (tmp_path / "corrections.csv").write_text(
        "message,channel,customer,intent\n" + "\n".join(corrections), encoding="utf-8"
    )
    heard += [called(tmp_path, "feedback", "--input", "corrections.csv"), called(tmp_path, "status", "--json")]
    (tmp_path / "broken.csv").write_text(f"message,intent\n{secrets[0]},{secrets[1]},{secrets[2]}\n", encoding="utf-8")
    heard.append(called(tmp_path, "feedback", "--input", "broken.csv", codes=(0, 3)))
    said = "\n".join(heard)
    kept = {path: path.read_bytes() for path in (tmp_path / ".zhinan").rglob("*") if path.is_file()}
    kept[tmp_path / "answers.csv"] = (tmp_path / "answers.csv").read_bytes()
    assert any(path.name == "report.html" for path in kept)
    assert any(b"[PHONE]" in content for content in kept.values()), "nothing was masked at all"
    for secret in secrets:
        assert secret not in said
        found = [path.name for path, content in kept.items() if secret.encode() in content]
        assert not found, f"{secret} is in {found}"


def test_a_crash_in_the_middle_of_a_build_tells_nobody(tmp_path: Path) -> None:
    secrets = canaries(40)
    write(tmp_path, secrets)
    script = (
        "import sys, zhinan.engine.building as b\n"
        "def crash(*given, **more): raise ZeroDivisionError('made up')\n"
        "b.measure_costs = crash\n"
        "from zhinan.cli.run import run\n"
        "sys.exit(run(['build', '--until', 'shallow']))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 4
    assert "ZeroDivisionError" in done.stderr
    kept = [path.read_bytes() for path in (tmp_path / ".zhinan").rglob("*") if path.is_file()]
    assert kept
    for secret in secrets:
        assert secret not in done.stdout + done.stderr
        assert not any(secret.encode() in content for content in kept)
