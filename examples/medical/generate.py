"""Makes screening.csv: invented check-ups with a known risk of diabetes, so that we may ship them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

N = 5000


def main() -> None:
    """Writes the file beside this one; the same every time."""
    draw = np.random.default_rng(20260103)
    age, sex = draw.integers(21, 80, N), draw.choice(["female", "male"], N)
    bmi = np.clip(draw.normal(27.5 + 0.03 * (age - 45), 5.2, N), 15, 58).round(1)
    waist = (bmi * 3.1 + np.where(sex == "male", 8, 0) + draw.normal(0, 5, N)).round(0)
    pressure = np.clip(draw.normal(68 + 0.25 * age, 11, N), 45, 130).round(0)
    relatives = draw.choice([0, 1, 2], N, p=[0.65, 0.27, 0.08])
    active = draw.choice(["never", "weekly", "daily"], N, p=[0.35, 0.45, 0.2])
    ill = (
        -7.4
        + 0.055 * age
        + 0.11 * (bmi - 22)
        + 0.8 * relatives
        + np.select([active == "never", active == "daily"], [0.6, -0.7])
    )
    diabetic = draw.random(N) < 1 / (1 + np.exp(-(ill + 1.6)))
    glucose = np.clip(draw.normal(96 + 40 * diabetic + 0.15 * age, 17, N), 60, 260).round(0)
    insulin = np.where(draw.random(N) < 0.4, np.nan, np.exp(draw.normal(4.3 + 0.5 * diabetic, 0.6, N)).round(0))
    with (Path(__file__).parent / "screening.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(
            ["age", "sex", "bmi", "waist", "blood_pressure", "glucose", "insulin", "relatives", "activity", "diabetes"]
        )
        for i in range(N):
            known = "" if np.isnan(insulin[i]) else int(insulin[i])
            out.writerow([
                age[i], sex[i], bmi[i], int(waist[i]), int(pressure[i]), int(glucose[i]), known, relatives[i],
                active[i], "yes" if diabetic[i] else "no",
            ])  # fmt: skip


if __name__ == "__main__":
    main()
