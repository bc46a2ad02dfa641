"""What somebody wrote in a mail, without what their program added: the mail they answer, and their signature. Pure.

What is passed on must not hold the history: it names addresses, and one of them, the signed reply address, is as good
as a key. So in doubt a line goes. Programs and their forms, in English and Japanese: Gmail, Outlook, Apple Mail,
Thunderbird, Yahoo, Becky, mobile carriers.
"""

import re
from collections.abc import Iterator

_RULE = r"[-_=*~#+─━―—–‐ー＝＿＊・･◆◇■□●○☆★♪]"

_ORIGINAL = re.compile(
    rf"\s*{_RULE}{{2,}}\s*(Original Message|Original Appointment|Forwarded message|Reply message|Replied Message|"
    rf"元のメッセージ|元のメール|転送メッセージ|転送されたメッセージ|返信元メッセージ|受信メッセージ)\s*{_RULE}{{2,}}\s*",
    re.IGNORECASE,
)
"""`-----Original Message-----`, and what stands for it."""

_FIELD = re.compile(
    r"[\s*＊]*(From|Sent|Date|To|Cc|Subject|Reply-To|差出人|送信者|送信元|送信日時|送信日|日時|日付|宛先|件名|返信先|"
    r"ＣＣ|CC)\s*[*＊]?\s*[:：]",
    re.IGNORECASE,
)
"""A line of the head of headers that Outlook and others put above what is answered."""
_SENDER_FIELD = re.compile(r"[\s*＊]*(From|差出人|送信者|送信元)\s*[*＊]?\s*[:：]", re.IGNORECASE)

_DATE = (
    r"(\d{4}\s*[年/.\-]\s*\d{1,2}\s*[月/.\-]\s*\d{1,2}"  # 2026年11月20日, 2026/11/20, 2026-11-20
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}"  # 11/20/26
    r"|\d{1,2}\s+[A-Z][a-z]{2,8}\.?,?\s+\d{4}"  # 20 November 2026
    r"|[A-Z][a-z]{2,8}\.?\s+\d{1,2},?\s+\d{4}"  # Nov 20, 2026
    r"|(\d{1,2}月\d{1,2}日))"
)
_WROTE = re.compile(
    rf"\s*(On|Am|Le)\b.{{0,250}}?{_DATE}.{{0,250}}?(wrote|schrieb|a écrit|writes?)\s*[:：]?\s*$|"
    rf"\s*[(（]?{_DATE}.{{0,250}}?(wrote\s*[:：]|のメール\s*[:：]|さん?は書きました\s*[:：]?|の発言\s*[:：]|より\s*[:：]|"
    rf"<[^<>@\s]+@[^<>\s]+>\s*[:：])\s*$"
)
"""`On Fri, 20 Nov 2026, … wrote:`, `2026年11月20日(金) 10:02 縁 <…>:`, `2026/11/20 10:02、縁 <…>のメール:`."""
_SOMEBODY_WROTE = re.compile(r"\s*\S.{0,250}(さんは書きました|さんが書きました|wrote)\s*[:：]\s*$")
"""The same without a date: it counts only above quoted lines."""
_LONGEST_HEADER = 4
"""Lines that a program may break such a header into."""
_LONGEST_LINE = 600
"""Characters; a header is never longer."""

