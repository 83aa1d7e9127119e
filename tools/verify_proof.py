"""Checks a Zhinan proof without Zhinan: python verify_proof.py PROOF.json|VERSION_DIR [--root HEX] [--json]

From the outcome of every sealed row it recomputes the root that was committed to before training, each count, bound and
verdict, and the error each opening may spend. Without the --root you were told beforehand, rows could be invented.
"""

import argparse
import hashlib
import json
import math
import re
import sys
from collections import Counter, defaultdict
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import NormalDist

UNITS = {"%": 0.01, "pt": 0.01, "ms": 0.001, "KB": 1e3, "MB": 1e6, "GB": 1e9}
COSTS = {"latency_p50", "latency_p95", "latency_p99", "throughput", "size", "memory", "energy", "cost"}
ASKED = ("metric", "k", "part", "args", "base", "relative", "op", "target")  # what a contract's line means
RATES = {  # of rows with truth t and answer a, for class c: which count, and which of those are hits
    "accuracy": (lambda t, a, c: True, lambda t, a, c: a == t),
    "subset_accuracy": (lambda t, a, c: True, lambda t, a, c: a == t),
    "recall": (lambda t, a, c: c in (None, t), lambda t, a, c: a == t),
    "precision": (lambda t, a, c: c in (None, a), lambda t, a, c: a == t),
    "f1": (lambda t, a, c: c in (t, a), lambda t, a, c: a == t),
    "specificity": (lambda t, a, c: t != c, lambda t, a, c: a != c),
    "fpr": (lambda t, a, c: t != c, lambda t, a, c: a == c),
    "selection_rate": (lambda t, a, c: True, lambda t, a, c: a == c),
}
NUMBERS = {  # of truth t, answer a and the ends of its interval: which rows are hits
    "within": lambda t, a, low, high, d: abs(a - t) <= d + 1e-9 * max(1.0, abs(t), abs(a)),
    "coverage": lambda t, a, low, high, d: low <= t <= high,
}
BLOCKS = "recomputed, but for blocks of rows in time, whose order is not shown: its bound is no nearer than without"
CANNOT = [
    "that the labels are right, or the sealed rows from where the product will be used",
    "that the answers are this version's: run it on the sealed rows to see",
    "that nobody tuned on the sealed rows by hand, or opened them out of this ledger's sight",
]


def need(right, what, line=""):
    if not right:
        raise ValueError(f"{line}: {what}".removeprefix(": "))


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def merkle_root(leaves):
    """RFC 6962: leaves are hashed behind 0x00, pairs behind 0x01; one without a partner moves up."""
    row = [hashlib.sha256(b"\x00" + canonical(one)).digest() for one in leaves]
    while len(row) > 1:
        pairs = [hashlib.sha256(b"\x01" + row[i] + row[i + 1]).digest() for i in range(0, len(row) - 1, 2)]
        row = pairs + row[len(row) - len(row) % 2 :]
    return row[0].hex()


def beta(a, b, x):
    """I_x(a, b): the chance of at least a hits in a + b - 1 draws at rate x. Continued fraction, DLMF 8.17.22."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta(b, a, 1 - x)
    front = math.exp(a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b))
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value, before, m = d, 0.0, 0
    while abs(value - before) > 1e-15 * value:
        before, m = value, m + 1
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            c, d = 1 + step / c, 1 / (1 + step * d)
            value *= c * d
    return front * value / a


def solve(reached, low, high):
    """Where `reached` turns true between two numbers."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


