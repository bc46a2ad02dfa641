"""The roster: leavers as HR's list names them, and the invitation codes with which they come in.

A code is derived from the installation's secret, never stored: HR can be shown it again, and a copy of the database
lets nobody in. `RosterEntry.code_hash` serves look-up only.
"""

import hashlib
import hmac
import unicodedata
from datetime import datetime, timedelta

from sqlmodel import col, select

from storage.folding import fold_name, fold_number
from storage.models import Account, RosterEntry
from storage.uow import UnitOfWork

CODE_ALPHABET = "0123456789ACEFHJKMNPRTVWXY"
"""26 characters of which no two look alike; 26^8 codes, so that guessing one of 10,000 takes some 20 million tries."""

_LENGTH = 8
_LOOK_ALIKES = str.maketrans("ODQILZSBGU", "000112586V")
_DASHES = "-‐‑‒–—―−ー─━ｰ_"
"""What people and input methods write for a hyphen; the long vowel mark is on the same key in Japanese."""

_LONGEST_PADDING = 8


def issue_code(db: UnitOfWork, entry: RosterEntry, secret: bytes, valid: timedelta, now: datetime) -> str:
    """A new code for this person, such as `7K3M-XA4P`, good for `valid` from `now`; earlier ones no longer count."""
    while True:
        entry.code_serial += 1
        code = derive_code(secret, entry.id or 0, entry.code_serial)
        entry.code_hash = hash_code(secret, code)
        if not _is_taken(db, entry):
            break
    entry.code_expires_at, entry.code_used_at = now + valid, None
    db.session.add(entry)
    db.session.flush()
    return show_code(code)


def _is_taken(db: UnitOfWork, entry: RosterEntry) -> bool:
    statement = select(RosterEntry.id).where(RosterEntry.code_hash == entry.code_hash, RosterEntry.id != entry.id)
    with db.session.no_autoflush:
        return db.session.exec(statement).first() is not None


def current_code(entry: RosterEntry, secret: bytes) -> str | None:
    """The code that is out, as it was shown; None if there is none, it was used, or the secret has changed since.

    Whether it is past `code_expires_at` is for the caller to see.
    """
    if not entry.code_serial or entry.code_used_at is not None:
        return None
    code = derive_code(secret, entry.id or 0, entry.code_serial)
    return show_code(code) if hmac.compare_digest(hash_code(secret, code), entry.code_hash) else None


def derive_code(secret: bytes, entry_id: int, serial: int) -> str:
    """The eight characters of an entry's `serial`-th code."""
    digest = hmac.digest(secret, f"invitation:{entry_id}:{serial}".encode(), hashlib.sha256)
    number = int.from_bytes(digest, "big")
    characters: list[str] = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(CODE_ALPHABET))
        characters.append(CODE_ALPHABET[place])
    return "".join(characters)


def hash_code(secret: bytes, code: str) -> str:
    """What is stored of a code (eight characters, as `read_code` gives them)."""
    return hmac.digest(secret, f"code:{code}".encode(), hashlib.sha256).hex()


def show_code(code: str) -> str:
    """A code as people read it: in two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def read_code(text: str) -> str | None:
    """The eight characters that somebody typed, or None if that can be no code.

    Width, case, hyphens and spaces don't matter, and what looks alike is the same: O and 0, I and 1, S and 5.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    code = "".join(sign for sign in plain if not sign.isspace() and sign not in _DASHES).translate(_LOOK_ALIKES)
    return code if len(code) == _LENGTH and set(code) <= set(CODE_ALPHABET) else None


def find_by_code(db: UnitOfWork, code: str, secret: bytes) -> RosterEntry | None:
    """Whose latest code this is, also when it was used or is past its date: the caller tells the person which."""
    read = read_code(code)
    if read is None:
        return None
    return db.session.exec(select(RosterEntry).where(RosterEntry.code_hash == hash_code(secret, read))).first()


def find_by_employment(db: UnitOfWork, employee_number: str, name: str, left_month: str) -> RosterEntry | None:
    """Who left in `left_month` (`2026-03`) with that number and name, or None, also when two fit.

    Names are compared folded (see `storage.folding`), with the reading as good as the name. Leading zeros of the
    number don't matter: spreadsheets lose them.
    """
    statement = select(RosterEntry).where(col(RosterEntry.employee_number).in_(list_spellings(employee_number)))
    wanted = fold_name(name)
    fitting = [
        entry
        for entry in db.session.exec(statement).all()
        if wanted and wanted in (fold_name(entry.name), fold_name(entry.kana)) and _month_of(entry) == left_month
    ]
    return fitting[0] if len(fitting) == 1 else None


def list_spellings(employee_number: str) -> list[str]:
    """The number folded and with any usual count of leading zeros."""
    number = fold_number(employee_number)
    bare = number.lstrip("0") or number
    return [number, *("0" * zeros + bare for zeros in range(_LONGEST_PADDING + 1))]


def _month_of(entry: RosterEntry) -> str:
    return f"{entry.left_on:%Y-%m}"


def find_entry(db: UnitOfWork, id: int) -> RosterEntry | None:
    """The entry, or None."""
    return db.session.get(RosterEntry, id)


def get_entry(db: UnitOfWork, id: int) -> RosterEntry:
    """The entry. Raises LookupError if there is none."""
    entry = find_entry(db, id)
    if entry is None:
        raise LookupError(f"no roster entry {id}")
    return entry


def find_by_number(db: UnitOfWork, employee_number: str) -> RosterEntry | None:
    """Whose employee number exactly that is."""
    return db.session.exec(select(RosterEntry).where(RosterEntry.employee_number == employee_number)).first()


def keep_mail_account(db: UnitOfWork, address: str, now: datetime) -> Account:
    """The account behind a private mail address, made at the first invitation. HR writes there knowingly, so that an
    earlier failure counts no more."""
    statement = select(Account).where(Account.platform == "email", Account.external_id == address)
    account = db.session.exec(statement).first()
    if account is None:
        account = Account(platform="email", external_id=address, email=address, created_at=now)
        db.session.add(account)
    account.reachable, account.unreachable_reason = True, ""
    db.session.flush()
    return account
