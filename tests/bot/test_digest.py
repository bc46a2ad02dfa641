"""The seam of digests: messages put together of ready pieces, and sources called with what they ask for."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest import (
    DigestIssue,
    DigestItem,
    DigestOffer,
    DigestSources,
    ItemKind,
    dump_blocks,
    join_message,
)
from bot.feature import Feature, provide_digests
from bot.routing import RoutingError
from bot.ui import Bold, Divider, Heading, Message, Para, Quote, When, load_message

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)
ISSUE = DigestIssue(NOW, for_channel=True)


@given(TEXT, st.lists(st.lists(TEXT, max_size=3), max_size=4))
def test_a_message_put_together_is_the_message_made_whole(summary: str, pieces: list[list[str]]) -> None:
    parts = [tuple(Quote(text) for text in texts) for texts in pieces]
    whole = Message(summary, tuple(block for part in parts for block in part))
    joined = join_message(summary, [dump_blocks(part) for part in parts])
    assert load_message(joined) == whole


def test_every_kind_of_block_keeps_its_shape() -> None:
    blocks = (Heading("］]}"), Para(('"blocks":[', Bold("佐藤"), When(NOW))), Divider())
    assert load_message(join_message("s", [dump_blocks(blocks), dump_blocks(()), dump_blocks(blocks)])) == Message(
        "s", blocks * 2
    )


def test_sources_get_the_issue_and_whatever_jobs_get() -> None:
    def offer(issue: DigestIssue, now: datetime) -> DigestOffer:
        return DigestOffer(
            (DigestItem(ItemKind.NEWS, f"{now:%Y} {issue.since:%m} {issue.for_channel}", lambda role: ()),)
        )

    def silent() -> DigestOffer:
        return DigestOffer()

    features = [Feature("a", digest=offer), Feature("b"), Feature("c", digest=silent)]
    sources: DigestSources = provide_digests(features, {datetime: lambda context: context})(NOW)
    first, second = sources.collect(ISSUE)
    assert [item.key for item in first.items] == ["2026 12 True"]
    assert second.items == ()
    first.note_shown(None, {"2026": 1})  # whoever keeps no count isn't troubled


def test_a_source_that_asks_for_what_nobody_has_stops_the_start() -> None:
    def offer(clock: dict[str, Any]) -> DigestOffer:
        return DigestOffer()

    with pytest.raises(RoutingError, match="nobody provides clock"):
        provide_digests([Feature("a", digest=offer)], {})
