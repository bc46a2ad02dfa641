"""A program that counts a number up in a database, read-modify-write: `python -m tests.storage.counting URL TIMES`.

Several of it at once are what the bot, a replica and the command line are: processes that write to one database.
"""

import asyncio
import sys

from sqlmodel import select

from storage.models import Member
from storage.uow import Store, UnitOfWork


def count_up(db: UnitOfWork) -> int:
    """Reads the number, adds one, writes it."""
    member = db.session.exec(select(Member)).one()
    member.ignored_requests += 1
    return member.ignored_requests


async def count(url: str, times: int) -> None:
    """Counts up in this process, as the bot does: through `run`, several at a time."""
    store = Store(url)
    try:
        for _turn in range(times // 4):
            await asyncio.gather(*(store.run(count_up) for _each in range(4)))
    finally:
        store.close()


if __name__ == "__main__":
    asyncio.run(count(sys.argv[1], int(sys.argv[2])))
