"""A view on every platform: drawn by each renderer, and held against what the platforms and their public schemas allow.

The checks are those of the fakes, which refuse what Slack and Teams refuse; the schemas count where they are at hand.
"""

import json
from collections.abc import Iterator
from typing import Any, cast

from adapters.email.render import render_letter
from adapters.playground import render as playground
from adapters.slack import forms as slack_forms
from adapters.slack import render as slack
from adapters.teams import forms as teams_forms
from adapters.teams import render as teams
from bot.i18n import use_locale
from bot.ui import Form, Message, Reader
from tests.fake_slack.blockkit import check_blocks
from tests.fake_slack.views import check_view
from tests.fake_teams.cards import MAX_BYTES, check_activity, check_card, measure

View = Message | Form


def find_problems(view: View, reader: Reader) -> list[str]:
    """What any platform has against the view, as `platform: sentence`. Raises what a renderer raises."""
    with use_locale(reader.locale):
        checks = _check_message(view, reader) if isinstance(view, Message) else _check_form(view, reader)
        return list(checks)


def _check_message(message: Message, reader: Reader) -> Iterator[str]:
    blocks = slack.render_message(message, reader)["blocks"]
    yield from _named("slack message", check_blocks(blocks, "message").lines)
    yield from _named("slack home", check_view(slack.render_home(message, reader), "home"))
    yield from _named("slack page", check_view(slack.render_page(message, reader), "modal"))
    activity = teams.render_message(message, reader)
    yield from _named("teams message", check_activity(activity, lambda person: True))
    if (size := measure(activity)) > MAX_BYTES:
        yield f"teams message: {size} bytes"
    page = teams_forms.render_page(message, reader)
    yield from _named("teams page", check_card(_card_in(page), "dialog", lambda person: True))
    json.dumps(playground.render_message(message, reader))
    letter = render_letter(message, reader)
    if not letter.subject or not letter.text.strip():
        yield "mail: no subject or no text"


def _check_form(form: Form, reader: Reader) -> Iterator[str]:
    modal = slack_forms.render_form(form, reader, slack_forms.FormPlace("C" * 11, "1" * 17, "https://x" * 20))
    yield from _named("slack form", check_view(modal, "modal"))
    errors = {form.fields[0].name: "A sentence. " * 10} if form.fields else {}
    for given in ({}, errors):
        answer = teams_forms.render_form(form, reader, errors=given)
        yield from _named("teams form", check_card(_card_in(answer), "dialog", lambda person: True))
        json.dumps(playground.render_form(form, reader, given))


def _card_in(answer: dict[str, Any]) -> dict[str, Any]:
    return cast("dict[str, Any]", answer["task"]["value"]["card"]["content"])


def _named(where: str, problems: list[str]) -> list[str]:
    return [f"{where}: {problem}" for problem in problems]
