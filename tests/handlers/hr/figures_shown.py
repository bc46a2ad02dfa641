"""HR's page of figures with figures in it, for looking at."""

from collections.abc import Callable

from bot.ui import Form, Message
from handlers.hr import figures_csv, figures_views
from handlers.topics import Concept, Vocabulary
from storage.models import DemandFigure, MonthFigures
from tests.support.people import moment


def month(name: str, *figures: float | None) -> MonthFigures:
    row = dict(zip(("asked", "accepted", "held", "useful", "spread"), figures, strict=False))
    return MonthFigures(month=name, counted_at=moment(1), **row)  # type: ignore[arg-type]


MONTHS = [month("2026-10", 31, 24, 19, 4.3, 0.8), month("2026-09", 12, None, 6), month("2026-08")]
DEMAND = [
    DemandFigure(term="concept:quantum", people=12, since="2026-08", until="2026-10"),
    DemandFigure(term="word:ブラジル", people=5, since="2026-10", until="2026-10"),
    DemandFigure(term="concept:gone-from-the-vocabulary", people=5, since="2026-10", until="2026-10"),
]

WORDS = Vocabulary({"quantum": Concept("quantum", ("量子コンピュータ",), ("quantum computing",))})

FIGURES: dict[str, Callable[[], Message | Form]] = {
    "figures": lambda: figures_views.page(MONTHS, DEMAND, WORDS),
    "figures_sent": lambda: figures_views.page(MONTHS[:1], [], WORDS, "ファイルをメッセージでお送りしました。"),
    "figures_file": lambda: figures_csv.file(MONTHS, DEMAND, WORDS, "2026-11-01-050000"),
    "figures_at_first": lambda: figures_views.page([], [], WORDS),
    "figures_most": lambda: figures_views.page(MONTHS * 2, [DEMAND[0]] * 10, WORDS),
}
