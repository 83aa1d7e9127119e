"""Makes claims.csv: invented insurance claims over two years, a few of them fraud, whose habits drift a little."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

N = 9000
BEGIN = datetime(2024, 1, 1)


def main() -> None:
    """Writes the file beside this one; the same every time."""
    draw = np.random.default_rng(20260102)
    days = np.sort(draw.uniform(0, 730, N))
    waited = draw.exponential(9, N)
    amount = np.exp(draw.normal(7.6, 0.8, N)).round(0)
    age = np.clip(draw.gamma(3, 12, N) + 18, 18, 90).round(0)
    vehicle_age = draw.integers(0, 16, N)
    earlier = draw.poisson(0.5, N)
    policy_months = draw.exponential(30, N).round(0)
    witness, police = draw.random(N) < 0.3, draw.random(N) < 0.4
    fault = draw.choice(["own", "other", "unclear"], N, p=[0.5, 0.35, 0.15])
    channel = draw.choice(["agent", "web", "phone"], N, p=[0.5, 0.3, 0.2])
    region = draw.choice(["north", "south", "east", "west"], N)
    risk = -5.1 + 0.9 * np.log(amount / 2000) + 1.2 * (policy_months < 3) + 0.7 * np.minimum(earlier, 3)
    risk += 1.4 * (~witness & ~police) + 0.9 * (fault == "own") + 0.04 * np.minimum(waited, 40)
    risk += 1.3 * ((vehicle_age > 10) & (amount > 4000)) + 0.5 * (channel == "web") * (days > 365)
    fraud = draw.random(N) < 1 / (1 + np.exp(-1.25 * risk))
    with (Path(__file__).parent / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(
            [
                "happened_at",
                "reported_at",
                "amount",
                "age",
                "vehicle_age",
                "earlier_claims",
                "policy_months",
                "witness",
                "police_report",
                "fault",
                "channel",
                "region",
                "fraud",
            ]
        )
        for i in range(N):
            happened = BEGIN + timedelta(days=float(days[i]))
            reported = happened + timedelta(days=float(waited[i]))
            out.writerow([
                *(f"{at:%Y-%m-%d %H:%M}" for at in (happened, reported)), int(amount[i]), int(age[i]), vehicle_age[i],
                earlier[i], int(policy_months[i]), *("yes" if one else "no" for one in (witness[i], police[i])),
                fault[i], channel[i], region[i], "fraud" if fraud[i] else "honest",
            ])  # fmt: skip


if __name__ == "__main__":
    main()
