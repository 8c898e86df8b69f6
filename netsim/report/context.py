"""What an answer was given under, and how other products would answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from netsim.model.profiles import Profile
from netsim.model.semantics import Semantics


@dataclass(frozen=True, slots=True)
class Context:
    """The options in force and the profile that set them, if one did.

    `differing` has the profiles under which the verdict would be another, with its word (IMP-22).
    """

    semantics: Semantics = field(default_factory=Semantics)
    profile: Profile | None = None
    differing: tuple[tuple[Profile, str], ...] = ()
