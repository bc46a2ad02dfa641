"""The digests' benchmark measures what it says: both ways give readers digests of the same kind."""

from pathlib import Path

import pytest

from bench.digests import NOW, Community, measure_digests
from storage.models import Delivery, DigestMemory
from storage.uow import Store
from tests.support.rows import list_rows


async def test_the_figures_are_measured_in_one_run(tmp_path: Path) -> None:
    figures = await measure_digests(tmp_path, 200, 1)
    assert [figure.unit for figure in figures] == ["×", "×", "readers/s", "readers/s"]
    assert all(figure.value > 1 for figure in figures)
    assert figures[0].aim is not None


@pytest.mark.parametrize("way", ["batch", "orm"])
async def test_both_ways_serve_everybody_once(sqlite_url: str, way: str) -> None:
    store = Store(sqlite_url)
    community = Community(store, 300)
    work = community.make_in_chunks if way == "batch" else community.make_one_by_one
    assert await work(300, "p", posts=True) == 300
    rows = list_rows(store, Delivery)
    assert len({row.member_id for row in rows}) == len(rows) == 300
    assert {row.created_at for row in rows} == {NOW}
    assert all(3 <= len(row.seen.split("\n")) <= 7 for row in list_rows(store, DigestMemory))
    store.close()
