"""Bytes become text in whatever way Japanese mail programs write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.email.charsets import decode

JAPANESE = st.text(alphabet="あいうえおかきくけこ漢字電池量産アイウ、。ー（）ABCxyz019 \n", max_size=80)


@given(JAPANESE, st.sampled_from(["iso-2022-jp", "shift_jis", "euc-jp", "utf-8"]))
def test_what_was_written_is_read(text: str, charset: str) -> None:
    assert decode(text.encode(charset), charset.upper()) == text


def test_signs_of_programs_beyond_the_standard() -> None:
    assert decode("①㈱髙ﾃ～".encode("cp932"), "Shift_JIS") == "①㈱髙ﾃ～"
    assert decode(b"\x1b$B-!-j\x1b(B x\x1b(I1\x1b(B", "ISO-2022-JP") == "①㈱ xｱ"
    assert decode(b'\x1b$B$"\n$$', "iso-2022-jp") == "あ\nい", "a line that never goes back to ASCII"


@given(st.integers(0x21, 0x74), st.integers(0x21, 0x7E))
def test_every_character_of_the_standard_is_what_python_takes_it_for(row: int, cell: int) -> None:
    data = b"\x1b$B" + bytes((row, cell)) + b"\x1b(B"
    try:
        expected = data.decode("iso2022_jp")
    except UnicodeDecodeError:
        return
    windows = dict(zip("〜‖−¢£¬", "～∥－￠￡￢", strict=True))  # the same signs, by their Windows code points
    assert decode(data, "iso-2022-jp") == windows.get(expected, expected)


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("日本".encode(), "", "日本"),
        ("日本".encode(), "us-ascii", "日本"),
        ("日本".encode("cp932"), "x-unknown", "日本"),
        ("日本".encode("cp932"), "utf-8", "日本"),
        ("é€".encode("cp1252"), "iso-8859-1", "é€"),
        ("汉".encode("gb18030"), "gb2312", "汉"),
        (b"\xff\xfe\xfa", "utf-8", "\ufffd\ufffd\ufffd"),
        (b"a\xff", "euc-kr", "a\ufffd"),
        (b"\x1b$B\x24", "iso-2022-jp", "?"),
        (b"\x1b$(D\x30\x21\x1b(Bx", "iso-2022-jp-1", "\ufffdx"),
        (b"x", '"UTF-8"', "x"),
        (b"x", "base64", "x"),
    ],
)
def test_wrong_and_broken_names(data: bytes, charset: str, text: str) -> None:
    assert decode(data, charset) == text


@given(st.binary(max_size=200), st.sampled_from(["iso-2022-jp", "shift_jis", "utf-8", "", "nonsense", "rot13", "hex"]))
def test_any_bytes_are_read(data: bytes, charset: str) -> None:
    decode(data, charset)
