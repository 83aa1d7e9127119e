"""What hides things as the rows that a version learned from were hidden, as plain values that travel to a process."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from zhinan.core.keys import KEYLESS
from zhinan.package import Version
from zhinan.steps.kept import Keeper
from zhinan.steps.mask import Mask, armed, person_secret, specs_of

__all__ = ["Masking"]


@dataclass(frozen=True, eq=False)
class Masking:
    """The masks of a version. Nothing looks for anything before `keeper` is asked for.

    Args:
        mask: options of the step that masks, and files: what its masks were learned from.
        more: masks that a contract of the product has, and the version does not: name → regular expression.
        key: id of the key for names of persons, or KEYLESS. clean: options of the step that cleans.
    """

    mask: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    key: str = KEYLESS
    clean: Mapping[str, Any] | None = None
    more: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, version: Version, key: str, patterns: Mapping[str, str] = {}) -> Self:
        """That of a version. Args: key: id of the key where its own masks need none, or KEYLESS. patterns: see `more`.

        Raises: UserError E420 when there is no key of that id.
        """
        options = {step.step: step.options for step in reversed(version.manifest.steps) if step.step in _STEPS}
        mask = options.get("mask", {})
        person_secret(held := mask.get("key", key))
        own = mask.get("patterns", {})
        more = {name: pattern for name, pattern in patterns.items() if own.get(name) != pattern}
        return cls(mask, version.mask_files, held, options.get("clean"), more)

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """What `told` told."""
        files = {role: b64decode(content) for role, content in said["files"].items()}
        return cls(said["mask"], files, said["key"], said["clean"], said["more"])

    def told(self) -> dict[str, Any]:
        """As JSON."""
        files = {role: b64encode(content).decode() for role, content in self.files.items()}
        return {"mask": self.mask, "files": files, "key": self.key, "clean": self.clean, "more": self.more}

    @cached_property
    def digest(self) -> str:
        """Of all that it hides by: what was hidden under the same one need not be hidden again."""
        said = [
            self.mask,
            self.more,
            self.key,
            self.clean,
            {role: len(content) for role, content in self.files.items()},
        ]
        made = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
        for _, content in sorted(self.files.items()):
            made.update(content)
        return made.hexdigest()

    @cached_property
    def keeper(self) -> Keeper:
        """What hides. Raises: UserError E420 when there is no key of its id."""
        more = armed(specs_of(dict.fromkeys(self.more, "mask"), self.more), tagger=b"")
        return Keeper((*Mask((), (), self.files, **self.mask).armed, *more), self.key, self.clean)


_STEPS = ("clean", "mask")
