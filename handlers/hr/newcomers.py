"""People who were in a workspace before Musubi: whether they are welcomed is for HR to say."""

from datetime import datetime

from bot.feature import Due
from bot.i18n import _, ngettext, prose
from bot.replies import ReplaceMessage, Reply
from bot.ui import Block, Bold, Button, Buttons, Heading, Message, Note
from handlers.hr.actions import AnswerNewcomers
from handlers.hr.alerts import tell_hr
from handlers.hr.desk import Desk
from handlers.names import PLATFORMS
from storage.models import Greets, Workspace
from storage.queries.newcomers import find_workspace
from storage.uow import UnitOfWork


def ask_about_newcomers(db: UnitOfWork, due: Due, now: datetime) -> None:
    """Asks everybody in HR, once."""
    workspace = find_workspace(db, due.subject_id)
    if workspace is not None and workspace.greets == Greets.ASK and workspace.missed:
        tell_hr(db, f"hr.newcomers:{workspace.id}:{due.step}", lambda: question(workspace), now)


def answer_newcomers(desk: Desk, action: AnswerNewcomers) -> Reply:
    """What HR says holds from the next morning on; the first answer counts."""
    workspace = find_workspace(desk.db, action.id)
    if workspace is None or action.greets not in (Greets.ALL, Greets.NOBODY):
        return ReplaceMessage(settled(Greets.ASK))
    if workspace.greets == Greets.ASK:
        workspace.greets = action.greets
        desk.note(f"newcomers.{action.greets}", f"workspace:{workspace.id}", f"missed={workspace.missed}")
    return ReplaceMessage(settled(Greets(workspace.greets)))


def question(workspace: Workspace) -> Message:
    """Shall those who were there before be welcomed?"""
    platform = PLATFORMS.get(workspace.platform, workspace.platform)
    count = ngettext("{n} person", "{n} people", workspace.missed).format(n=workspace.missed)
    summary = _("Shall Musubi welcome those who are in {platform} already?").format(platform=platform)
    blocks: tuple[Block, ...] = (
        Heading(summary),
        prose(
            _(
                "{count} were there before Musubi, and it has not written to them. From tomorrow morning it can send "
                "each of them its welcome, or it can leave it to them to write."
            ),
            count=Bold(count),
        ),
        Buttons(
            (
                Button(_("Welcome them"), AnswerNewcomers(workspace.id or 0, Greets.ALL)),
                Button(_("Don't write"), AnswerNewcomers(workspace.id or 0, Greets.NOBODY)),
            )
        ),
    )
    return Message(summary, blocks)


def settled(greets: Greets) -> Message:
    """What was decided."""
    match greets:
        case Greets.ALL:
            text = _("From tomorrow at 9:00 Musubi welcomes those who were there before it.")
        case Greets.NOBODY:
            text = _("Musubi does not write to those who were there before it. They can write to it at any time.")
        case Greets.ASK:
            text = _("This is settled. Whoever joins from now on is welcomed as always.")
    return Message(text, (Note((text,), tone="done"),))