@cache
def student(degrees, tail):
    """The value that Student's t lies above with chance `tail`."""
    return solve(lambda t: beta(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2 <= tail, 0, 1e9)


def rate_bounds(hits, n, delta):
    """The rates at which so many hits, or so few, turn up with chance delta. Clopper & Pearson (1934)."""
    low = solve(lambda p: beta(hits, n - hits + 1, p) >= delta, 0, 1) if hits > 0 else 0.0
    high = solve(lambda p: beta(hits + 1, n - hits, p) >= 1 - delta, 0, 1) if hits < n else 1.0
    return low, high


class Rate:
    """The rows that a line, or one of its groups, counts: hits, and whose rows they are."""

    def __init__(self, chosen, name, label, rows, answers):
        (among, hit), truth, people = RATES[name], rows["truth"], rows.get("person")
        if not chosen or label not in (None, *(truth[i] for i in chosen)):
            chosen, people = [], None  # a class that never occurs is measured on nothing
        counted = [i for i in chosen if among(truth[i], answers[i], label)]
        self.hits = [hit(truth[i], answers[i], label) for i in counted]
        self.persons = counted if people is None else [people[i] or i for i in counted]  # nobody's row is its own
        self.n, self.counted = len(counted), {"hits": sum(self.hits), "n": len(counted)}
        self.value = sum(self.hits) / self.n if self.n else math.nan
        self.fit, self.known = len(set(self.persons)) >= 10, people is not None  # of fewer persons nothing is proved
        self.method = f"{'F1 of the overlap, ' * (name == 'f1')}Clopper–Pearson{' on the effective size' * self.known}"

    def flawless(self, delta, alike=1.0):
        """Independent rows these are worth without a miss: at most so many go unseen, were all in the heavy ones."""
        sizes = sorted(Counter(self.persons).values(), reverse=True)
        if len(sizes) == self.n:
            return self.n
        draws, logs, parts = 0.0, math.log(delta), [(1 + (m - 1) * alike, m) for m in sizes]
        for heavy, (weight, m) in enumerate(parts, 1):  # m rows are so many draws of that weight
            draws, logs = draws + m / weight, logs + m / weight * math.log(weight)
            level = math.exp(logs / draws)
            if heavy == len(parts) or level >= parts[heavy][0]:
                break
        return math.log(delta) / math.log1p(-math.fsum(m * (1 - level / w) for w, m in parts[:heavy]) / self.n)

    def alike(self):
        """How alike the rows of one person are, from 0 to 1; 1 where that is not known."""
        spread, several = self.value * (1 - self.value), {w: m for w, m in Counter(self.persons).items() if m > 1}
        if spread <= 1e-12 or not several:
            return 1.0
        right = Counter(who for who, hit in zip(self.persons, self.hits, strict=True) if hit)
        pairs = sum(m * (m - 1) for m in several.values())
        return max(1 - sum(right[w] * (m - right[w]) for w, m in several.items()) / pairs / spread, 0.0)

    @cache  # noqa: B019
    def size(self, delta):
        """Independent rows these are worth: n/deff, less where that is uncertain. Korn & Graubard (1998)."""
        n, rows, spread = self.n, Counter(self.persons), self.value * (1 - self.value)
        if len(rows) in (1, n) or spread <= 1e-12:
            return self.flawless(delta)
        sums, sides = defaultdict(float), (set(), set())
        for who, hit in zip(self.persons, self.hits, strict=True):
            sums[who] += hit - self.value
            sides[hit].add(who)

        def narrower(*degrees):  # of Student's t: known ones over those that few clusters leave
            known, few = (student(max(f, 1.0), min(delta, 0.25)) for f in degrees)
            return (known / few) ** 2

        drawn, fourth = math.fsum(m * m for m in rows.values()), math.fsum(m**4 for m in rows.values())
        worst, carried = max(1.0, drawn / n), min(drawn**2 / fourth, len(rows))
        variance = len(rows) / (len(rows) - 1) * math.fsum(s * s for s in sums.values()) / n**2
        deff = max(1.0, variance / (spread / (n - 1)), 1 + (worst - 1) * self.alike())
        alone = n / max(worst, deff) * narrower(len(rows) / 2, carried / 2)
        return min(max(n / deff * narrower(n - 1, min(*map(len, sides), carried) / 2), alone), n)

    def extremes(self, delta):
        """How low and how high the rate may be for misses, or hits, that heavy persons hide on top of those seen."""
        unseen = 0.0 if len(set(self.persons)) == self.n else 1 - delta ** (1 / self.flawless(delta, self.alike()))
        return self.value * (1 - unseen), self.value + (1 - self.value) * unseen

    def bounds(self, delta):
        """On what the rows are worth, and at least as far as what is hidden may bring the rate."""
        n = self.size(delta)
        bounds = rate_bounds(sum(self.hits) if n == self.n else self.value * n, n, delta)
        return [choose(pair) for choose, *pair in zip((min, max), bounds, self.extremes(delta), strict=True)]


class Gap:
    """The largest difference of a rate between groups; small only if it is for every ordered pair of them."""

    def __init__(self, groups):
        values = [one.value for one in groups]
        self.groups, self.n, self.fit = groups, sum(one.n for one in groups), all(one.fit for one in groups)
        self.value = math.nan if any(map(math.isnan, values)) else max(values) - min(values)
        self.counted, self.method = {"groups": [one.counted for one in groups]}, "every pair, Miettinen–Nurminen"
        self.people = len({who for one in groups for who in one.persons})

    def bounds(self, delta):
        pairs = [(one, two) for one in self.groups for two in self.groups if one is not two]
        if math.isnan(self.value):
            return 0.0, 1.0
        lower = -min(self.upper(*pair, delta / len(pairs)) for pair in pairs)  # of some pair
        return max(0.0, lower), max(self.upper(*pair, delta) for pair in pairs)

    def upper(self, one, two, delta):
        """Of p1 - p2, at least as far as what goes unseen in one of the groups may bring it."""
        n1, n2, errors = one.size(delta), two.size(delta), defaultdict(float)
        for group, sign in ((one, 1), (two, -1)):
            for who, hit in zip(group.persons, group.hits, strict=True):
                errors[who] += sign * (hit - group.value) / group.n  # a person may be in both groups
        alone = one.value * (1 - one.value) / n1 + two.value * (1 - two.value) / n2
        together = math.fsum(e * e for e in errors.values()) * self.people / max(self.people - 1, 1)
        factor = max(1.0, together / alone) if alone > 0 and one.known else 1.0
        (low, _), (_, high) = two.extremes(delta), one.extremes(delta)
        score = self.apart(one.value, max(n1 / factor, 1.0), two.value, max(n2 / factor, 1.0), delta)
        return max(score, one.value - low, high - two.value)

    @staticmethod
    def apart(rate1, n1, rate2, n2, delta):
        """Of p1 - p2: Miettinen & Nurminen (1985), skewness as Gart & Nam (1990); at most 1 - p2 and at most p1."""
        n, x2, x = n1 + n2, rate2 * n2, rate1 * n1 + rate2 * n2
        z, observed = NormalDist().inv_cdf(1 - delta), rate1 - rate2

        def excluded(gap):  # were the difference `gap`, what was seen would be too far below it
            b, c = (n1 + 2 * n2) * gap - n - x, (n2 * gap - n - 2 * x2) * gap + x
            q = b**3 / (3 * n) ** 3 - b * c / (6 * n**2) + x2 * gap * (1 - gap) / (2 * n)
            p = math.copysign(math.sqrt(max(b**2 / (3 * n) ** 2 - c / (3 * n), 0)), -1 if q < 0 else 1)
            angle = math.acos(max(-1, min(1, q / p**3))) if abs(p) > 1e-9 else 0
            p2 = min(max(2 * p * math.cos((math.pi + angle) / 3) - b / (3 * n), 0, -gap), 1, 1 - gap)
            p1 = min(max(p2 + gap, 0), 1)
            v1, v2 = p1 * (1 - p1) / n1, p2 * (1 - p2) / n2
            step = 0.5 * (v1 / n1 + v2 / n2) / (v1 + v2) if v1 + v2 > 0 else 0.5 / max(n1, n2)
            deviation, third = math.sqrt((v1 + v2) * n / (n - 1)), v2 * (1 - 2 * p2) / n2 - v1 * (1 - 2 * p1) / n1
            skew = third / deviation**3 if deviation**3 > 1e-200 else 0
            return gap - observed - step > (z + max((z * z - 1) * skew / 6, 0)) * deviation

        least, most = rate_bounds(x2, n2, delta)[0], rate_bounds(rate1 * n1, n1, delta)[1]
        return min(solve(excluded, observed, 1), 1 - least, most)


def recount(line, rows):
    """What a line counts, or why that cannot be told from the rows."""
    (label, column, value, under), args = line["part"] or (None,) * 4, dict(line["args"])
    by, metric, label = args.get("by"), args.get("of", line["metric"]), args.get("part", label)
    if (
        any((line["relative"], line["k"]))
        or not {metric, line["metric"]} <= {*RATES, *NUMBERS, "gap"}
        or metric in ("gap", "f1" if by else "gap")
        or (metric == "coverage" and under)
        or (rows.get("several") and label is None and metric != "subset_accuracy")
    ):
        return "not a count of right and wrong answers known here"
    names = [by] if by in rows["columns"] else by.split("*") if by else []
    if any(name not in rows["columns"] for name in [*names, *([] if column is None else [column])]):
        return "its column is not shown"
    answers = rows["answer"] if under is None else rows["under"][under]
    if rows.get("several") and label is not None:  # a label's rows against all others
        known = [[label if label in json.loads(text) else None for text in one] for one in (rows["truth"], answers)]
        rows, answers = {**rows, "truth": known[0]}, known[1]
    if metric in NUMBERS:
        ends = zip(*(map(float, one) for one in (rows["truth"], answers, rows["low"], rows["high"])), strict=True)
        answers = ["in" if NUMBERS[metric](*end, args.get("distance")) else "out" for end in ends]
        rows, metric, label = {**rows, "truth": ["in"] * len(answers)}, "accuracy", None
    chosen, groups = [], defaultdict(list)
    for i in range(len(answers)):
        if column is None or rows["columns"][column][i] == value:
            chosen.append(i)
            groups[" × ".join(rows["columns"][name][i] for name in names)].append(i)
    if not by or len(groups) < 2 or label not in (None, *(rows["truth"][i] for i in chosen)):
        return Rate([] if by else chosen, metric, label, rows, answers)
    return Gap([Rate(groups[name], metric, label, rows, answers) for name in sorted(groups)])


def check_line(line, proof, lines):
    """Refuses a line whose words, error, count, bound or verdict do not hold together; tells how that is known."""
    verdict, op, target, opening, name = (line[key] for key in ("verdict", "op", "target", "opening", "line"))

    def same(said, found):
        return said is None if math.isnan(found) else said is not None and math.isclose(said, found, abs_tol=1e-8)

    def holds(bound):
        return bound is not None and (bound >= target if op == ">=" else bound <= target)

    words = (str(one) for one in (line["metric"], *line["part"], *dict(line["args"]).values()) if one is not None)
    need(all(word.replace("\\", "") in name.replace("\\", "") for word in words), "what it is about", name)
    if line["relative"] is None:
        number, unit = re.fullmatch(rf".* {op} ([0-9.]+) ?(.*)", name).groups()
        need(same(target, float(number) * UNITS.get(unit, 1)), "the target", name)
    total, plan = 1 - proof["confidence"], proof["meaning"]["proof"]["openings"]
    outside = opening is not None and "override" in proof["ledger"] and opening == proof["ledger"]["opening"]
    need((line["on"] == "measured") == (line["metric"] in COSTS), "where it was judged", name)
    need((line["on"] == "sealed") == (opening is not None and opening >= 1), "its opening", name)
    need(outside or (opening or 0) <= (plan or math.inf), "its opening", name)
    granted = total if opening is None or outside else total / plan if plan else math.ldexp(total, 1 - 2 * opening)
    need(math.isclose(line["delta"], granted, rel_tol=1e-9), "the error it may spend", name)
    need(verdict != "PROVED" or (line["on"] != "dev" and not outside), "PROVED where nothing can be", name)
    found = recount(line, proof["sealed"]) if line["on"] == "sealed" else f"judged on {line['on']} data"
    if isinstance(found, str):
        right = holds(line["bound"]) and (line["on"] == "fresh" or holds(line["value"]))
        need({"PROVED": right, "REFUTED": not holds(line["bound"])}.get(verdict, True), "verdict", name)
        return f"trusted: {found}"
    method, blocks = re.fullmatch("(.*?)(, in [0-9,]+ blocks of [0-9,]+ rows by time)?", line["method"] or "").groups()
    need((line["counted"], line["n"], method) == (found.counted, found.n, found.method), "its count", name)
    of = (lambda hits: 2 * hits / (1 + hits)) if line["metric"] == "f1" else float  # F1 rises with the share of hits
    need(same(line["value"], of(found.value)), "its value", name)
    bounds = [[*map(of, found.bounds(line["delta"] / some))] for some in (1, lines)]
    proves, refutes = (bounds[0][0], bounds[1][1]) if op == ">=" else (bounds[0][1], bounds[1][0])
    expected = "PROVED" if found.fit and holds(proves) else ("REFUTED", "UNDECIDED")[holds(refutes) or not found.fit]
    capped = expected == "PROVED" and (outside or line["kept"] in ("UNDECIDED", "REFUTED"))
    if blocks:  # in an order that is not shown: they only move bounds away, and may be too few
        bound, far = line["bound"], max if (op == ">=") == (verdict == "REFUTED") else min
        nearest = refutes if verdict == "REFUTED" else proves
        need(bound is None or same(bound, far(bound, nearest)), "its bound", name)
        decided = bound is not None and not capped and verdict == expected and holds(bound) == (verdict == "PROVED")
        need(decided or verdict == "UNDECIDED", "its verdict", name)
        return BLOCKS
    need(same(line["bound"], refutes if expected == "REFUTED" else proves), "its bound", name)
    need(verdict == ("UNDECIDED" if capped else expected), "its verdict", name)
    return "recomputed"


def check_rows(proof, root):
    """Refuses rows other than those that were committed to, and a commitment other than the one in the audit."""
    said, rows, entry = proof["commitment"], proof["sealed"], proof["commitment"]["entry"]
    fields = ("product", "seq", "at", "who", "action", "number", "why", "stages", "previous")
    chain, why = hashlib.sha256(canonical([entry[name] for name in fields])), json.loads(entry["why"])
    need(chain.hexdigest() == entry["hash"] == said["audit"], "the audit's hash")
    held = entry["action"], entry["product"], why["root"], why["rows"]
    need(held == ("commit", proof["product"], said["root"], said["rows"]), "the audit's entry")
    need(abs(datetime.fromisoformat(said["at"]).timestamp() - entry["at"]) < 1, "when it was committed to")
    need(root in (None, said["root"]), f"the root: expected {root}, this proof has {said['root']}")
    if rows is None:
        return  # the seal stayed closed
    ids, roots = rows["rows"], dict(said["hidden"])
    need(len(ids) == said["rows"] and sorted(set(ids)) == ids, "the number of rows")
    need({len(rows["answer"]), *map(len, rows.get("under", {}).values())} == {len(ids)}, "the number of answers")
    for name, values in rows["columns"].items():
        roots[name] = merkle_root([["cell", said["keys"][name], *cell] for cell in zip(ids, values, strict=True)])
    people = rows.get("person", [None] * len(ids))
    base = merkle_root([["row", *row] for row in zip(ids, rows["truth"], people, strict=True)])
    branches = [["rows", base, len(ids)], *(["column", name, roots[name]] for name in sorted(roots))]
    need(merkle_root(branches) == said["root"], "the rows: they are not those that were committed to")


def check(proof, root=None):
    """Every line with how it is known; any error says why the proof is refused."""
    meaning, ledger, verdicts = proof["meaning"], proof["ledger"], proof["verdicts"]
    lines, order = [*verdicts, *proof["should"]], ("REFUTED", "UNDECIDED", "PROVED")
    rest = hashlib.sha256(canonical({key: value for key, value in proof.items() if key != "digest"}))
    need((proof["format"], proof["digest"]) == (2, rest.hexdigest()), "the format, or the digest of the file")
    asked = hashlib.sha256(json.dumps(meaning, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    said, same = ([one[key] for key in ("product", "confidence")] for one in (meaning, proof))
    need((asked, said) == (proof["contract"], same), "the contract, or its hash")
    for part, some in (("must", verdicts), ("should", proof["should"])):
        need(sorted(canonical([o[k] for k in ASKED]) for o in some) == sorted(map(canonical, meaning[part])), part)
    latest = max((one["opening"] or 0 for one in lines), default=0)
    spent = {one["delta"] for one in lines if one["opening"] == latest}
    need(proof["outcome"] == order[min(order.index(one["verdict"]) for one in verdicts)], "the outcome")
    need((ledger["opening"] or 0) == latest and spent <= {ledger["delta"]}, "the ledger")
    if root or proof["commitment"] or proof["sealed"]:
        check_rows(proof, root)
    return [{"line": o["line"], "verdict": o["verdict"], "checked": check_line(o, proof, len(verdicts))} for o in lines]


def verify(path, root=None):
    """What is known of the proof in a file, or in a version's folder, whose manifest then vouches for the file."""
    try:
        content = (Path(path, "proof.json") if Path(path).is_dir() else Path(path)).read_bytes()
        proof = json.loads(content)
        need(content.decode() == json.dumps(proof, ensure_ascii=False, indent=1) + "\n", "how it is written")
        if Path(path).is_dir():
            listed = json.loads(Path(path, "manifest.json").read_bytes())["files"]["proof.json"]["sha256"]
            need(listed == hashlib.sha256(content).hexdigest(), "the manifest's hash of it")
        more = [] if root else ["that the rows were not made up later: give --root, as you were told it beforehand"]
        return {"ok": True, "lines": check(proof, root), "cannot_show": [*more, *CANNOT]}
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, RecursionError) as error:
        return {"ok": False, "problem": f"{type(error).__name__}: {error}", "lines": []}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("proof")
    parser.add_argument("--root", help="the root you were told before the version was made")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    told = verify(given.proof, given.root and given.root.strip().lower())
    end = f"It cannot show {'; '.join(told.get('cannot_show', ()))}." if told["ok"] else f"REFUSED  {told['problem']}"
    shown = [f"{row['verdict']:<10} {row['line']:<40} {row['checked']}" for row in told["lines"]]
    print(json.dumps(told) if given.json else "\n".join([*shown, end]))
    sys.exit(not told["ok"])