_SENT_FROM = re.compile(
    r"\s*(Sent from my |Sent from (Outlook|Mail|Yahoo|Proton|Samsung|Gmail)|Get Outlook for |Sent via |"
    r"Outlook for (iOS|Android) ?(を入手|を取得)|"
    r".{0,20}(iPhone|iPad|Android|スマートフォン|スマホ|Xperia|Galaxy|Outlook for iOS|Outlook|Yahoo!メール|Gmail)"
    r"(携帯|端末|アプリ)?から送信(しています)?\s*$)",
    re.IGNORECASE,
)
_DASHES = re.compile(r"\s?--\s?$")
"""The mark before a signature (RFC 3676, 4.3), with or without its space."""
_RULED = re.compile(rf"\s*({_RULE}\s?){{5,}}")
"""The line that Japanese signatures begin (and mostly end) with."""
_CONTACT = re.compile(
    r"[^\s@]+@[^\s@]+\.[a-z]{2,}|https?://|www\.|〒|\b(tel|fax|phone|mobile|e-?mail)\b|(電話|携帯|内線|住所)\s*[:：]?|"
    r"\+?\d{2,4}[-(）).\s]{1,2}\d{2,4}[-).\s]{1,2}\d{3,4}",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE = 15
_LONGEST_TEXT = 100_000
_NOBODY = re.compile(r"(?!)")


def find_own_words(text: str, ours: re.Pattern[str] = _NOBODY) -> str:
    """The text that the sender wrote, "" if there is none. `ours` finds addresses of ours: a header that names one is
    the head of what is answered, in whatever language it is written; elsewhere they are taken out."""
    plain = text[:_LONGEST_TEXT].replace("\r\n", "\n").replace("\xa0", " ").replace("\ufeff", "")
    kept = _drop_signature(_drop_history([line.rstrip() for line in plain.split("\n")], ours))
    return re.sub(r"\n{3,}", "\n\n", ours.sub("", "\n".join(kept)).strip("\n \t\u3000"))


def _drop_history(lines: list[str], ours: re.Pattern[str]) -> list[str]:
    """Without what is answered. Where answers stand between quoted lines, they stay."""
    kept: list[str] = []
    number = 0
    while number < len(lines):
        length = _measure_header(lines, number, ours)
        if length and not _is_quoted(_next_words(lines, number + length)):
            break
        if not length and not _is_quoted(lines[number]):
            kept.append(lines[number])
        number += length or 1
    return kept


def _measure_header(lines: list[str], number: int, ours: re.Pattern[str]) -> int:
    """How many lines the head of what is answered has, if it begins here; else 0."""
    line = lines[number]
    if not line.strip() or _is_quoted(line) or len(line) > _LONGEST_LINE:
        return 0
    if _ORIGINAL.fullmatch(line) or _begins_fields(lines, number):
        return 1 + len(_list_fields(lines, number + 1))
    if _SOMEBODY_WROTE.match(line) and _is_quoted(_next_words(lines, number + 1)):
        return 1
    return next((length for length, joined in _join(lines, number) if _is_header(joined, ours)), 0)


def _join(lines: list[str], number: int) -> Iterator[tuple[int, str]]:
    """What a header may be that begins here: the line, and with it those into which it may have been broken."""
    joined = lines[number].strip()
    yield 1, joined
    if not _may_go_on(joined):
        return
    for length in range(2, _LONGEST_HEADER + 1):
        following = lines[number + length - 1 : number + length]
        if not following or not following[0].strip() or _may_go_on(following[0]):
            return
        joined = f"{joined} {following[0].strip()}"
        yield length, joined


def _is_header(line: str, ours: re.Pattern[str]) -> bool:
    if len(line) > _LONGEST_LINE:
        return False
    if _WROTE.match(line):
        return True
    # `Von: … <ours>`, `Am 20.11.2026 … <ours>:`, in any language; but not any sentence that names us
    return ours.search(line) is not None and re.search(r"^\s*[*＊]?[^\s:：]{1,20}\s*[:：]|[:：>]\s*$", line) is not None


def _begins_fields(lines: list[str], number: int) -> bool:
    """Whether headers begin here: a sender, and at least one more. A rule may stand above them."""
    start = number + 1 if _RULED.fullmatch(lines[number]) else number
    if start >= len(lines) or not _SENDER_FIELD.match(lines[start]):
        return False
    return any(True for _ in _list_fields(lines, start + 1))


def _list_fields(lines: list[str], number: int) -> list[str]:
    found: list[str] = []
    for line in lines[number : number + 8]:
        if not _FIELD.match(line):
            break
        found.append(line)
    return found


def _may_go_on(line: str) -> bool:
    """Whether a header that was broken may begin with this line: it tells a date, or begins as English ones do."""
    return re.match(rf"\s*On\s|.{{0,60}}{_DATE}", line) is not None


def _next_words(lines: list[str], number: int) -> str:
    return next((line for line in lines[number:] if line.strip()), "")


def _is_quoted(line: str) -> bool:
    return re.match(r"\s{0,3}[>＞]", line) is not None


def _drop_signature(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        rest = [each for each in lines[number + 1 :] if each.strip()]
        if _DASHES.fullmatch(line) and len(rest) <= _LONGEST_SIGNATURE:
            return lines[:number]
        if _RULED.match(line) and _is_signature(line, rest):
            return lines[:number]
    return _drop_last(lines)


def _is_signature(first: str, rest: list[str]) -> bool:
    """A ruled block at the end that tells how to reach somebody."""
    short = len(rest) <= _LONGEST_SIGNATURE and all(len(line) <= 80 for line in rest)
    return short and any(_CONTACT.search(line) for line in (first, *rest))


def _drop_last(lines: list[str]) -> list[str]:
    """Without the line that tells of a phone or program."""
    kept = list(lines)
    while kept and (not kept[-1].strip() or _SENT_FROM.match(kept[-1])):
        kept.pop()
    return kept
