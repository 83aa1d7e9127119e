"""Trees and linear heads added up: what bends and what is straight, each where it is right."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Annotated

from zhinan.core import Candidate, Encoded, Search, find, register

__all__ = ["blend"]


@register(
    "recipe", "blend", level="shallow", tasks=("classify", "regress", "tag"), extra="table", monotone=True, fit=2e-4,
    adds=("linear", "boost", "extra_trees"),
)  # fmt: skip
def blend(  # noqa: PLR0913
    train: Encoded,
    dev: Encoded,
    *,
    budget: float,
    setting: Annotated[str | None, Search("stumps", "loose", "small", "random", "middle", "large")] = None,
    l2: Annotated[tuple[float, ...] | None, Search(1e-3, 1e1, log=True)] = None,
    extra: Annotated[str | None, Search("none", "plain", "varied", "deep")] = None,
    mix: tuple[float, ...] | None = None,
    monotone: tuple[tuple[str, int], ...] = (),
    scale: tuple[float, ...] | None = None,
    derived: tuple[tuple[str, ...], ...] | None = None,
) -> Candidate:
    """Boosted and random trees and a linear head per encoder, added up. Choose it when none alone is enough.

    Args:
        budget: seconds it may take; the heads and the first fold of trees are always fitted.
        setting, monotone, derived: as of `boost`. l2, scale: as of `linear`. extra: of classes, setting of
            `extra_trees`; "none" leaves them out, None does where the rest is as good without. mix: weight of each
            head, then of the trees, temperature included, of numbers what is added last; None chooses them by dev
            loss.

    Source: stacking by a convex sum of logits, Wolpert (1992); Caruana et al., ensemble selection (ICML 2004).
    """
    from zhinan.recipes._deriving import with_derived
    from zhinan.recipes._mixing import LEFT_OUT, mixed_candidate
    from zhinan.recipes._trees import fit_trees
    from zhinan.recipes.linear import heads_of

    until = time.perf_counter() + budget
    read = [i for i, block in enumerate(train.blocks) if not find("encoder", block.encoder).facts.get("gaps")]
    if not train.classes:
        from zhinan.recipes._number_trees import number_candidate

        chosen = {"setting": setting, "l2": l2, "mix": mix, "monotone": monotone, "scale": scale}
        return number_candidate("blend", train, dev, straight=read, until=until, chosen=chosen)
    straight, held = (replace(part, blocks=tuple(part.blocks[i] for i in read)) for part in (train, dev))
    heads = heads_of(straight, held, until=until, l2=l2, monotone=monotone)
    named = {block.encoder: head for block, head in zip(straight.blocks, heads, strict=True)}
    more = with_derived(train, dev, until=until, setting=setting, asked=derived, monotone=monotone)
    trees = {"setting": fit_trees(more.train, until=until, setting=more.setting, monotone=monotone)}
    if extra != LEFT_OUT and not train.several:  # they look at the plain cells, which stand first
        trees["extra"] = fit_trees(train, "extra_trees", until=until, setting=extra, monotone=monotone)
    made = mixed_candidate("blend", more.train, more.dev, heads=named, trees=trees, mix=mix, monotone=monotone)
    left = {} if "extra" in trees else {"extra": LEFT_OUT}
    return replace(made, params={**made.params, **left, "derived": more.made})
