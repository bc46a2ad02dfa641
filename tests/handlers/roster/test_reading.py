"""Files as HR systems and Excel write them, and files that are something else."""

import codecs
import io
import zipfile

import pytest

from handlers.roster.columns import find_column
from handlers.roster.problems import Column, Fault
from tests.handlers.roster.sheets import HEADER, JANE, MISAKI, SHO, faults, read, sheet

GOOD = sheet(MISAKI, SHO, JANE)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (GOOD.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + GOOD.encode(), "UTF-8 (BOM)"),
        (GOOD.encode("cp932"), "CP932"),
        (GOOD.encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + GOOD.encode("utf-16-be"), "UTF-16"),
        (GOOD.replace("\r\n", "\n").encode(), "UTF-8"),
        (GOOD.replace("\r\n", "\r").encode("cp932"), "CP932"),
        (GOOD.replace(",", "\t").encode("utf-16"), "UTF-16"),
        (GOOD.replace(",", ";").encode("cp932"), "CP932"),
    ],
)
def test_encodings_and_delimiters(data: bytes, encoding: str) -> None:
    parsed = read(data)
    assert parsed.problems == []
    assert parsed.encoding == encoding
    assert [leaver.name for leaver in parsed.leavers] == ["佐藤 美咲", "高橋 翔", "Jane Smith"]
    assert [leaver.line for leaver in parsed.leavers] == [2, 3, 4]


def test_characters_that_only_excel_in_japan_writes() -> None:
    row = MISAKI.replace("佐藤 美咲", "髙﨑 ①子").replace("サトウ", "ｻﾄｳ").replace("設計2課", "㈱設計Ⅱ課")
    parsed = read(sheet(row).encode("cp932"))
    assert (parsed.encoding, parsed.problems) == ("CP932", [])
    (leaver,) = parsed.leavers
    assert (leaver.name, leaver.kana, leaver.department) == ("髙﨑 ①子", "サトウ ミサキ", "㈱設計Ⅱ課")


def test_half_width_kana_alone_is_cp932() -> None:
    text = sheet("1,ｶﾅ,2026/11/30", header="employee_number,name,last_day")
    parsed = read(text.encode("cp932"))
    assert (parsed.encoding, [leaver.name for leaver in parsed.leavers]) == ("CP932", ["ｶﾅ"])


def test_ascii_alone_is_utf_8() -> None:
    parsed = read(sheet("1,Jane Smith,2026/11/30", header="employee_number,name,last_day"))
    assert (parsed.encoding, len(parsed.leavers)) == ("UTF-8", 1)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (GOOD.encode("euc_jp"), "EUC-JP"),
        (GOOD.encode("iso2022_jp"), "ISO-2022-JP"),
        (sheet("1,André Müller,2026/11/30", header="employee_number,name,last_day").encode("latin-1"), ""),
        (b"\xff\xfe\x00\xd8" + GOOD.encode("utf-16-le"), ""),
        (codecs.BOM_UTF8 + GOOD.encode("cp932"), ""),
        (GOOD.encode("cp932") + b"1,\x80,2026/11/30\r\n", ""),
    ],
)
def test_other_encodings_are_refused_by_name(data: bytes, name: str) -> None:
    parsed = read(data)
    (problem,) = parsed.problems
    assert (problem.fault, problem.value, problem.is_of_the_file) == (Fault.ENCODING, name, True)
    assert parsed.leavers == []


def test_the_line_that_breaks_the_encoding_is_named() -> None:
    broken = codecs.BOM_UTF8 + sheet(MISAKI, SHO).encode() + b"\xff\xff\r\n"
    assert faults(read(broken)) == [(4, Fault.ENCODING)]


