"""Wrong labels are found as cleanlab finds them, better from two views, and none where there are none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from zhinan.proof import confident_joint, label_errors, pooled, pooled_apart, tag_errors

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@pytest.fixture(scope="module")
def small() -> tuple[Floats, Ints]:
    """Probabilities of 120 rows and labels of which every ninth is moved to the next class."""
    rng = np.random.default_rng(7)
    true = rng.integers(0, 3, 120)
    table = rng.dirichlet(np.ones(3), 120)
    table[np.arange(120), true] += 1.2
    table = (table / table.sum(1, keepdims=True)).round(3)
    given = true.copy()
    given[::9] = (given[::9] + 1) % 3
    return table / table.sum(1, keepdims=True), given


def noisy(
    seed: int, n: int = 4000, flipped: float = 0.05, views: int = 2
) -> tuple[Floats, Ints, npt.NDArray[np.bool_]]:
    """Views of a binary truth with independent noise, calibrated by construction, and labels; some of them wrong."""
    rng = np.random.default_rng(seed)
    true = rng.integers(0, 2, n)
    logits = (2 * true - 1) * 2.0 + 2.0 * rng.normal(size=(views, n))
    chance = 1 / (1 + np.exp(-logits))
    wrong = rng.random(n) < flipped
    return np.stack([1 - chance, chance], axis=2), np.where(wrong, 1 - true, true), wrong


def test_the_confident_joint_is_cleanlabs(small: tuple[Floats, Ints]) -> None:
    """cleanlab 2.9.0, count.compute_confident_joint."""
    assert confident_joint(*small).tolist() == [[32, 0, 3], [5, 43, 0], [0, 2, 35]]
    assert label_errors(*small).expected == 10


@pytest.mark.parametrize(
    ("prune", "rows"),
    [
        ("class", [81, 117, 36, 63, 54, 45, 9, 18, 108, 90]),
        ("noise_rate", [81, 117, 36, 63, 45, 9, 0, 18, 27, 90]),
        ("both", [81, 117, 36, 63, 45, 9, 18, 90]),
        ("agreed", [81, 117, 36, 63, 54, 45]),
    ],
)
def test_suspects_and_their_order_are_cleanlabs(small: tuple[Floats, Ints], prune: str, rows: list[int]) -> None:
    """cleanlab 2.9.0, filter.find_label_issues: prune_by_class, prune_by_noise_rate, both, low_self_confidence."""
    table, given = small
    found = label_errors(table, given, prune=prune)  # type: ignore[arg-type]
    assert found.rows.tolist() == rows
    assert (found.suggested != given[found.rows]).all()
    assert found.score.tolist() == sorted(table[found.rows, given[found.rows]])


def test_suspects_by_margin_are_cleanlabs(small: tuple[Floats, Ints]) -> None:
    """cleanlab 2.9.0, filter.find_label_issues(filter_by="both", return_indices_ranked_by="normalized_margin")."""
    assert label_errors(*small, prune="both", rank="margin").rows.tolist() == [63, 81, 117, 9, 36, 45, 18, 90]


def test_two_views_find_more_wrong_labels_than_either_alone() -> None:
    views, given, wrong = noisy(1)

    def share(probability: Floats) -> float:
        return float(wrong[label_errors(pooled(probability, given), given).rows[: wrong.sum()]].mean())

    assert share(views) > max(share(views[:1]), share(views[1:])) + 0.1


def test_suspects_that_all_views_agree_on_are_mostly_wrong_and_half_of_the_wrong() -> None:
    views, given, wrong = noisy(2)
    found = label_errors(views, given)
    assert wrong[found.rows].mean() > 0.7
    assert wrong[found.rows].sum() > 0.5 * wrong.sum()
    assert (found.suggested == 1 - given[found.rows]).all()
    assert found.expected == pytest.approx(wrong.sum(), rel=0.6)


def test_a_pool_is_calibrated_on_the_labels_given() -> None:
    views, given, _ = noisy(3, n=20_000, flipped=0.0)
    one = pooled(np.clip(views[:1] ** 3, 1e-12, None) / (views[:1] ** 3).sum(axis=2, keepdims=True), given)
    assert np.abs(one - views[0]).max() < 0.03  # an overconfident view is cooled down to what it knows
    both = pooled(views, given)[:, 1]
    for low, high in ((0.05, 0.2), (0.4, 0.6), (0.8, 0.95)):
        band = (both > low) & (both < high)
        assert given[band].mean() == pytest.approx(both[band].mean(), abs=4 * 0.5 / band.sum() ** 0.5)


def test_labels_that_are_right_are_left_alone() -> None:
    given = np.repeat([0, 1, 2], 20)
    found = label_errors(np.eye(3)[given] * 0.8 + 0.2 / 3, given)
    assert (found.rows.size, found.expected) == (0, 0)


def test_a_class_that_no_label_names_is_never_suggested_with_confidence() -> None:
    given = np.repeat([0, 1], 30)
    table = np.full((60, 3), 0.2)
    table[np.arange(60), given] = 0.6
    table[0] = [0.05, 0.05, 0.9]
    found = label_errors(table, given)
    assert found.rows.size == 0
    assert found.joint[:, 2].tolist() == [0, 0, 0]


def test_what_does_not_fit_is_refused() -> None:
    table = np.full((4, 2), 0.5)
    for probability, given in ((table, [0, 1]), (table[0], [0, 1]), (np.empty((0, 2)), [])):
        with pytest.raises(ValueError, match="do not fit"):
            label_errors(probability, given)
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        label_errors(table * np.nan, [0, 1, 0, 1])
    with pytest.raises(ValueError, match="codes"):
        label_errors(table, [0, 1, 2, 0])
    with pytest.raises(ValueError, match="prune"):
        label_errors(table, [0, 1, 0, 1], prune="all")  # type: ignore[arg-type]


def tagged(seed: int, n: int = 1500, labels: int = 4) -> tuple[Floats, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Two views of labels that rows have by themselves, calibrated, the last one rare; and which are given wrongly."""
    rng = np.random.default_rng(seed)
    share = np.append(np.full(labels - 1, 0.4), 0.08)
    true = rng.random((n, labels)) < share
    logits = np.log(share / (1 - share)) + (2 * true - 1) * 3.0 + 1.5 * rng.normal(size=(2, n, labels))
    wrong = rng.random((n, labels)) < 0.02
    return 1 / (1 + np.exp(-logits)), true ^ wrong, wrong


