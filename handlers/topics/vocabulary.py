"""The vocabulary: concepts with names in two languages, and how far one concept is from another. Pure values."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing people ask about. The first name of each language is the one that is shown."""

    id: str
    ja: tuple[str, ...]
    en: tuple[str, ...]
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in both languages."""
        return (*self.ja, *self.en)

    def name(self, locale: str) -> str:
        """The name to show in `ja` or `en`; the other language's where there is none."""
        first, second = (self.ja, self.en) if locale == "ja" else (self.en, self.ja)
        return next(iter((*first, *second)), self.id)


@dataclass(frozen=True, slots=True)
class Relation:
    """How one concept stands to what was asked: `kind` is `same`, `narrower`, `broader`, `related` or `sibling`,
    `weight` above 0 to 1. For a sibling `through` is the concept that both belong to."""

    kind: str
    weight: float
    through: str = ""


@dataclass(frozen=True, slots=True)
class Closeness:
    """What each relation counts at most, beside 1 for the same concept. Found on the development part of
    tests/relevance; see docs/matching.md."""

    narrower: float = 0.9
    """Somebody who knows a special case of what was asked; once more for each further step."""
    broader: float = 0.7
    """Somebody who knows the whole field of what was asked; once more for each further step."""
    related: float = 0.6
    sibling: float = 0.6
    """Times how special the common broader concept is."""
    cousin: float = 0.7
    """Once for each further step up to the common broader concept, and down from it."""
    implied: float = 0.3
    """A concept whose name stands inside the name of the other, or the other way round. Too little to be told as a
    reason: a name may hold another by chance."""
    least: float = 0.03
    """Weaker relations are left out."""


@dataclass(frozen=True)
class Vocabulary:
    """All concepts. Broader and related ids that don't exist, and circles, do no harm; `check` names them."""

    concepts: Mapping[str, Concept]
    closeness: Closeness = field(default_factory=Closeness)

    @cached_property
    def ancestors(self) -> dict[str, dict[str, int]]:
        """Concept → each broader concept and how many steps away it is."""
        return {id: self._walk(id, self._parents) for id in self.concepts}

    @cached_property
    def descendants(self) -> dict[str, dict[str, int]]:
        """Concept → each narrower concept and how many steps away it is."""
        found: dict[str, dict[str, int]] = {id: {} for id in self.concepts}
        for id, above in self.ancestors.items():
            for ancestor, steps in above.items():
                found[ancestor][id] = steps
        return found

    @cached_property
    def _related(self) -> dict[str, set[str]]:
        """Related concepts, both ways."""
        found: dict[str, set[str]] = {id: set() for id in self.concepts}
        for id, concept in self.concepts.items():
            for other in concept.related:
                if other in found and other != id:
                    found[id].add(other)
                    found[other].add(id)
        return found

    def _parents(self, id: str) -> Iterable[str]:
        return (parent for parent in self.concepts[id].broader if parent in self.concepts)

    def _walk(self, start: str, step: Callable[[str], Iterable[str]]) -> dict[str, int]:
        found: dict[str, int] = {}
        edge, distance = [start], 0
        while edge:
            distance += 1
            edge = [one for id in edge for one in step(id) if one not in found and one != start]
            found.update(dict.fromkeys(edge, distance))
        return found

    def find(self, id: str) -> Concept | None:
        """The concept of that id."""
        return self.concepts.get(id)

    def name(self, id: str, locale: str) -> str:
        """The name of a concept to show; the id itself for one that is gone."""
        concept = self.concepts.get(id)
        return concept.name(locale) if concept else id

    def specificity(self, id: str) -> float:
        """How special a concept is, from its place alone: 1 without anything narrower, 0 above everything."""
        below = len(self.descendants.get(id, ()))
        return 1 - math.log1p(below) / math.log1p(max(len(self.concepts), 2))

    def relations(self, asked: str) -> dict[str, Relation]:
        """Every concept that helps when `asked` is wanted, with how it stands to it; `asked` itself first.

        The strongest relation of each: groups of equal ones are laid over each other, the weakest first. There are
        thousands of relations in a large vocabulary, and somebody waits. The reader remembers what it asked for.
        """
        if asked not in self.concepts:
            return {}
        groups = [group for group in self._list_groups(asked) if group[0].weight >= self.closeness.least]
        found: dict[str, Relation] = {}
        for relation, ids in sorted(groups, key=lambda group: group[0].weight):
            found.update(dict.fromkeys(ids, relation))
        return {asked: Relation("same", 1.0)} | {id: one for id, one in found.items() if id != asked}

    def _list_groups(self, asked: str) -> Iterator[tuple[Relation, Iterable[str]]]:
        close = self.closeness
        for steps, ids in self._levels.get(asked, {}).items():
            yield Relation("narrower", close.narrower**steps), ids
        for above, far in self.ancestors[asked].items():
            special = self.specificity(above)
            yield Relation("broader", close.broader**far * special**0.5), (above,)
            for steps, ids in self._levels[above].items():
                weight = close.sibling * special * close.cousin ** (far + steps - 2)
                yield Relation("sibling", weight, above), ids
        yield Relation("related", close.related), self._related[asked]

    @cached_property
    def _levels(self) -> dict[str, dict[int, list[str]]]:
        """Concept → steps → what is narrower by so many."""
        found: dict[str, dict[int, list[str]]] = {}
        for above, below in self.descendants.items():
            for id, steps in below.items():
                found.setdefault(above, {}).setdefault(steps, []).append(id)
        return found
