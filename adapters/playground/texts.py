"""Every text of the page itself, in the current language. The bot's own words come with its messages."""

from collections.abc import Mapping
from typing import Any

from bot.i18n import pgettext

Json = dict[str, Any]


def list_texts() -> dict[str, str]:
    """The page's texts by the names under which it asks for them; holes in braces are filled on the page."""
    return {**_frame(), **_people(), **_panes(), **_conversations(), **_forms(), **_keys()}


def list_trials(names: Mapping[str, str]) -> list[Json]:
    """What to try first: whose sides to take, and the words to begin with. `names` are people's by their ids."""
    welcome = pgettext("playground", "{leaver} has a mail and joins; {hr} of HR sees it.")
    ask = pgettext(
        "playground", "{employee} on Teams asks about batteries; {alumna} is on Slack. They talk through Musubi."
    )
    languages = pgettext(
        "playground", "Each reads in their own language: {english} in English, {japanese} in Japanese."
    )
    trials = [
        (
            pgettext("playground", "Welcome somebody who left"),
            welcome,
            {"leaver": "kenichi-tanaka", "hr": "yuka-yamamoto"},
            "",
        ),
        (
            pgettext("playground", "Ask for a consultation"),
            ask,
            {"employee": "sho-takahashi", "alumna": "misaki-sato"},
            pgettext("playground", "/mentor Starting up battery production"),
        ),
        (
            pgettext("playground", "In two languages"),
            languages,
            {"japanese": "jiayi-li", "english": "emily-carter"},
            pgettext("playground", "/mentor Battery development"),
        ),
    ]
    return [
        {
            "title": title,
            "text": text.format(**{hole: names[person].replace(" ", "\u00a0") for hole, person in people.items()}),
            "people": list(people.values()),
            "say": say,
        }
        for title, text, people, say in trials
        if names.keys() >= set(people.values())
    ]


def _frame() -> dict[str, str]:
    return {
        "close": pgettext("playground", "Close"),
        "language.label": pgettext("playground", "Language of this page"),
        "language.ja": "日本語",
        "language.en": "English",
        "theme.auto": pgettext("playground", "Light or dark: as the system"),
        "theme.light": pgettext("playground", "Light or dark: light"),
        "theme.dark": pgettext("playground", "Light or dark: dark"),
        "clock.label": pgettext("playground", "The workspace's clock"),
        "clock.now": pgettext("playground", "Now"),
        "clock.hour": pgettext("playground", "+1 hour"),
        "clock.day": pgettext("playground", "+1 day"),
        "clock.next": pgettext("playground", "Next event"),
        "clock.next_short": pgettext("playground", "Next"),
        "clock.moved": pgettext("playground", "It is now {when}."),
        "clock.quiet": pgettext("playground", "It is now {when}. Nobody was written to."),
        "clock.nothing": pgettext("playground", "Nothing is planned. The clock stays where it is."),
        "news.new": pgettext("playground", "New for"),
        "news.others": pgettext("playground", "and {n} others"),
        "line.lost": pgettext("playground", "The connection is gone. Trying again; nothing you wrote is lost."),
        "switcher.label": pgettext("playground", "Whose side to show"),
        "skip.0": pgettext("playground", "To the first person"),
        "skip.1": pgettext("playground", "To the second person"),
    }


def _people() -> dict[str, str]:
    return {
        "people.title": pgettext("playground", "People"),
        "people.search": pgettext("playground", "Find people"),
        "people.none": pgettext("playground", "Nobody of that name, department or topic."),
        "people.waiting": pgettext("playground", "Not joined yet"),
        "people.alumnus": pgettext("playground", "Alumni"),
        "people.employee": pgettext("playground", "Employees"),
        "people.hr": pgettext("playground", "HR"),
        "people.more": pgettext("playground", "Show {n} more"),
        "people.fewer": pgettext("playground", "Show fewer"),
        "people.beside": pgettext("playground", "Show {name} beside"),
        "people.unread": pgettext("playground", "{n} unread"),
        "people.not_joined": pgettext("playground", "Has not joined yet"),
        "trials.title": pgettext("playground", "Things to try"),
        "role.alumnus": pgettext("playground", "Alumni"),
        "role.leaver": pgettext("playground", "Leaving the company"),
        "role.employee": pgettext("playground", "Employee"),
        "role.hr": pgettext("playground", "HR"),
        "info.role": pgettext("playground", "Who"),
        "info.work": pgettext("playground", "Work"),
        "info.and": pgettext("playground", ", "),
        "info.department": pgettext("playground", "Department at Sample Seiki"),
        "info.name": pgettext("playground", "{name} ({kana})"),
        "info.zone": pgettext("playground", "{city} ({zone})"),
        "info.place": pgettext("playground", "Place"),
        "info.language": pgettext("playground", "Language on this platform"),
        "info.language_hint": pgettext("playground", "A choice made in Musubi's own preferences goes before this one."),
    }


