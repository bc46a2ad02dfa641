"""Messages as cards: every kind of block, and text that tries to be more than text."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.markup import JOINER, RenderError, TooLargeError, check_url, neutral, neutral_line, plain
from adapters.teams.render import MAX_BYTES, measure, render_message
from bot.actions import encode
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    Chips,
    Divider,
    Fact,
    Facts,
    Heading,
    Inline,
    Link,
    Mention,
    Message,
    Note,
    Para,
    Picture,
    Quote,
    Reader,
    When,
)
from tests.adapters.teams.rig import Accept, Register
from tests.adapters.teams.samples import AT, READER, SATO, knows, messages, words
from tests.fake_teams import cards, cardtree


def draw(*shown: Block, reader: Reader = READER) -> dict[str, Any]:
    """The card of a message of these blocks, as Teams takes it."""
    activity = render_message(Message("概要", shown), reader)
    assert cards.check_activity(activity, knows) == []
    return activity["attachments"][0]["content"]


def body(*shown: Block) -> list[dict[str, Any]]:
    return draw(*shown)["body"]


@given(messages)
def test_teams_takes_whatever_is_drawn(message: Message) -> None:
    try:
        activity = render_message(message, READER)
    except TooLargeError:
        return
    assert cards.check_activity(activity, knows) == []
    assert cards.measure(activity) < cards.MAX_BYTES
    json.dumps(activity).encode()


@given(messages)
def test_only_our_own_mentions_and_dates_are_live(message: Message) -> None:
    try:
        card = render_message(message, READER)["attachments"][0]["content"]
    except TooLargeError:
        return
    meant = [piece for block in message.blocks for piece in _pieces(block)]
    dates = len(re.findall(r"\{\{(?:DATE|TIME)\(", json.dumps(card)))
    assert dates == sum(2 if piece.style == "datetime" else 1 for piece in meant if isinstance(piece, When))
    known = {piece.member_id for piece in meant if isinstance(piece, Mention) and piece.member_id in READER.mentions}
    entities = card.get("msteams", {}).get("entities", [])
    assert {entity["mentioned"]["id"] for entity in entities} == {READER.mentions[number] for number in known}


def _pieces(block: Block) -> list[Inline]:
    match block:
        case Para(content=found) | Note(content=found):
            return list(found)
        case Facts(rows=rows):
            return [piece for row in rows for piece in row.value]
        case _:
            return []


@given(words)
def test_neutral_text_holds_no_markup(text: str) -> None:
    made = neutral_line(text)
    assert not re.search(r"[*`~]", made)
    assert not re.search(r"\]\(|\]\[|\]:", made)
    assert not re.search(r"<[A-Za-z/!?]", made)
    assert not re.search(r"&[#A-Za-z]", made)
    assert not re.search(r"\\[!-/:-@\[-`{-~]", made)
    assert not re.search(r"(?<![^\W_])_|_(?![^\W_])", made)
    assert "{{" not in made
    assert not re.match(r"[-+*#>=|\s]|\d+[.)]", made)


@given(st.text(alphabet=st.characters(categories=["L", "N"]), max_size=40))
def test_letters_and_numbers_stay_as_they_are(text: str) -> None:
    assert plain(text) == neutral(text) == text


@pytest.mark.parametrize("text", ["taro_yamada@sample-seiki.example", "C# / C++", "50% off!", "a < b & c > d", "(笑)"])
def test_usual_signs_stay_as_they_are(text: str) -> None:
    assert neutral(text) == text


def test_a_paragraph_without_markup_is_rich_text() -> None:
    [element] = body(Para(("*", Bold("佐藤"), " さん")))
    assert element["type"] == "RichTextBlock"
    assert element["inlines"] == [
        {"type": "TextRun", "text": "*"},
        {"type": "TextRun", "text": "佐藤", "weight": "Bolder"},
        {"type": "TextRun", "text": " さん"},
    ]


def test_lines_are_elements() -> None:
    elements = body(Para(("一\n二\n\n三",)))
    assert [cardtree.read_text(element) for element in elements] == ["一", "二", "三"]
    assert [element.get("spacing") for element in elements] == [None, "None", "Medium"]


def test_a_link_opens_its_address() -> None:
    [element] = body(Para((Link("結び", "https://sample-seiki.example/"),)))
    run = element["inlines"][0]
    assert run["selectAction"] == {"type": "Action.OpenUrl", "url": "https://sample-seiki.example/"}


def test_a_mention_and_its_entity() -> None:
    card = draw(Para((Mention(1, "佐藤 美咲"), "さんが引き受けました。")))
    assert card["body"] == [{"type": "TextBlock", "text": "<at>佐藤 美咲</at>さんが引き受けました。", "wrap": True}]
    mentioned = {"id": SATO, "name": "佐藤 美咲"}
    assert card["msteams"]["entities"] == [{"type": "mention", "text": "<at>佐藤 美咲</at>", "mentioned": mentioned}]


def test_two_people_of_one_name_are_two_mentions() -> None:
    card = draw(Para((Mention(1, "佐藤"), "と", Mention(2, "佐藤"), "と", Mention(1, "佐藤"))))
    texts = [entity["text"] for entity in card["msteams"]["entities"]]
    assert len(set(texts)) == 2
    assert [text.replace(JOINER, "") for text in texts] == ["<at>佐藤</at>"] * 2


def test_who_is_not_on_teams_is_named() -> None:
    [element] = body(Para((Mention(9, "Emily Carter"), " さん")))
    assert cardtree.read_text(element) == "Emily Carter さん"


def test_dates_follow_the_readers_client() -> None:
    [element] = body(Para(("ご返事は", When(AT), "まで")))
    assert element["text"] == "ご返事は{{DATE(2026-11-20T01:00:00Z,SHORT)}} {{TIME(2026-11-20T01:00:00Z)}}まで"
    [fact] = body(Facts((Fact("日", (When(AT, "date"),)), Fact("時刻", (When(AT, "time"),)))))
    assert [row["value"] for row in fact["facts"]] == [
        "{{DATE(2026-11-20T01:00:00Z,SHORT)}}",
        "{{TIME(2026-11-20T01:00:00Z)}}",
    ]


def test_bold_next_to_a_date_survives_japanese_brackets() -> None:
    [element] = body(Para((Bold("「電池」"), "です。", When(AT, "date"))))
    assert element["text"].startswith(f"**{JOINER}「電池」{JOINER}**です。")


def test_headings_are_headings_for_screen_readers() -> None:
    [element] = body(Heading("# 相談\nのお願い"))
    assert (element["style"], element["text"]) == ("heading", f"{JOINER}# 相談 のお願い")


def test_a_quote_stands_apart() -> None:
    [element] = body(Quote("最初の半年で\n確かめておくべきこと"))
    assert (element["type"], element["style"], len(element["items"])) == ("Container", "emphasis", 2)


def test_chips_stand_side_by_side() -> None:
    [element] = body(Chips(("電池開発", "", "海外赴任")))
    lit = [run["text"].strip() for run in element["inlines"] if run.get("highlight")]
    assert lit == ["電池開発", "海外赴任"]


def test_notes_are_quiet_or_ticked() -> None:
    quiet, done = body(Note(("あと3回",)), Note(("済みました",), "done"))
    assert quiet["inlines"][0]["isSubtle"] is True
    assert cardtree.read_text(done) == "✓ 済みました"
    assert done["inlines"][0]["color"] == "Good"


def test_a_divider_is_a_line_above_what_follows() -> None:
    first, second = body(Para(("一",)), Divider(), Divider(), Para(("二",)), Divider())
    assert "separator" not in first
    assert second["separator"] is True


def test_empty_blocks_leave_nothing_and_an_empty_message_says_its_summary() -> None:
    shown = (Para(()), Heading(" "), Quote(""), Facts(()), Chips(()), Buttons(()))
    [element] = body(*shown)
    assert element["text"] == "概要"


def test_a_picture_has_words() -> None:
    [element] = body(Picture("https://sample-seiki.example/a.png", "会場の地図"))
    assert (element["url"], element["altText"]) == ("https://sample-seiki.example/a.png", "会場の地図")


@pytest.mark.parametrize(
    "picture",
    [Picture("http://sample-seiki.example/a.png", "地図"), Picture("https://sample-seiki.example/a.png", " ")],
)
def test_bad_pictures_are_refused(picture: Picture) -> None:
    with pytest.raises(RenderError):
        render_message(Message("概要", (picture,)), READER)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///a", "", "HTTPS"])
def test_bad_links_are_refused(url: str) -> None:
    with pytest.raises(RenderError):
        render_message(Message("概要", (Para((Link("x", url),)),)), READER)


def test_links_are_written_so_that_they_end_where_they_end() -> None:
    assert check_url("https://a.example/(x) <y>") == "https://a.example/%28x%29%20%3Cy%3E"


def test_plain_buttons_execute_and_form_buttons_fetch() -> None:
    [row] = body(Buttons((Button("引き受ける", Accept(7), "primary"), Button("登録する", Register(8), "danger"))))
    execute, fetch = row["actions"]
    assert (execute["type"], execute["verb"], execute["style"]) == ("Action.Execute", "teams-test.accept", "positive")
    assert execute["data"] == {"musubi": {"press": encode(Accept(7)), "locale": "ja"}}
    assert (fetch["type"], fetch["style"]) == ("Action.Submit", "destructive")
    assert fetch["data"]["msteams"] == {"type": "task/fetch"}
    assert fetch["data"]["musubi"]["press"] == encode(Register(8))


def test_more_than_six_buttons_take_two_rows() -> None:
    rows = body(Buttons(tuple(Button(str(number), Accept(number)) for number in range(8))))
    assert [len(row["actions"]) for row in rows] == [6, 2]


def test_a_button_needs_a_label() -> None:
    with pytest.raises(RenderError):
        draw(Buttons((Button(" ", Accept(1)),)))


def test_a_message_needs_a_summary() -> None:
    with pytest.raises(RenderError):
        render_message(Message("\n", (Para(("x",)),)), READER)


def test_a_message_that_is_too_large_is_refused_before_it_is_sent() -> None:
    fits = Message("概要", (Para(("縁" * 40_000,)),))
    assert measure(render_message(fits, READER)["attachments"][0]["content"]) <= MAX_BYTES
    with pytest.raises(RenderError, match="bytes"):
        render_message(Message("概要", (Para(("縁" * 41_000,)),)), READER)


def test_the_summary_is_what_notifications_and_screen_readers_say() -> None:
    activity = render_message(Message("高橋さんから\nご相談です", (Para(("x",)),)), READER)
    card = activity["attachments"][0]["content"]
    assert activity["summary"] == card["speak"] == "高橋さんから ご相談です"
    assert card["lang"] == "ja"
