"""Extremely randomised trees: many rough views of a table, whose mean holds where sharper ones do not."""

from __future__ import annotations

from typing import Annotated

from zhinan.core import Candidate, Encoded, Search, register

__all__ = ["extra_trees"]


@register("recipe", "extra_trees", level="shallow", tasks=("classify",), extra="table", monotone=True, fit=5e-5)
def extra_trees(
    train: Encoded,
    dev: Encoded,
    *,
    budget: float,
    setting: Annotated[str | None, Search("plain", "varied", "deep")] = None,
    mix: tuple[float, ...] | None = None,
    monotone: tuple[tuple[str, int], ...] = (),
) -> Candidate:
    """The mean of trees whose thresholds are drawn at random. Choose it for tables whose ways change over time.

    It fits what every sample would show rather than what this one does, so that it holds better where the rows to come
    are not quite like those learned from.

    Args:
        budget: seconds it may take; the first fold is always grown.
        setting: leaves and choice of the trees; None takes the smallest.
        mix, monotone: as of `boost`.

    Source: Geurts, Ernst & Wehenkel, Machine Learning 63 (2006); a text's scores by stacking, Wolpert (1992).
    """
    from zhinan.recipes._alone import trees_alone

    chosen = {"setting": setting, "mix": mix, "monotone": monotone}
    return trees_alone("extra_trees", train, dev, budget=budget, chosen=chosen)
