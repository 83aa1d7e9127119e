"""The shipped tables end to end: copied, built, proved, and explained with reasons, as their pages say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.system

ASKED = {
    "credit": (
        "age=23 job_years=1 income=18000 loan=15000 months=24 late_payments=3 cards=5 housing=rent purpose=debt",
        "defaulted",
        "late_payments",
    ),
    "fraud": (
        "reported_at=2026-01-25 amount=9000 age=35 vehicle_age=12 earlier_claims=2 policy_months=1 witness=no "
        "police_report=no fault=own channel=web region=north happened_at=2025-12-20",
        "fraud",
        "amount",
    ),
    "medical": (
        "age=61 bmi=34 waist=112 blood_pressure=92 glucose=151 insulin= relatives=1 activity=never",
        "yes",
        "glucose",
    ),
}


def zhinan(*arguments: str, code: int = 0) -> Any:
    command = [sys.executable, "-m", "zhinan", *arguments, "--json", "-q"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=900, check=False)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ASKED)
def test_an_example_is_proved_and_gives_its_reasons(name: str, tmp_path: Path, root: Path) -> None:
    zhinan("new", str(tmp_path / name), "--example", name)
    product = tmp_path / name / "product.yaml"
    built = zhinan("build", str(product))
    assert {v["line"]: v["verdict"] for v in built["verdicts"]} == {v["line"]: "PROVED" for v in built["verdicts"]}
    row, label, strongest = ASKED[name]
    told = zhinan("explain", built["path"], *row.split(), "--label", label)
    (one,) = told["explanations"]
    assert one["exact"]
    assert strongest in [reason["column"] for reason in one["reasons"]]


@pytest.mark.parametrize("name", ASKED)
def test_the_data_are_what_the_script_beside_them_makes(name: str, tmp_path: Path, root: Path) -> None:
    script = tmp_path / "generate.py"
    script.write_bytes((root / "examples" / name / "generate.py").read_bytes())
    subprocess.run([sys.executable, str(script)], check=True)
    (made,) = tmp_path.glob("*.csv")
    assert made.read_bytes() == (root / "examples" / name / made.name).read_bytes()
