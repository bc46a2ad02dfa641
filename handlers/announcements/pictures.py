"""Looking at the pictures of drafts, outside of any transaction."""

from bot.feature import Step
from bot.ports import Pictures
from handlers.announcements import notices
from handlers.announcements.desk import Office
from storage.queries import announcements
from storage.queries.members import get_member


async def work(step: Step) -> bool:
    """The errand: each picture that nobody has looked at yet. Broken off, it is looked at again."""
    waiting = await step(list_unchecked)
    if waiting:
        pictures = await step(get_pictures)
        for id, url in waiting:
            await step(note_picture, id, url, await pictures.find_problem(url))
    return bool(waiting)


def list_unchecked(office: Office) -> list[tuple[int, str]]:
    """The drafts with such a picture, and its address."""
    return list(announcements.list_unchecked(office.db))


def get_pictures(pictures: Pictures) -> Pictures:
    """What looks at them."""
    return pictures


def note_picture(id: int, url: str, problem: str, office: Office) -> None:
    """Keeps what was found; the author hears of what is wrong."""
    if not announcements.note_picture(office.db, id, url, problem) or not problem:
        return
    it = announcements.hold(office.db, id)
    if it is not None:
        author = get_member(office.db, it.author_id)
        key = f"{id}:picture:{office.now:%Y%m%d%H%M%S}"
        office.tell(author, key, lambda: notices.picture_problem(it))
