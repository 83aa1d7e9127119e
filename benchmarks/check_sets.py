"""`zhinan check` on every shared public data set: a contract for each, the time it takes and what it finds.

    python benchmarks/check_sets.py [NAME …] [--pages FOLDER]

Each set's files stand in a temporary folder beside a product.yaml while it is looked at.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"

CONTRACTS: dict[str, str] = {
    "banking77": "source: train.csv\n  test: test.csv\n  inputs: {text: text}\n  target: label",
    "clinc150": "source: train.csv\n  test: test.csv\n  inputs: {text: text, domain: category}\n  target: label",
    "sst2": "source: train.csv\n  test: test.csv\n  target: label",
    "waimai_10k": "source: train.csv\n  test: test.csv\n  target: label",
    "chnsenticorp_htl": "source: train.csv\n  test: test.csv\n  target: label",
    "thucnews_titles": "source: train.csv\n  test: test.csv\n  target: label",
    "bank_faq_en": "source: faq.csv\n  inputs: {question: text}\n  target: category",
    "bitext_customer_service": "source: train.csv\n  test: test.csv\n  target: label",
    "insurance_faq_zh": "source: pairs_train.csv\n  test: pairs_test.csv\n  target: label",
    "app_reviews_maalej": "source: train.csv\n  test: test.csv\n  target: label",
    "app_reviews_versions": "source: reviews.csv\n  target: rating",
    "amazon_alexa_reviews": "source: reviews.csv\n  target: feedback\n  time: date",
    "movielens_100k": "source: ratings.csv\n  target: rating",
    "pima_diabetes": "source: train.csv\n  test: test.csv\n  target: outcome",
    "german_credit": "source: train.csv\n  test: test.csv\n  target: target",
    "taiwan_credit_default": "source: train.csv\n  test: test.csv\n  target: default",
    "vehicle_insurance_fraud": "source: train.csv\n  test: test.csv\n  target: FraudFound_P",
    "dialogsum": "source: train.csv\n  inputs: {dialogue: text}\n  target: summary",
    "csl_title_zh": "source: train.csv\n  test: test.csv\n  inputs: {abstract: text}\n  target: title",
    "tatoeba_en_zh": "source: train.csv\n  test: test.csv\n  inputs: {en: text}\n  target: zh",
    "fashion_mnist": "source: train.npz\n  test: test.npz\n  target: label",
    "cifar10_subset": "source: train\n  test: test",
    "cats_dogs": "source: train\n  test: test",
    "pneumonia_mnist": "source: train.npz\n  test: test.npz\n  target: label",
    "bccd_detection": "source: train.json\n  test: test.json\n  target: label",
    "spoken_digits_fsdd": "source: metadata.csv\n  inputs: {path: audio}\n  target: label\n  person: speaker",
    "mvsa_image_text": "source: train.csv\n  test: test.csv\n  target: label",
}
"""Data set → the data section of its contract."""


def product(name: str, folder: Path) -> Path:
    """A folder with the set's files and a product.yaml; gives the path of that."""
    place = folder / name
    place.mkdir(parents=True)
    for file in (DATA / name).iterdir():
        if file.suffix in {".csv", ".json", ".npz"}:
            shutil.copy(file, place / file.name)
        elif file.is_dir():
            shutil.copytree(file, place / file.name)
    path = place / "product.yaml"
    path.write_text(f"product: {name}\ndata:\n  {CONTRACTS[name]}\nmust:\n  - accuracy >= 60%\n", encoding="utf-8")
    return path


def main() -> None:
    """Checks the sets asked for, prints what is found, and keeps the pages where asked."""
    from zhinan.core import UserError
    from zhinan.engine import check

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(CONTRACTS))
    parser.add_argument("--pages", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in asked.names:
            path = product(name, Path(folder))
            begun, cpu = time.perf_counter(), time.process_time()
            try:
                checked = check(path)
            except UserError as error:
                print(f"== {name}: {error.text()}")
                continue
            told = f"{time.perf_counter() - begun:.1f} s, {time.process_time() - cpu:.1f} core-s"
            print(f"== {name}: {checked.data['rows']:,} rows, {told}")
            if asked.pages:
                asked.pages.mkdir(parents=True, exist_ok=True)
                (asked.pages / f"{name}.html").write_bytes(checked.page(time.strftime("%Y-%m-%d %H:%M")))
            for finding in checked.findings:
                print(f"   {finding.damage} {finding.code}: {finding.what.en}")
                for shown in finding.examples[:3]:
                    print(f"       {shown[:110]}")


if __name__ == "__main__":
    main()
