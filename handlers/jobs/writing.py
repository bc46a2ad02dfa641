"""Writing a job down, and opening it."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.i18n import _
from bot.incoming import FormValues
from bot.replies import FormErrors, Private, Reply
from bot.ui import Form
from handlers import announcements
from handlers.jobs import actions, closing, forms, people_views
from handlers.jobs.announcing import KIND
from handlers.jobs.desk import Desk, note
from handlers.jobs.rules import Draft, apply, check_draft
from storage.models import Job, Member
from storage.queries import jobs as queries
from storage.queries.joining import search_employees
from storage.queries.members import get_member


def new_form(desk: Desk) -> Form:
    """For a new job."""
    return forms.job_form(actions.Save(0, 1), Draft(), "", desk.today)


def edit_form(desk: Desk, job: Job) -> Form:
    """For a job that there is: of a closed one the old date is left out."""
    contact = get_member(desk.db, job.contact_id).name if job.contact_id else ""
    closes = job.closes_on if job.closes_on >= desk.today else None
    draft = Draft(job.title_ja, job.text_ja, job.title_en, job.text_en, job.kind, job.place, job.url, closes)
    return forms.job_form(actions.Save(job.id or 0, 0), draft, contact, desk.today)


def save(desk: Desk, me: Member, form: actions.Save, job: Job | None, values: FormValues) -> Reply:
    """Keeps the job and opens it; a new one goes on to its announcement. Nothing is kept while anything is wrong."""
    draft, day_error = _read(values)
    contact, contact_error = _find_contact(desk, values.text("contact"), job)
    errors = check_draft(draft, desk.today)
    errors |= {"closes_on": day_error} if day_error else {}
    errors |= {"contact": contact_error} if contact_error else {}
    if errors:
        return FormErrors(forms.job_form(form, draft, values.text("contact"), desk.today), errors)
    kept = _keep(desk, me, draft, contact, job)
    if not form.goes_out:
        return Private(people_views.saved(kept))
    return announce(desk, me, kept)


def announce(desk: Desk, me: Member, job: Job) -> Reply:
    """On to the job's readers: a draft of an announcement, with the job's words."""
    texts = {"ja": (job.title_ja, job.text_ja), "en": (job.title_en, job.text_en)}
    given = {locale: announcements.Text(*text) for locale, text in texts.items() if text[0]}
    return announcements.begin(desk.db, me, KIND, job.id or 0, given, desk.now)


def _keep(desk: Desk, me: Member, draft: Draft, contact: int | None, job: Job | None) -> Job:
    is_new = job is None
    kept = job or Job(created_by=me.id, created_at=desk.now, changed_at=desk.now, closes_on=desk.today)
    apply(draft, kept, desk.today, desk.now)
    kept.contact_id = contact
    queries.add_job(desk.db, kept)
    closing.open_job(desk, kept)
    note(desk, me, "job.new" if is_new else "job.change", f"job:{kept.id}")
    return kept


def _read(values: FormValues) -> tuple[Draft, str]:
    names = ("title_ja", "text_ja", "title_en", "text_en", "kind", "place", "url")
    given: dict[str, Any] = {name: values.text(name) for name in names}
    draft = Draft(**given)
    text = values.text("closes_on")
    try:
        return replace(draft, closes_on=date.fromisoformat(text) if text else None), ""
    except ValueError:
        return draft, _("Please choose a day.")


def _find_contact(desk: Desk, text: str, job: Job | None) -> tuple[int | None, str]:
    """The employee who was named; of several with the name, the one who was there before."""
    if not text:
        return None, ""
    found = search_employees(desk.db, text, 3)
    if job is not None and job.contact_id in {one.id for one in found}:
        return job.contact_id, ""
    if not found:
        return None, _("No employee of this name or address is here. Please correct it, or leave it to HR.")
    if len(found) > 1:
        return None, _("Several employees have this name. Please write the mail address.")
    return found[0].id, ""
