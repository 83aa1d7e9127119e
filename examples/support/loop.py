"""The whole life of a product in a minute: built, served, decayed, improved, refused, rolled back, and made to forget.

Simulated customers ask a running service and correct it. One day a new kind of question appears, and the live version
decays. Nothing here runs on a timer: the alarm, the labels, the challenger and its promotion follow from what was said.

    python examples/support/loop.py            # prints the timeline, writes loop.svg
"""

from __future__ import annotations

import http.client
import json
import random
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from zhinan.contract import Contract, load
from zhinan.engine import build
from zhinan.engine.labelling import Desk
from zhinan.improve.improving import Improvement, improve
from zhinan.improve.monitors import monitors
from zhinan.improve.traffic import SETTLED
from zhinan.store import Store

FLOOR = 0.8
CONTRACT = """\
product: support-loop
goal: Send every message to the team that can solve it.
data: {source: messages.csv, inputs: {message: text, channel: category}, target: team, person: customer}
must: [accuracy >= 80%]
improve: {per_person_cap: 20}
budget: 1 min
"""
KNOWN = {
    "cards": ("lost my card", "card was stolen", "block my card", "卡丢了"),
    "access": ("cannot log in", "wrong password", "account is locked", "登录不了"),
    "parcels": ("where is my parcel", "it has not arrived", "delivery is late", "快递没到"),
    "refunds": ("refund please", "want my money back", "charged twice", "退款"),
}
NEW = {
    "cards": ("phone wallet shows no plastic", "tap to pay declined"),
    "access": ("passkey prompt loops", "authenticator codes rejected"),
    "parcels": ("locker will not open", "drone left it on a roof"),
    "refunds": ("instalment plan ran double", "gift voucher burnt wrongly"),
}
FILLER = (
    "please",
    "today",
    "again",
    "since monday",
    "谢谢",
    "urgent",
    "on my phone",
    "for my sister",
    "hello",
    "after the update",
)
DAY, DAYS = 150, 20
MARKS = {
    "alarm": "ALARM",
    "promoted": " promoted ",
    "refused": " kept ",
    "rolled back": "to see that",
    "forgotten": "is forg",
}
"""Words of the picture, and by what in the timeline their day is known."""
LEAVER = "customer1"
"""Who asks to be forgotten in the end: a row of the data, and a question and a correction each day."""


class Town:
    """Customers, who know what their questions are about. `share` of these are of the new kind."""

    def __init__(self, seed: int = 0) -> None:
        self._draw, self.share, self.truth, self._people = random.Random(seed), 0.0, dict[str, str](), 0

    def question(self) -> dict[str, str]:
        """One that nobody asked before."""
        while True:
            team = self._draw.choice(list(KNOWN))
            kinds = NEW if self._draw.random() < self.share else KNOWN
            words = [self._draw.choice(FILLER) for _ in range(3)]
            words.insert(self._draw.randrange(4), self._draw.choice(kinds[team]))
            message = f"{' '.join(words)} {self._draw.choice('abcdefghk')}{self._draw.randrange(100)}"
            if self.truth.setdefault(message, team) == team:
                return {"message": message, "channel": self._draw.choice(("app", "web"))}

    def customer(self) -> str:
        """Somebody who has not spoken yet."""
        self._people += 1
        return f"customer{self._people}"


