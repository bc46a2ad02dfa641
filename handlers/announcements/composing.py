"""Drafts: written, addressed, looked at, thrown away."""

from collections.abc import Mapping
from datetime import datetime

from bot.i18n import LANGUAGES, _, current_locale, use_locale
from bot.incoming import FormValues
from bot.replies import FormErrors, OpenForm, Private, ReplaceMessage, Reply
from bot.ui import Message
from handlers.announcements import forms, rules, views
from handlers.announcements.actions import SaveNews
from handlers.announcements.audience import audience_form, read_form
from handlers.announcements.desk import Desk, name_kind
from handlers.announcements.drawing import draw
from handlers.announcements.kinds import NEWS, Kind, Text
from handlers.announcements.standing import Reach, Sheet
from storage.models import Announcement, Member
from storage.queries import announcements, audiences
from storage.queries.outbox import Terms, find_best_account, post_to_account
from storage.uow import UnitOfWork


def begin(
    db: UnitOfWork, author: Member, kind: Kind, subject_id: int, texts: Mapping[str, Text], now: datetime
) -> Reply:
    """What a feature has saved becomes a draft, which goes on to its audience, preview and sending; the answer to the
    feature's form or button. `texts` are by language, `ja` or `en`; one of them may be missing. Called again for what
    has a draft already, its words are changed, and there is no second draft."""
    kept = {locale: {"title": text.title, "body": text.body} for locale, text in texts.items()}
    draft = announcements.find_draft(db, kind.name, subject_id)
    if draft is None:
        draft = announcements.add_draft(db, author.id or 0, kind.name, subject_id, kept, now)
    draft.texts, draft.changed_at = kept, now
    return Private(views.begun(Sheet(draft, name_kind(kind.name), author.name)))


# The words


def ask_words(desk: Desk, it: Announcement) -> Reply:
    """[Edit…]."""
    return OpenForm(forms.words_form(SaveNews(it.id or 0), it.texts, it.picture, it.link))


def save(desk: Desk, id: int, values: FormValues) -> Reply:
    """The form with the words. Saved as soon as it is sent off, so a closed window loses nothing."""
    raw = forms.read_words(values)
    texts, problems = rules.read_texts(raw)
    for name in ("picture", "link"):
        if problem := rules.find_address_problem(raw[name]):
            problems[name] = problem
    if problems:
        form = forms.words_form(SaveNews(id), texts, raw["picture"], raw["link"])
        return FormErrors(form, forms.say(problems))
    if id:
        return desk.with_draft(id, lambda it: _keep(desk, it, texts, raw))
    made = announcements.add_draft(desk.db, desk.me.id or 0, NEWS, 0, texts, desk.now)
    desk.note("write", made)
    return _keep(desk, made, texts, raw)


def _keep(desk: Desk, it: Announcement, texts: rules.Texts, raw: Mapping[str, str]) -> Reply:
    it.texts, it.link, it.changed_at = texts, raw["link"], desk.now
    if raw["picture"] != it.picture:
        it.picture, it.picture_problem = raw["picture"], rules.UNCHECKED if raw["picture"] else ""
    return desk.show(it, _("Saved. You can go on now or later."))


def throw_away(desk: Desk, it: Announcement) -> Reply:
    """[Throw away]."""
    desk.note("throw_away", it)
    announcements.drop(desk.db, it)
    return ReplaceMessage(desk.list_page(_("The draft is gone.")))


# For whom


def ask_audience(desk: Desk, it: Announcement) -> Reply:
    """[For whom…]."""
    return OpenForm(audience_form(it.id or 0, it.audience, audiences.list_departments(desk.db)))


def save_audience(desk: Desk, it: Announcement, values: FormValues) -> Reply:
    """The form of [For whom…]."""
    rule, errors = read_form(values)
    if errors:
        return FormErrors(audience_form(it.id or 0, rule, audiences.list_departments(desk.db)), errors)
    it.audience, it.changed_at = rule, desk.now
    return desk.show(it)


# As it will look


def preview(desk: Desk, it: Announcement, note: str = "") -> Reply:
    """[Preview]: in every language in which readers get it."""
    shown = draw_all(desk, it)
    if not shown:
        return desk.show(it, say_gone(it))
    sheet = desk.outline(it)
    reach = Reach(desk.office.count(it))
    return ReplaceMessage(views.preview(Sheet(it, sheet.kind, sheet.author, reach=reach), shown, note))


def draw_all(desk: Desk, it: Announcement) -> list[tuple[str, Message]]:
    """As it looks to readers of each language, mine first; empty when it must not be sent any more."""
    found: list[tuple[str, Message]] = []
    for locale in sorted(LANGUAGES, key=lambda language: language != current_locale()):
        with use_locale(locale):
            made = draw(desk.db, it, desk.me.role, desk.now, desk.office.policy)
        if made is not None:
            found.append((locale, made))
    return found


def say_gone(it: Announcement) -> str:
    """What it is about has been called off, or the feature is gone."""
    return _("What this is about has been called off, so it can't be sent.")


def send_to_me(desk: Desk, it: Announcement) -> Reply:
    """[Send to me]: a message in each language, as its readers get it."""
    account = find_best_account(desk.db, desk.me)
    for locale, message in draw_all(desk, it):
        if account is not None:
            terms = Terms(f"announce:try:{it.id}:{desk.me.id}:{desk.now:%Y%m%d%H%M%S}:{locale}", desk.now)
            post_to_account(desk.db, account, locale, lambda message=message: message, terms)
    return preview(desk, it, _("Sent to you, in both languages."))
