"""What a choice of pairs is worth, and what it could be worth at most."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Value:
    """As many pairs as possible come first, each for `bonus`; then the highest sum of scores, `worth`. The two together
    could be at most `short` more.
    """

    worth: int
    short: int
    bonus: int

    @property
    def missing(self) -> int:
        """How many more pairs there could be at most."""
        return self.short // self.bonus

    @property
    def bound(self) -> int:
        """How much as many pairs could be worth at most."""
        return self.worth + self.short
