"""A version is named by folder, zip, number or stage, and a name that means nothing says what there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from zhinan.core import UserError
from zhinan.engine.versions import find_version, number_of
from zhinan.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / ".zhinan") as opened:
        for i in range(3):
            opened.add_version("shop", f"digest {i}", f"/versions/{i + 1}", outcome="PROVED", summary={})
        opened.promote("shop", 2, revision=0, who="test", why="")
        opened.add_version("网店2", "other", "/other/1", outcome="REFUTED", summary={})
        yield opened


def code(reference: str, store: Store, product: str | None = "shop") -> UserError:
    with pytest.raises(UserError) as error:
        find_version(reference, store, product)
    return error.value


def test_numbers_and_stages_of_the_product_at_hand_or_a_named_one(store: Store) -> None:
    wanted = {"@1": "/versions/1", "@live": "/versions/2", "@latest": "/versions/3", "网店2@1": "/other/1",
              "网店2@latest": "/other/1", "shop@live": "/versions/2"}  # fmt: skip
    assert {ref: str(find_version(ref, store, "shop")) for ref in wanted} == wanted


def test_a_folder_or_a_file_is_itself_even_with_an_at_in_its_name(store: Store, tmp_path: Path) -> None:
    for name in ("a version", "me@home"):
        (tmp_path / name).mkdir()
        assert find_version(str(tmp_path / name), store, None) == tmp_path / name


def test_what_means_nothing_is_refused_with_what_there_is(store: Store) -> None:
    assert code("nowhere", store).code == "E310"
    assert code("@live-ish", store).code == "E310"
    assert code("@9", store).code == "E401"
    assert "1, 2, 3" in code("@9", store).fix()
    nothing_live = code("网店2@live", store)
    assert (nothing_live.code, "@1 is ready" in nothing_live.what()) == ("E311", True)
    assert "shop" in code("shpo@1", store).what()
    assert "网店2, shop" in code("@1", store, None).what() or "shop, 网店2" in code("@1", store, None).what()


def test_a_stage_change_takes_a_number_of_its_own_product_only(store: Store) -> None:
    assert [number_of(r, store, "shop") for r in ("3", "@3", "shop@3", "@latest", "live")] == [3, 3, 3, 3, 2]
    for reference, wanted in {"网店2@1": "E311", "three": "E310", "-1": "E310", "7": "E401"}.items():
        with pytest.raises(UserError) as error:
            number_of(reference, store, "shop")
        assert error.value.code == wanted