def _panes() -> dict[str, str]:
    return {
        "pane.as": pgettext("playground", "As {name}"),
        "pane.info": pgettext("playground", "About {name}"),
        "pane.close": pgettext("playground", "Close {name}'s side"),
        "pane.places": pgettext("playground", "Conversations of {name}"),
        "pane.local_time": pgettext("playground", "{time} in {city}"),
        "look.slack": pgettext("playground", "On Slack"),
        "look.teams": pgettext("playground", "On Teams"),
        "place.home": pgettext("playground", "Home"),
        "place.mail": pgettext("playground", "Mail"),
        "place.and": pgettext("playground", ", "),
        "channel.news": pgettext("playground", "News"),
        "channel.latest": pgettext("playground", "Latest news"),
        "home.wait": pgettext("playground", "The home page is on its way."),
        "join.text": pgettext("playground", "{name} has not joined the workspace yet. Invitations come by mail."),
        "join.button": pgettext("playground", "Join the workspace"),
        "mail.from": pgettext("playground", "From"),
        "mail.to": pgettext("playground", "To"),
        "mail.plain": pgettext("playground", "As plain text"),
        "picture.open": pgettext("playground", "Open the picture"),
        "act.queued": pgettext(
            "playground", "Musubi could not take this just now. It is kept and handed over again in a moment."
        ),
        "error.offline": pgettext("playground", "The workspace does not answer. Please try once more."),
        "error.forbidden": pgettext("playground", "The workspace takes this only from its own page. Please reload."),
        "error.gone": pgettext("playground", "This is not here any more."),
        "error.not_joined": pgettext("playground", "This works after joining the workspace."),
        "error.not_understood": pgettext(
            "playground", "The workspace could not read this. Please shorten it and try once more."
        ),
        "error.failed": pgettext("playground", "That did not work, and nothing was changed. Please try once more."),
    }


def _conversations() -> dict[str, str]:
    return {
        "log.label": pgettext("playground", "Messages: {place}"),
        "log.new": pgettext("playground", "New"),
        "log.down": pgettext("playground", "New messages ↓"),
        "log.earlier": pgettext("playground", "Earlier messages"),
        "log.only_you": pgettext("playground", "Only you see this"),
        "log.edited": pgettext("playground", "updated"),
        "empty.dm": pgettext("playground", "Nothing here yet.\nWrite to Musubi, or press / to see what it can do."),
        "log.deleted": pgettext("playground", "You have deleted this."),
        "log.edit": pgettext("playground", "Edit"),
        "log.delete": pgettext("playground", "Delete"),
        "log.delete_sure": pgettext("playground", "Delete this message?"),
        "log.edit_title": pgettext("playground", "Edit the message"),
        "log.edit_save": pgettext("playground", "Save"),
        "log.edit_label": pgettext("playground", "Message"),
        "log.tools": pgettext("playground", "What you can do with this message"),
        "thread.open": pgettext("playground", "Open the thread"),
        "thread.count": pgettext("playground", "Open the thread ({n})"),
        "empty.thread": pgettext("playground", "Nothing here yet.\nWhat you write here reaches the other side."),
        "say.thread": pgettext("playground", "Write in the thread: {name}"),
        "empty.group": pgettext("playground", "Nothing here yet.\nWhat you write is read by everybody in this group."),
        "empty.channel": pgettext("playground", "Nothing here yet.\nWhat you write is read by everybody."),
        "empty.mail": pgettext(
            "playground", "No mail yet.\nOn the last day at work, at 10:00, an invitation arrives here."
        ),
        "say.label": pgettext("playground", "Write as {person}: {place}"),
        "say.dm": pgettext("playground", "Message Musubi, or / for commands"),
        "say.group": pgettext("playground", "A message to {name}"),
        "say.channel": pgettext("playground", "Write in {name}"),
        "say.send": pgettext("playground", "Send"),
        "say.suggestions": pgettext("playground", "Commands"),
    }


def _forms() -> dict[str, str]:
    return {
        "form.cancel": pgettext("playground", "Not now"),
        "form.done": pgettext("playground", "Done"),
        "form.required": pgettext("playground", "required"),
        "form.count": pgettext("playground", "{n} of {most}"),
        "form.chosen": pgettext("playground", "{n} of at most {most} chosen"),
        "form.search": pgettext("playground", "Filter"),
        "form.choose": pgettext("playground", "Please choose"),
        "form.none": pgettext("playground", "No choice"),
        "form.fill_in": pgettext("playground", "Please fill this in."),
        "form.choose_one": pgettext("playground", "Please choose one."),
        "form.choose_some": pgettext("playground", "Please choose at least one."),
        "form.choose_date": pgettext("playground", "Please choose a date."),
        "form.no_date": pgettext("playground", "This is not a whole date."),
        "confirm.title": pgettext("playground", "Are you sure?"),
        "confirm.no": pgettext("playground", "Go back"),
    }


def _keys() -> dict[str, str]:
    return {
        "keys.title": pgettext("playground", "Keyboard"),
        "keys.find": "Ctrl K",
        "keys.find_what": pgettext("playground", "Find people"),
        "keys.panes": "Alt 1, Alt 2",
        "keys.panes_what": pgettext("playground", "Write as the first or second person"),
        "keys.send": "Enter",
        "keys.send_what": pgettext("playground", "Send"),
        "keys.line": "Shift Enter",
        "keys.line_what": pgettext("playground", "New line"),
        "keys.list": "↑ ↓",
        "keys.list_what": pgettext("playground", "Through people and commands; Tab takes a command"),
        "keys.tab": "← →",
        "keys.tab_what": pgettext("playground", "Through a person's conversations"),
    }