def make_xlsx() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", (0, Fault.EMPTY)),
        (codecs.BOM_UTF8, (0, Fault.EMPTY)),
        (b" \r\n\r\n", (0, Fault.EMPTY)),
        (HEADER.encode(), (0, Fault.NO_ROWS)),
        (sheet(",,,,,,,,").encode(), (0, Fault.NO_ROWS)),
        (make_xlsx(), (0, Fault.SPREADSHEET)),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, (0, Fault.SPREADSHEET)),
        (sheet(MISAKI, SHO.replace("翔", "\x00")).encode(), (3, Fault.NOT_TEXT)),
        (sheet(MISAKI, '00124,"高橋 翔,タカハシ,2026/12/31').encode(), (3, Fault.QUOTES)),
        (sheet(MISAKI, '00124,"高橋" 翔,タカハシ,2026/12/31').encode(), (3, Fault.QUOTES)),
        (b"<html><table><tr><td>1</td></tr></table></html>", (1, Fault.MISSING_COLUMN)),
    ],
)
def test_files_that_can_not_be_read(data: bytes, found: tuple[int, Fault]) -> None:
    parsed = read(data)
    assert faults(parsed)[-1] == found
    assert parsed.problems[-1].is_of_the_file


def test_a_title_above_the_headings_is_passed_over() -> None:
    parsed = read(f"退職者一覧 2026年11月\r\n\r\n{GOOD}")
    assert parsed.problems == []
    assert [leaver.line for leaver in parsed.leavers] == [4, 5, 6]


def test_lines_are_counted_through_cells_with_line_breaks() -> None:
    two_lines = MISAKI.replace("設計2課", '"設計\r\n2課"')
    parsed = read(sheet(two_lines, SHO.replace("2026/12/31", "いつか")))
    assert faults(parsed) == [(4, Fault.NO_DATE)]
    assert parsed.leavers[0].department == "設計 2課"


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("社員番号", Column.NUMBER),
        ("社員番号（必須）", Column.NUMBER),
        ("【必須】社員番号", Column.NUMBER),
        ("社員Ｎｏ．", Column.NUMBER),
        ("Employee Number", Column.NUMBER),
        ("employee_number", Column.NUMBER),
        ("Employee ID", Column.NUMBER),
        ("氏名", Column.NAME),
        ("氏 名", Column.NAME),
        ("氏名（カナ）", Column.KANA),
        ("ふりがな", Column.KANA),
        ("ﾌﾘｶﾞﾅ", Column.KANA),
        ("退職日", Column.LEFT),
        ("退職年月日", Column.LEFT),
        ("Last day", Column.LEFT),
        ("入社日", Column.JOINED),
        ("Hire Date", Column.JOINED),
        ("所属部署", Column.DEPARTMENT),
        ("E-mail", Column.EMAIL),
        ("私用メールアドレス", Column.EMAIL),
        ("職種", Column.JOB),
        ("言語", Column.LANGUAGE),
        ("姓", Column.FAMILY_NAME),
        ("名", Column.GIVEN_NAME),
        ("個人番号", None),
        ("電話番号", None),
        ("", None),
    ],
)
def test_headings(heading: str, column: Column | None) -> None:
    assert find_column(heading) is column


@pytest.mark.parametrize(
    ("header", "fault", "column"),
    [
        ("氏名,退職日,メール", Fault.MISSING_COLUMN, Column.NUMBER),
        ("社員番号,退職日,メール", Fault.MISSING_COLUMN, Column.NAME),
        ("社員番号,姓,退職日", Fault.MISSING_COLUMN, Column.NAME),
        ("社員番号,氏名,メール", Fault.MISSING_COLUMN, Column.LEFT),
        ("社員番号,氏名,退職日,退職年月日", Fault.DOUBLE_COLUMN, Column.LEFT),
    ],
)
def test_headings_that_do_not_do(header: str, fault: Fault, column: Column) -> None:
    (problem,) = read(sheet("1,2,3", header=header)).problems
    assert (problem.line, problem.fault, problem.column) == (1, fault, column)
    assert problem.is_of_the_file


def test_headings_that_mean_nothing_are_told() -> None:
    parsed = read(sheet("00123,佐藤 美咲,2026/11/30,03-1234-5678", header="社員番号,氏名,退職日,電話番号"))
    assert parsed.unused == ("電話番号",)
    assert len(parsed.leavers) == 1


def test_names_in_two_columns_become_one() -> None:
    header = "社員番号,姓,名,セイ,メイ,退職日"
    (leaver,) = read(sheet("00123,佐藤,美咲,ｻﾄｳ,みさき,2026/11/30", header=header)).leavers
    assert (leaver.name, leaver.kana) == ("佐藤 美咲", "サトウ ミサキ")
