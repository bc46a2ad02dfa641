"""What is drawn once for many readers: the same as drawn for each, and never an older state."""

from bot.digest import DigestItem, DigestOffer, DigestReader, ItemKind
from bot.policy import Policy
from bot.ui import Block, Para, load_message
from handlers.digests.making import Words
from handlers.digests.rules import Chooser

READER = DigestReader(1, "ja", "alumnus")
OTHER = DigestReader(2, "en", "employee")


def make_words(pieces: dict[object, str], text: str, like: object, drawn: list[str]) -> Words:
    def draw(role: str) -> tuple[Block, ...]:
        drawn.append(role)
        return (Para((f"{text} for {role}",)),)

    return Words(Policy(), Chooser([DigestOffer((DigestItem(ItemKind.NEWS, "k", draw, like=like),))]), pieces)


def read(words: Words, reader: DigestReader) -> str:
    return str(load_message(words.write(reader, (0,), "monthly")))


def test_a_piece_is_drawn_once_for_each_language_and_role_and_again_in_no_chunk() -> None:
    pieces: dict[object, str] = {}
    drawn: list[str] = []
    for _chunk in range(3):
        words = make_words(pieces, "news", ("k", "shown"), drawn)
        for _reader in range(2):
            assert "news for alumnus" in read(words, READER)
            assert "news for employee" in read(words, OTHER)
    assert sorted(drawn) == ["alumnus", "employee"]


def test_what_has_changed_between_two_chunks_is_drawn_anew() -> None:
    pieces: dict[object, str] = {}
    assert "before" in read(make_words(pieces, "before", ("k", "shown"), []), READER)
    assert "after" in read(make_words(pieces, "after", ("k", "hidden"), []), READER)


def test_without_a_likeness_each_chunk_draws_for_itself() -> None:
    pieces: dict[object, str] = {}
    assert "before" in read(make_words(pieces, "before", None, []), READER)
    assert "after" in read(make_words(pieces, "after", None, []), READER)


def test_the_frame_is_in_the_reader_s_language() -> None:
    words = make_words({}, "news", None, [])
    assert "縁のまとめ便り" in read(words, READER)
    assert "What is new in En" in read(words, OTHER)
