"""Headings of the lists that HR systems write, in Japanese and English."""

import unicodedata

from handlers.roster.problems import Column

_HEADINGS = {
    Column.NUMBER: (
        "社員番号 社員No 社員コード 社員ID 従業員番号 従業員コード 従業員No 職員番号 "
        "employee_number employee_no employee_id employee_code emp_no emp_id staff_number staff_id personnel_number"
    ),
    Column.NAME: "氏名 名前 姓名 社員名 社員氏名 従業員名 氏名（漢字） 漢字氏名 name full_name employee_name",
    Column.LEFT: (
        "退職日 退職年月日 退職予定日 退社日 退社年月日 離職日 離職年月日 "
        "left_on left leaving_date leave_date last_day last_date termination_date end_date date_of_leaving"
    ),
    Column.KANA: (
        "フリガナ カナ 氏名カナ 氏名（カナ） カナ氏名 氏名フリガナ 氏名（フリガナ） 読み 読み仮名 よみがな よみ "
        "kana furigana reading name_kana phonetic_name"
    ),
    Column.JOINED: (
        "入社日 入社年月日 採用日 採用年月日 joined_on joined joining_date join_date hire_date hired_on start_date"
    ),
    Column.DEPARTMENT: (
        "部署 部署名 所属 所属名 部門 所属部署 所属部門 最終所属 退職時所属 最終部署 department dept division unit"
    ),
    Column.EMAIL: (
        "メール メールアドレス Eメール E-mailアドレス 個人メール 個人メールアドレス 私用メール 私用メールアドレス "
        "連絡先メール 連絡先メールアドレス email email_address mail mail_address private_email personal_email"
    ),
    Column.JOB: "職種 職務 役職 job job_title title position",
    Column.LANGUAGE: "言語 希望言語 使用言語 language lang preferred_language",
    Column.FAMILY_NAME: "姓 氏 苗字 名字 family_name last_name surname",
    Column.GIVEN_NAME: "名 given_name first_name",
    Column.FAMILY_KANA: "セイ 姓カナ 姓（カナ） 姓フリガナ family_name_kana last_name_kana",
    Column.GIVEN_KANA: "メイ 名カナ 名（カナ） 名フリガナ given_name_kana first_name_kana",
}

_IGNORED = "()[]「」【】_-.:*※#\"'"
_MARKS = ("必須", "任意", "required", "optional")


def find_column(heading: str) -> Column | None:
    """The column that a heading names, whatever its width, case, brackets and marks such as 「（必須）」, or None."""
    return _KNOWN.get(_fold(heading))


def _fold(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading).casefold()
    plain = "".join(sign for sign in text if sign not in _IGNORED and not sign.isspace())
    for mark in _MARKS:
        plain = plain.removesuffix(mark).removeprefix(mark)
    return "".join(chr(ord(sign) + 0x60) if "ぁ" <= sign <= "ゖ" else sign for sign in plain)


_KNOWN = {_fold(heading): column for column, headings in _HEADINGS.items() for heading in headings.split()}
