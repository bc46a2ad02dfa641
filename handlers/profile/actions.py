"""The buttons and forms of the profile."""

from bot.actions import Action, action


@action("profile.edit", opens_form=True)
class EditProfile(Action):
    """[Edit profile]; carried by the form as well."""


@action("profile.choices", opens_form=True)
class EditChoices(Action):
    """[Preferences]; carried by the form as well."""


@action("profile.write_news", opens_form=True)
class WriteNews(Action):
    """[In my own words]; carried by the form as well."""


@action("profile.news")
class ShareNews(Action):
    """One of the ready-made latest news; `choice` is a `rules.News`."""

    choice: str
