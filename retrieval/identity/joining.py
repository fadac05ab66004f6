"""Sets of documents that grow together while none of their members contradict each other. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from retrieval.identity.meeting import MEETING

Against = Callable[[int, int], bool]


class Sets:
    """Union-find over places in a list; the root of a set is its first place."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))
        self._members: dict[int, list[int]] = defaultdict(list)
        self._apart: dict[int, set[int]] = defaultdict(set)

    def root(self, place: int) -> int:
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def members(self, place: int) -> list[int]:
        """All places in the set of this one."""
        root = self.root(place)
        return self._members.get(root) or [root]

    def keep_apart(self, one: int, other: int) -> None:
        """Never let the two come into one set, whatever is joined later."""
        self._apart[one].add(other)
        self._apart[other].add(one)

    def are_kept_apart(self, one: int, other: int) -> bool:
        """Whether a member of one set was to be kept apart from a member of the other."""
        theirs = set(self.members(other))
        return any(self._apart.get(place, set()) & theirs for place in self.members(one))

    def join(self, one: int, other: int, against: Against | None = None) -> bool:
        """Make two sets one, unless members are kept apart or `against` says so of two of them.

        Only the first members of a large set are asked: all of them would cost the square of its size.
        """
        first, second = sorted((self.root(one), self.root(other)))
        if first == second:
            return True
        mine, theirs = self.members(first), self.members(second)
        if self.are_kept_apart(first, second):
            return False
        if against and any(against(a, b) for a in mine[:MEETING] for b in theirs[:MEETING]):
            return False
        self._parent[second] = first
        self._members[first] = [*mine, *theirs]
        self._members.pop(second, None)
        return True
