"""Makes applications.csv: invented loan applications whose outcome follows a known risk, so that we may ship them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

N = 6000


def main() -> None:
    """Writes the file beside this one; the same every time."""
    draw = np.random.default_rng(20260101)
    age = draw.integers(19, 76, N)
    sex = draw.choice(["female", "male"], N)
    job_years = np.minimum(draw.exponential(6, N).round(1), age - 18.0)
    income = np.exp(draw.normal(10.3 + 0.01 * np.minimum(age, 50), 0.45, N)).round(-2)
    loan = np.exp(draw.normal(9.0, 0.7, N)).round(-2)
    months = draw.choice([12, 24, 36, 48, 60], N)
    late = draw.poisson(np.where(draw.random(N) < 0.3, 2.2, 0.15))
    cards = draw.integers(0, 7, N)
    housing = draw.choice(["rent", "own", "mortgage", "with family"], N, p=[0.4, 0.2, 0.3, 0.1])
    purpose = draw.choice(["car", "home", "education", "debt", "business"], N, p=[0.3, 0.25, 0.1, 0.25, 0.1])
    burden = loan / months * 12 / income
    risk = -3.4 + 1.05 * late + 5.0 * burden - 0.09 * np.minimum(job_years, 12) - 0.6 * np.log(income / 40_000)
    risk += np.select([housing == "rent", housing == "own"], [0.35, -0.5]) + np.select(
        [purpose == "business", purpose == "debt"], [0.9, 0.5]
    )
    risk += 0.8 * ((cards >= 5) & (late > 0)) + np.where(age < 25, 0.5, 0.0)
    defaulted = draw.random(N) < 1 / (1 + np.exp(-1.5 * risk))
    gap = draw.random(N) < 0.06
    with (Path(__file__).parent / "applications.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(
            [
                "age",
                "sex",
                "job_years",
                "income",
                "loan",
                "months",
                "late_payments",
                "cards",
                "housing",
                "purpose",
                "outcome",
            ]
        )
        for i in range(N):
            job = "" if gap[i] else job_years[i]
            out.writerow([
                age[i], sex[i], job, int(income[i]), int(loan[i]), months[i], late[i], cards[i], housing[i],
                purpose[i], "defaulted" if defaulted[i] else "repaid",
            ])  # fmt: skip


if __name__ == "__main__":
    main()
