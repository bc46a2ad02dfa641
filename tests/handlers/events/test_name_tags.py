"""Name tags, read back and drawn by another library: what stands on them, where, and how large."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pypdfium2
import pytest

from handlers.events.name_tags import HEIGHT, MOST_TOPICS, WIDTH, Tag, fit, list_missing, print_tags

MISAKI = Tag("佐藤 美咲", "さとう みさき", "電池開発部", topics=("電池開発", "量産立ち上げ", "スタートアップ", "英語"))
SHO = Tag("高橋 翔", "たかはし しょう", "設計2課", former=False)
A4 = (595.28, 841.89)


@contextmanager
def opened(data: bytes) -> Generator[Any]:
    """The PDF as another program has it."""
    other_library: Any = pypdfium2
    pdf = other_library.PdfDocument(data)
    yield pdf
    pdf.close()


def read_pages(data: bytes) -> list[str]:
    """The text of each page."""
    with opened(data) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def test_everything_can_be_read_back() -> None:
    (page,) = read_pages(print_tags("電池の夕べ", [MISAKI, SHO], "ja"))
    for text in ("電池の夕べ", "さとう みさき", "佐藤 美咲", "元 電池開発部", "高橋 翔", "設計2課"):
        assert text in page
    assert "元 設計2課" not in page
    assert "量産立ち上げ" in page
    assert "英語" not in page, f"{MOST_TOPICS} topics have room"


def test_our_own_words_are_in_the_language_asked_for() -> None:
    (page,) = read_pages(print_tags("Battery evening", [MISAKI], "en"))
    assert "formerly 電池開発部" in page


@pytest.mark.parametrize(("people", "pages"), [(1, 1), (10, 1), (11, 2), (95, 10)])
def test_ten_stand_on_a_sheet(people: int, pages: int) -> None:
    data = print_tags("x", [Tag(f"山田 {number}") for number in range(people)], "ja")
    found = read_pages(data)
    assert len(found) == pages
    assert f"山田 {people - 1}" in found[-1]
    with opened(data) as pdf:
        assert pdf[0].get_size() == pytest.approx(A4, abs=0.1)


def test_the_font_is_in_the_file_and_the_file_is_small() -> None:
    data = print_tags("x", [MISAKI] * 300, "ja")
    assert b"/FontFile2" in data
    assert b"NotoSansJP" in data
    assert len(data) < 100_000


@pytest.mark.parametrize(
    "name",
    [
        "Wolfeschlegelsteinhausenbergerdorff-Johannes Maximilian von Hohenzollern",
        "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末食う寝る処に住む処",
        "<!channel> & <b>" * 20,
        "名" * 500,
    ],
)
def test_long_names_shrink_and_stay_on_their_tag(name: str) -> None:
    text, size = fit(name, 28, 11)
    assert 11 <= size < 28
    assert text[:8] == name[:8]
    with opened(print_tags("x", [Tag(name, name, name, topics=(name,))], "ja")) as pdf:
        page = pdf[0].get_textpage()
        boxes = [page.get_rect(number) for number in range(page.count_rects())]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    assert right - left <= WIDTH
    assert left >= 14 * 72 / 25.4
    assert right <= 14 * 72 / 25.4 + WIDTH


def test_each_tag_stands_in_its_own_field() -> None:
    tags = [Tag(f"人{number}", "かな", "部署", topics=("話題",)) for number in range(10)]
    with opened(print_tags("会", tags, "ja")) as pdf:
        page = pdf[0].get_textpage()
        boxes = [page.get_rect(number) for number in range(page.count_rects())]
    lines_from_top = [(A4[1] - 11 * 72 / 25.4 - box[3], A4[1] - 11 * 72 / 25.4 - box[1]) for box in boxes]
    assert all(int(top // HEIGHT) == int(bottom // HEIGHT) for top, bottom in lines_from_top), "nothing is cut through"


def test_the_department_is_large_and_the_name_larger() -> None:
    with opened(print_tags("会", [MISAKI], "ja")) as pdf:
        page = pdf[0].get_textpage()
        sizes = {page.get_text_bounded(*page.get_rect(n)).strip(): page.get_rect(n) for n in range(page.count_rects())}
    heights = {text: box[3] - box[1] for text, box in sizes.items()}
    assert heights["佐藤 美咲"] > heights["元 電池開発部"] > 1.3 * heights["さとう みさき"]


def test_a_drawn_sheet_has_ink_on_every_tag_and_none_between_sheets_edges() -> None:
    with opened(print_tags("会", [MISAKI] * 10, "ja")) as pdf:
        picture = pdf[0].render(scale=1).to_pil().convert("L")
    across, down = int(WIDTH), int(HEIGHT)
    for place in range(10):
        left, top = 40 + place % 2 * across, 31 + place // 2 * down
        dark = sum(
            count
            for value, count in enumerate(picture.crop((left, top, left + across, top + down)).histogram())
            if value < 100
        )
        assert dark > 150, f"tag {place} is empty"


def test_rare_signs_of_names_are_there_and_others_are_told() -> None:
    rare = [Tag(name) for name in ("髙橋", "山﨑", "𠮷野", "𣘺本", "渡邉", "濵田", "Zoë Brontë")]
    assert list_missing(rare) == []
    assert list_missing([*rare, Tag("김민준"), Tag("张伟")]) == ["김민준", "张伟"]
    (page,) = read_pages(print_tags("x", [Tag("김민준", "キム・ミンジュン")], "ja"))
    assert "〓" in page
    assert "キム・ミンジュン" in page


def test_a_decomposed_sign_is_written_as_one() -> None:
    assert list_missing([Tag("か\u3099とう")]) == []
    (page,) = read_pages(print_tags("x", [Tag("か\u3099とう")], "ja"))
    assert "がとう" in page
