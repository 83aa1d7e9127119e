"""A job belongs to one worker at a time, goes on where one died, and is answered once."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from zhinan.core import UserError
from zhinan.core.keys import new_key
from zhinan.store import Event, Jobs, Store, _jobs, key_status, rotate


def job_of(jobs: Jobs, *pieces: list[str], owner: str = "") -> str:
    """A job that waits for a worker."""
    job = jobs.begin(owner, {"lang": "en"}, most=20)
    start = 0
    for piece in pieces:
        jobs.add(job, start, piece)
        start += len(piece)
    jobs.ready(job)
    return job


def work(jobs: Jobs, job: str, worker: str, pieces: int = 99) -> bool:
    """Answers so many pieces with the rows in capitals; whether all were taken."""
    for _ in range(pieces):
        piece = jobs.next_rows(job)
        if piece is None:
            break
        start, rows = piece
        events = [Event(f"{job}{start + i}", "prediction", {"label": row}, 1.0) for i, row in enumerate(rows)]
        if not jobs.finish(job, worker, start, [row.upper() for row in rows], events):
            return False
    return True


def test_a_job_is_answered_piece_by_piece_in_order(store: Store) -> None:
    jobs = Jobs(store, "p")
    job = job_of(jobs, ["a", "b"], ["c"])
    assert (jobs.one(job).status, jobs.one(job).rows, jobs.one(job).done) == ("queued", 3, 0)
    taken = jobs.take("w1")
    assert taken is not None
    assert (taken.id, jobs.one(job).status) == (job, "running")
    assert work(jobs, job, "w1", pieces=1)
    assert jobs.one(job).done == 2
    assert work(jobs, job, "w1")
    assert (jobs.one(job).status, jobs.one(job).done) == ("done", 3)
    assert [jobs.results(job, start) for start in (0, 2, 3)] == [["A", "B"], ["C"], None]
    assert [event.payload["label"] for event in store.events("p")] == ["a", "b", "c"]
    assert jobs.take("w1") is None


def test_of_many_workers_one_gets_a_job(store: Store) -> None:
    jobs = Jobs(store, "p")
    job_of(jobs, ["a"])
    got: list[object] = []
    crowd = [threading.Thread(target=lambda n=n: got.append(jobs.take(f"w{n}"))) for n in range(8)]
    for worker in crowd:
        worker.start()
    for worker in crowd:
        worker.join()
    assert len([one for one in got if one is not None]) == 1
    assert Jobs(store, "other").take("w") is None


def test_a_job_whose_worker_died_goes_on_where_it_stood_and_the_dead_can_do_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = Jobs(store, "p")
    job = job_of(jobs, ["a"], ["b"])
    jobs.take("w1")
    assert work(jobs, job, "w1", pieces=1)
    assert jobs.take("w2") is None
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + _jobs.LEASE_SECONDS + 1)
    taken = jobs.take("w2")
    assert taken is not None
    assert taken.done == 1
    assert not work(jobs, job, "w1")
    assert not jobs.renew(job, "w1")
    jobs.release(job, "w1")
    assert jobs.one(job).status == "running"
    assert work(jobs, job, "w2")
    assert store.count_events("p") == 2


def test_a_job_that_kills_its_workers_is_given_up_and_one_that_advances_is_not(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, clock = Jobs(store, "p"), [time.time()]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    bad = job_of(jobs, ["poison"], ["b"])
    for number in range(_jobs.TRIES):
        assert jobs.take(f"w{number}") is not None
        clock[0] += _jobs.LEASE_SECONDS + 1
    assert jobs.take("next") is None
    assert (jobs.one(bad).status, jobs.next_rows(bad)) == ("failed", None)
    slow = job_of(jobs, *[[str(n)] for n in range(2 * _jobs.TRIES)])
    for number in range(2 * _jobs.TRIES):
        jobs.take(f"w{number}")
        assert work(jobs, slow, f"w{number}", pieces=1)
        clock[0] += _jobs.LEASE_SECONDS + 1
    assert jobs.one(slow).status == "done"


def test_a_job_given_back_is_free_at_once(store: Store) -> None:
    jobs = Jobs(store, "p")
    job = job_of(jobs, ["a"])
    for number in range(2 * _jobs.TRIES):
        assert jobs.take(f"w{number}") is not None
        jobs.release(job, f"w{number}")
    for number in range(_jobs.TRIES):
        assert jobs.take(f"w{number}") is not None
        jobs.release(job, f"w{number}", failed=True)
    assert jobs.take("next") is None
    assert jobs.one(job).status == "failed", "each was a worker lost"


def test_nobody_has_more_open_jobs_than_allowed(store: Store) -> None:
    jobs = Jobs(store, "p")
    mine = [jobs.begin("me", {}, most=2) for _ in range(2)]
    with pytest.raises(UserError, match="E483"):
        jobs.begin("me", {}, most=2)
    assert jobs.begin("you", {}, most=2)
    jobs.erase(mine[0])
    assert jobs.begin("me", {}, most=2)


def test_jobs_expire_with_the_events_and_what_never_ended_with_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, now = Jobs(store, "p"), time.time()
    monkeypatch.setattr(time, "time", lambda: now - 7200)
    old, cut = job_of(jobs, ["a"]), jobs.begin("", {}, most=9)
    monkeypatch.setattr(time, "time", lambda: now)
    new, coming = job_of(jobs, ["a"]), jobs.begin("", {}, most=9)
    store.expire_events("p", now - 3600)
    for gone in (old, cut):
        with pytest.raises(UserError, match="E481"):
            jobs.add(gone, 0, ["x"])
    jobs.add(coming, 0, ["x"])
    assert jobs.one(new).status == "queued"
    with pytest.raises(UserError, match="E481"):
        jobs.one(coming)  # not yet: its rows are still to come


def test_an_erased_job_is_gone_and_its_worker_stops(store: Store) -> None:
    jobs = Jobs(store, "p")
    job = job_of(jobs, ["a"], ["b"])
    jobs.take("w")
    piece = jobs.next_rows(job)
    assert jobs.erase(job)
    assert not jobs.erase(job)
    assert piece is not None
    assert not jobs.finish(job, "w", 0, ["A"], [Event("e", "prediction", {}, 1.0)])
    assert jobs.next_rows(job) is None
    assert store.count_events("p") == 0


def test_rows_and_results_are_encrypted_and_follow_a_rotation(place: str, tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    with Store(place, keys=(old,)) as store:
        jobs = Jobs(store, "p")
        job = job_of(jobs, ["a canary"], ["another"])
        jobs.take("w")
        work(jobs, job, "w", pieces=1)
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"canary" not in path.read_bytes().lower()
    with Store(place, keys=(new, old)) as store:
        rotate(store)
        assert key_status(store).keys[old.id]["records"] == 0
        jobs = Jobs(store, "p")
        assert jobs.results(job, 0) == ["A CANARY"]
        assert jobs.next_rows(job) == (1, ["another"])


def test_no_product_erases_a_job_of_another(store: Store) -> None:
    shop, bank = Jobs(store, "shop"), Jobs(store, "bank")
    job = shop.begin("", {}, 9)
    shop.add(job, 0, [[{"text": "mine"}]])
    shop.ready(job)
    assert not bank.erase(job)
    assert shop.next_rows(job) is not None
