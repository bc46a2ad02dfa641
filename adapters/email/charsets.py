"""Bytes of a mail as text, in the character sets that Japanese mails come in. Pure."""

import codecs
import re

_ESCAPES = re.compile(rb"\x1b(\$[@B]|\$\(D|\([BJIH])")
_WIDER = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "euc-jp": "euc_jis_2004",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "iso-8859-1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "": "utf-8",
}
"""What programs really mean by a name."""


def decode(data: bytes, charset: str) -> str:
    """The text, with a mark for what can't be read. A name that is unknown, or plain ASCII, is tried as UTF-8 and then
    as what Windows uses in Japan."""
    name = charset.strip().strip("'\"").casefold()
    if name.startswith(("iso-2022-jp", "csiso2022jp", "cp5022")):
        return _decode_jis(data)
    try:
        return data.decode(codecs.lookup(_WIDER.get(name, name)).name)
    except LookupError:
        return _guess(data)
    except (UnicodeDecodeError, ValueError):
        return _guess(data) if name in ("", "us-ascii", "ascii", "utf-8") else _replace(data, _WIDER.get(name, name))


def _replace(data: bytes, name: str) -> str:
    return data.decode(name, errors="replace")


def _guess(data: bytes) -> str:
    for name in ("utf-8", "cp932"):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")


def _decode_jis(data: bytes) -> str:
    """ISO-2022-JP with what programs put into it beyond the standard: ①, ㈱, half-width kana. Python's own codec
    refuses those; as Shift_JIS of Windows they can be read."""
    pieces = _ESCAPES.split(data)
    read = [_read_run(b"(B", pieces[0])]
    read += [_read_run(mode, run) for mode, run in zip(pieces[1::2], pieces[2::2], strict=True)]
    return "".join(read)


def _read_run(mode: bytes, run: bytes) -> str:
    if mode in (b"$@", b"$B"):
        # A line may end without the way back to ASCII; control characters stand for themselves in every set.
        return "".join(_read_kanji(part) for part in re.split(rb"([\x00-\x20]+)", run))
    if mode == b"(I":
        return bytes(byte | 0x80 if 0x20 < byte < 0x60 else byte for byte in run).decode("cp932", errors="replace")
    if mode == b"$(D":
        return "\ufffd" * (len(run) // 2)
    return run.decode("cp932", errors="replace") if any(byte > 0x7F for byte in run) else run.decode("ascii")


def _read_kanji(run: bytes) -> str:
    if not run or run[0] <= 0x20:
        return run.decode("ascii")
    pairs = (run[start : start + 2] for start in range(0, len(run), 2))
    return b"".join(_to_shift_jis(pair) for pair in pairs).decode("cp932", errors="replace")


def _to_shift_jis(pair: bytes) -> bytes:
    """JIS X 0208 row and cell as the two bytes of Shift_JIS."""
    if len(pair) < 2 or not (0x21 <= pair[0] <= 0x7E and 0x21 <= pair[1] <= 0x7E):
        return b"?"
    row, cell = pair
    first = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    second = cell + (0x1F if row % 2 else 0x7E)
    return bytes((first, second + 1 if row % 2 and second > 0x7E else second))
