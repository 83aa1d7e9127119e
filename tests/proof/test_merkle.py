"""The Merkle tree is that of RFC 6962: any change of any leaf, their order or their number changes the root."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.proof import merkle_path, merkle_root, verify_path

RFC = [bytes.fromhex(leaf) for leaf in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The test vectors of the reference implementation of certificate transparency."""

LEAVES = st.lists(st.binary(max_size=6), min_size=1, max_size=40)


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_that_of_the_reference_vectors(size: int) -> None:
    assert merkle_root(RFC[:size]) == ROOTS[size]


@given(LEAVES, st.data())
def test_every_leaf_is_shown_by_its_path_and_no_other_is(leaves: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    root, path = merkle_root(leaves), merkle_path(leaves, place)
    assert verify_path(root, leaves[place], place, len(leaves), path)
    assert not verify_path(root, leaves[place] + b"x", place, len(leaves), path)
    assert not verify_path(root, leaves[place], place, len(leaves), (*path, "00" * 32))
    assert not verify_path(root, leaves[place], len(leaves), len(leaves), path)
    other = data.draw(st.integers(0, len(leaves) - 1))
    if leaves[other] != leaves[place]:
        assert not verify_path(root, leaves[place], other, len(leaves), path)
    if path:
        assert not verify_path(root, leaves[place], place, len(leaves), path[:-1])
        assert not verify_path(root, leaves[place], place, len(leaves), ("nonsense", *path[1:]))


@given(LEAVES, st.data())
def test_dropping_repeating_changing_or_moving_a_leaf_changes_the_root(
    leaves: list[bytes], data: st.DataObject
) -> None:
    root = merkle_root(leaves)
    place = data.draw(st.integers(0, len(leaves) - 1))
    leaf = leaves[place]
    assert merkle_root(leaves[:place] + leaves[place + 1 :]) != root
    assert merkle_root([*leaves[:place], leaf, *leaves[place:]]) != root
    assert merkle_root([*leaves[:place], leaf + b"\x00", *leaves[place + 1 :]]) != root
    assert leaves[::-1] == leaves or merkle_root(leaves[::-1]) != root


def test_an_inner_node_is_never_taken_for_a_leaf() -> None:
    left, right = (hashlib.sha256(b"\x00" + leaf).digest() for leaf in (b"a", b"b"))
    assert merkle_root([left + right]) != merkle_root([b"a", b"b"])
    with pytest.raises(IndexError):
        merkle_path([b"a"], 1)
