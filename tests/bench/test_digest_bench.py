"""The digests' benchmark measures what it says: both ways give readers digests of the same kind."""

from pathlib import Path

import pytest

from bench.digests import NOW, Community, make_chunk, make_for, measure_digests
from storage.models import Delivery, DigestMemory
from storage.uow import Store
from tests.support.rows import list_rows


async def test_the_figures_are_measured_in_one_run(tmp_path: Path) -> None:
    figures = await measure_digests(tmp_path, 200, 1)
    assert [figure.unit for figure in figures] == ["×", "×", "readers/s", "readers/s"]
    assert all(figure.value > 1 for figure in figures)
    assert figures[0].aim is not None


@pytest.mark.parametrize("way", ["batch", "orm"])
def test_both_ways_serve_everybody_once(sqlite_url: str, way: str) -> None:
    store = Store(sqlite_url)
    Community(store, 300)
    with store.begin() as db:
        if way == "batch":
            last, made = make_chunk(db, 0, "p", posts=True, limit=300)
            assert (last, made) == (300, 300)
        else:
            assert all(make_for(db, id, "p", posts=True) for id in range(1, 301))
    rows = list_rows(store, Delivery)
    assert len({row.member_id for row in rows}) == len(rows) == 300
    assert {row.created_at for row in rows} == {NOW}
    assert all(3 <= len(row.seen.split("\n")) <= 7 for row in list_rows(store, DigestMemory))
    store.close()