class Service:
    """`zhinan serve` beside us, and a crowd that never stops asking it: `failed` counts answers that did not come."""

    def __init__(self, product: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._port = port
        command = [sys.executable, "-m", "zhinan", "serve", str(product), "--port", str(port), "-q"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.asked = self.failed = 0
        self._over = threading.Event()
        self._crowd = threading.Thread(target=self._press, daemon=True)
        while not self._ready():
            if self._process.poll() is not None:
                raise RuntimeError("the service did not start")
            time.sleep(0.1)

    def _ready(self) -> bool:
        try:
            self.call("/readyz", None)
        except OSError:
            return False
        return True

    def call(self, path: str, body: Any) -> Any:
        """One request. Raises: OSError when it is not answered, or not with what was asked for."""
        return next(self.calls([(path, body)]))

    def calls(self, asked: Iterable[tuple[str, Any]]) -> Iterator[Any]:
        """Requests on one connection, each made when the one before was answered. Raises: as `call`."""
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            for path, body in asked:
                if body is None:
                    line.request("GET", path)
                else:
                    line.request("POST", path, json.dumps(body).encode(), {"content-type": "application/json"})
                answer = line.getresponse()
                told = json.load(answer)
                if answer.status >= 400:
                    raise OSError(f"{answer.status}: {told}")
                yield told
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            line.close()

    def press(self) -> None:
        """Lets the crowd in: questions that were asked before, some a second, until the end."""
        self._crowd.start()

    def _press(self) -> None:
        row = {"message": "hello crowd", "channel": "web"}
        while not self._over.wait(0.05):
            self.asked += 1
            try:
                self.call("/predict", {"inputs": [row]})
            except OSError:
                self.failed += 1

    def close(self) -> None:
        """Ends the crowd and the service."""
        self._over.set()
        if self._crowd.is_alive():
            self._crowd.join()
        self._process.terminate()
        self._process.wait(30)


class Story:
    """What happened, day by day."""

    def __init__(self, folder: Path, *, quiet: bool = False) -> None:
        self.folder, self.quiet, self.day = folder, quiet, 0
        self.lines: list[tuple[int, str]] = []
        self.right: list[tuple[int, int, float]] = []

    def tell(self, text: str) -> None:
        """A line of the timeline."""
        self.lines.append((self.day, text))
        if not self.quiet:
            print(f"day {self.day:>2}  {text}", flush=True)

    def run(self) -> dict[str, Any]:
        """The whole story; what it came to."""
        contract, town = self._founded()
        built = build(contract, until="shallow")
        self.tell(f"built @{built.version}: {built.outcome}, {built.stage}")
        service = Service(contract.path)
        try:
            service.press()
            found = self._lived(contract, town, service)
            found |= self._attacked(contract, town, service)
            found |= self._rolled_back(contract, town, service)
            found |= self._forgotten(contract, service)
        finally:
            service.close()
        self.tell(f"under load all along: {service.asked:,} requests of the crowd, {service.failed} failed")
        self.draw(self.folder / "loop.svg")
        return {**found, "asked": service.asked, "failed": service.failed, "timeline": self.lines}

    def _founded(self) -> tuple[Contract, Town]:
        town = Town()
        rows = [town.question() for _ in range(420)]
        lines = [f"{row['message']},{row['channel']},{town.truth[row['message']]},{town.customer()}" for row in rows]
        (self.folder / "messages.csv").write_text("\n".join(["message,channel,team,customer", *lines, ""]), "utf-8")
        (self.folder / "product.yaml").write_text(CONTRACT, "utf-8")
        return load(self.folder / "product.yaml"), town

    def _lived(self, contract: Contract, town: Town, service: Service) -> dict[str, Any]:
        """Days pass. From the second on more and more is new; an alarm makes somebody label, then `improve` tries."""
        alarm = proved = None
        for _ in range(DAYS):
            town.share = min(0.6, 0.3 * self.day)
            self._day(town, service)
            watched = self._alarms(contract)
            if watched and proved is None:
                if alarm is None:
                    alarm = self.day
                    self.tell(f"ALARM: {watched[0]} no longer holds")
                self.tell(f"somebody labels {self._labelled(contract, town)} questions that the sealed queue asks for")
                found = self._improved(contract)
                proved = self.day if found.decision == "promoted" else None
            elif proved is not None and self.day > proved:
                self.tell("the contract holds again" if not watched else "the alarm is still on")
                return {"alarm": alarm, "promoted": proved, "holds": not watched}
        return {"alarm": alarm, "promoted": proved, "holds": False}

    def _day(self, town: Town, service: Service) -> float:
        """A day's questions, each of a customer who says what would have been right.

        Returns: the share that was right, of the version that answered most.
        """
        self.day += 1
        rows = [town.question() for _ in range(DAY)]
        right = self._corrected(service, rows, [LEAVER, *(town.customer() for _ in rows[1:])], town.truth)
        for version, found in sorted(right.items()):
            share = sum(found) / len(found)
            self.right.append((self.day, version, share))
            self.tell(f"@{version} answers {share:.0%} of {len(found)} right, {town.share:.0%} of them new")
        most = max(right.values(), key=len)
        return sum(most) / len(most)

    def _corrected(
        self, service: Service, rows: list[dict[str, str]], people: list[str], said: Mapping[str, str]
    ) -> dict[int, list[bool]]:  # fmt: skip
        """Each asks and then says what would be right: whether it was, by the version that answered."""
        asked = [{"inputs": [row], "person": who} for row, who in zip(rows, people, strict=True)]
        told = [
            {**one["outputs"][0], "by": one["version"]} for one in service.calls(("/predict", body) for body in asked)
        ]
        words = [
            {"event_id": uuid.uuid4().hex, "prediction_id": one["id"], "person": who, "label": said[row["message"]]}
            for row, one, who in zip(rows, told, people, strict=True)
        ]
        list(service.calls(("/feedback", word) for word in words))
        right: dict[int, list[bool]] = {}
        for one, word in zip(told, words, strict=True):
            right.setdefault(one["by"], []).append(one["label"] == word["label"])
        return right

    def _alarms(self, contract: Contract) -> list[str]:
        time.sleep(SETTLED)  # feedback counts once the prediction that it is about is surely on disk
        with Store(contract.root / ".zhinan") as store:
            return [one.line for one in monitors(contract, store) if one.alarm]

    def _labelled(self, contract: Contract, town: Town) -> int:
        with Store(contract.root / ".zhinan") as store:
            desk = Desk(contract, store, "mei")
            path = self.folder / "queue.csv"
            asked = [item for item in desk.waiting("sealed") if item.inputs["message"] in town.truth]
            told = [f"{item.row},sealed,{town.truth[item.inputs['message']]}" for item in asked]
            path.write_text("row,for,label\n" + "\n".join(told) + "\n", "utf-8")
            return desk.take(path)["new"]

    def _improved(self, contract: Contract) -> Improvement:
        found = improve(contract, budget=60)
        taught = found.taught
        self.tell(f"improve: {taught['used']} of {taught['rows']} words teach; set aside {taught['quarantined']}")
        if found.paired:
            paired = found.paired
            gain, least = 100 * paired["value"], 100 * paired["bound"]
            self.tell(f"paired proof: {paired['claim']}, {gain:+.1f} pt (≥ {least:+.1f}) on {paired['n']} sealed rows")
        for one in found.named[:2]:
            self.tell(f"named: {one['person']}: {one['why']['en']}")
        self.tell(f"@{found.challenger} {found.decision} over @{found.champion}: {found.why.en}; {found.outcome}")
        return found

    def _attacked(self, contract: Contract, town: Town, service: Service) -> dict[str, Any]:
        """One person sends lies, two hundred of them: the challenger is refused."""
        teams = list(KNOWN)
        rows = [town.question() for _ in range(200)]
        lies = {row["message"]: teams[(teams.index(town.truth[row["message"]]) + 1) % len(teams)] for row in rows}
        self._corrected(service, rows, ["mallory"] * len(rows), lies)
        self.tell(f"mallory corrects {len(rows)} answers, all wrongly")
        found = self._improved(contract)
        return {"refused": found.decision == "kept", "named": [one["person"] for one in found.named]}

    def _rolled_back(self, contract: Contract, town: Town, service: Service) -> dict[str, Any]:
        """Somebody wants the version before back. It decays again on the day's questions, so it is undone."""
        back, seconds = self._swapped(contract, service, "to see that one can")
        if self._day(town, service) < FLOOR:
            self._swapped(contract, service, "it no longer knows what people ask")
        return {"rolled_back": back, "seconds": seconds}

    def _swapped(self, contract: Contract, service: Service, why: str) -> tuple[int, float]:
        """The version before, live again: its number, and after how many seconds every worker answers with it."""
        with Store(contract.root / ".zhinan") as store:
            stages = store.stages(contract.product)
            start = time.perf_counter()
            live = store.rollback(
                contract.product, revision=stages.revision, who="mei", why=why, leaving=stages.live
            ).live
        if live is None:
            raise RuntimeError("nothing is live")
        row = {"message": "card was stolen", "channel": "web"}
        while any(service.call("/predict", {"inputs": [row]})["version"] != live for _ in range(12)):
            time.sleep(0.05)  # each asks on a connection of its own, which any worker may take
        seconds = time.perf_counter() - start
        self.tell(f"rolled back to @{live}, which answers after {seconds:.1f} s: {why}")
        return live, seconds

    def _forgotten(self, contract: Contract, service: Service) -> dict[str, Any]:
        """A customer asks to be forgotten: every version that knew them goes, once one that does not is live."""
        receipt = self._command("forget", str(contract.path), LEAVER)
        erased, made = receipt["erased"], receipt["retrained"]
        gone = ", ".join(f"@{number}" for number in receipt["versions"]["deleted"])
        self.tell(f"{LEAVER} is forgotten: {erased['rows']} rows, {erased['feedback']} words, versions {gone}")
        self.tell(f"retrained without them: @{made['version']}, {made['outcome']}")
        for held in receipt["files"]:
            path = self.folder / held["file"]
            lines = path.read_text("utf-8").splitlines(keepends=True)
            path.write_text("".join(line for at, line in enumerate(lines, 1) if at not in held["lines"]), "utf-8")
        verified = self._command("forget", str(contract.path), "--verify", receipt["path"])
        live = service.call("/contract", None)["version"]
        self.tell(f"the receipt is on record; @{live} answers")
        folders = sorted(int(one.name) for one in (contract.root / ".zhinan" / "versions" / contract.product).iterdir())
        return {"receipt": receipt, "verified": verified["ok"], "answers": live, "left": folders}

    def _command(self, *words: str) -> dict[str, Any]:
        """What a command of `zhinan` prints as JSON."""
        command = [sys.executable, "-m", "zhinan", *words, "--json", "-q"]
        done = subprocess.run(command, check=False, capture_output=True)
        if done.returncode:
            said = (done.stdout + done.stderr).decode("utf-8", "replace")
            raise RuntimeError(f"zhinan {words[0]} ended with {done.returncode}: {said}")
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def draw(self, path: Path) -> None:
        """The picture: how often each day's answers were right, against the floor."""
        wide, high, last = 640, 240, max(self.day, 2)

        def at(day: float, share: float) -> tuple[float, float]:
            return 40 + (wide - 60) * (day - 1) / (last - 1), 20 + (high - 50) * (1 - (share - 0.4) / 0.6)

        def line(x: tuple[float, float], y: tuple[float, float], more: str) -> str:
            return f'<line x1="{x[0]:.1f}" y1="{y[0]:.1f}" x2="{x[1]:.1f}" y2="{y[1]:.1f}" {more}/>'

        def text(x: float, y: float, word: str, more: str = "") -> str:
            return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{word}</text>'

        floor = at(1, FLOOR)[1]
        marks = [line((40, wide - 20), (floor, floor), 'stroke="#c33" stroke-dasharray="4"')]
        marks.append(text(42, floor - 4, f"accuracy &gt;= {FLOOR:.0%}", 'fill="#c33"'))
        points = [(*at(day, max(share, 0.4)), version) for day, version, share in self.right]
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
        marks.append(f'<polyline points="{way}" fill="none" stroke="#258" stroke-width="2"/>')
        for x, y, version in points:
            marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#258"><title>@{version}</title></circle>')
        for day, told in self.lines:
            for place, (word, sign) in enumerate(MARKS.items()):
                if sign in told:
                    x = at(day, 1)[0]
                    marks.append(line((x, x), (14, high - 30), 'stroke="#999"'))
                    marks.append(text(x - 4, high - 36 - 12 * place, word, 'text-anchor="end"'))
        marks.append(text(wide / 2, high - 4, "day", 'text-anchor="middle"'))
        box = f'viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="11"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
        path.write_text("\n".join([head, *marks, "</svg>", ""]), "utf-8")


def main() -> None:
    """Runs the story in a folder of its own."""
    start = time.perf_counter()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(mkdtemp(prefix="zhinan-loop-"))
    folder.mkdir(parents=True, exist_ok=True)
    Story(folder).run()
    print(f"{time.perf_counter() - start:.0f} s; picture: {folder / 'loop.svg'}")


if __name__ == "__main__":
    main()
