"""Editing the profile and the preferences, and telling the latest news."""

from datetime import datetime

from bot.failures import UserError
from bot.i18n import _, use_locale
from bot.incoming import Command, FormValues
from bot.policy import Policy
from bot.replies import OpenForm, Private, ReplaceMessage, Reply
from bot.routing import Router
from handlers.profile import views, words
from handlers.profile.actions import EditChoices, EditProfile, ShareNews, WriteNews
from handlers.profile.forms import Frame, news_form
from handlers.profile.rules import LONGEST_NEWS, News
from handlers.profile.steps import open_about, open_choices, submit_about, submit_choices
from storage.models import Member
from storage.queries.status import tell_news
from storage.queries.topics import list_topics
from storage.uow import UnitOfWork

router = Router()


def _profile_frame() -> Frame:
    return Frame(_("Your profile"), _("Save"), EditProfile())


def _choices_frame() -> Frame:
    return Frame(_("Preferences"), _("Save"), EditChoices())


@router.command("alumni profile", words=("profile", "プロフィール"), about=lambda: _("Edit your profile"))
def ask_profile(command: Command, db: UnitOfWork, me: Member) -> Reply:
    """`/alumni profile`: the form, with what is known."""
    return OpenForm(open_about(db, me, _profile_frame()))


@router.button(EditProfile)
def edit_profile(pressed: EditProfile, db: UnitOfWork, me: Member) -> Reply:
    """[Edit profile]."""
    return OpenForm(open_about(db, me, _profile_frame()))


@router.form(EditProfile)
def save_profile(form: EditProfile, values: FormValues, db: UnitOfWork, me: Member, now: datetime) -> Reply:
    """Saves the profile and shows it."""
    errors = submit_about(db, me, _profile_frame(), values, now)
    return errors or Private(views.saved(me, list_topics(db, [me.id or 0]).get(me.id or 0, ())))


@router.command("alumni settings", words=("settings", "設定"), about=lambda: _("Change your preferences"), menu=False)
def ask_choices(command: Command, db: UnitOfWork, me: Member, policy: Policy) -> Reply:
    """`/alumni settings`: consents, visibility, quiet hours and the rest."""
    return OpenForm(open_choices(db, me, _choices_frame(), policy))


@router.button(EditChoices)
def edit_choices(pressed: EditChoices, db: UnitOfWork, me: Member, policy: Policy) -> Reply:
    """[Preferences]."""
    return OpenForm(open_choices(db, me, _choices_frame(), policy))


@router.form(EditChoices)
def save_choices(
    form: EditChoices, values: FormValues, db: UnitOfWork, me: Member, now: datetime, policy: Policy
) -> Reply:
    """Saves the preferences; the answer is in the language just chosen."""
    errors = submit_choices(db, me, _choices_frame(), values, now, policy)
    if errors is not None:
        return errors
    with use_locale(me.language):
        return Private(views.choices_saved(), locale=me.language)


@router.command("alumni status", words=("status", "近況"), about=lambda: _("Tell your latest news"))
def tell(command: Command, db: UnitOfWork, me: Member, now: datetime) -> Reply:
    """`/alumni status TEXT`: TEXT becomes the latest news; without it, ready-made ones to press."""
    text = command.text.strip()
    if not text:
        return Private(views.ask_news(me.latest_news))
    if len(text) > LONGEST_NEWS:
        problem = _("Please keep your news to {n} characters; these are {count}. Nothing was changed.")
        raise UserError(problem.format(n=LONGEST_NEWS, count=len(text)))
    tell_news(db, me, text, now)
    return Private(views.news_saved(me))


@router.button(ShareNews)
def share_news(pressed: ShareNews, db: UnitOfWork, me: Member, now: datetime) -> Reply:
    """One of the ready-made news."""
    if pressed.choice in list(News):
        tell_news(db, me, words.news_text(News(pressed.choice)), now)
    return ReplaceMessage(views.news_saved(me))


@router.button(WriteNews)
def write_news(pressed: WriteNews, me: Member) -> Reply:
    """[In my own words]."""
    return OpenForm(news_form(_news_frame(), me.latest_news))


@router.form(WriteNews)
def save_news(form: WriteNews, values: FormValues, db: UnitOfWork, me: Member, now: datetime) -> Reply:
    """Saves the latest news."""
    tell_news(db, me, values.text("latest_news")[:LONGEST_NEWS], now)
    return Private(views.news_saved(me))


def _news_frame() -> Frame:
    return Frame(_("Latest news"), _("Share"), WriteNews())