def test_of_several_labels_those_given_and_those_missing_are_found_one_by_one() -> None:
    views, given, wrong = tagged(3)
    found = tag_errors(views, given)
    hits = found.suspect & wrong
    for kind in (given, ~given):
        assert (hits & kind).sum() > 0.5 * (wrong & kind).sum()
    assert hits.sum() > 0.5 * found.suspect.sum()
    assert (found.score[found.suspect] < 0.5).all()
    one = label_errors(np.stack([1 - views[:, :, 0], views[:, :, 0]], axis=-1), given[:, 0].astype(int))
    assert np.array_equal(np.flatnonzero(found.suspect[:, 0]), np.sort(one.rows))
    assert pooled_apart(views, given).mean(axis=0) == pytest.approx(given.mean(axis=0), abs=0.01)


def test_a_label_that_all_rows_have_or_one_row_lacks_is_not_judged() -> None:
    views, given, _ = tagged(4, 200)
    given[:, 0], given[:, 1] = True, False
    given[0, 1] = True
    assert not tag_errors(views, given).suspect[:, :2].any()


@pytest.mark.parametrize("given", [np.zeros((3, 2)), np.zeros((2, 2), bool), np.zeros((0, 2), bool)])
def test_labels_that_do_not_fit_are_refused(given: npt.NDArray[np.generic]) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        tag_errors(np.full((3, 2), 0.5), given)
