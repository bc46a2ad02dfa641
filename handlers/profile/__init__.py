"""What a member tells of themselves and chooses: two forms, shared with the registration, and the latest news."""

from bot.feature import Feature
from handlers.profile.actions import EditChoices, EditProfile, WriteNews
from handlers.profile.forms import Frame
from handlers.profile.routes import router
from handlers.profile.steps import open_about, open_choices, submit_about, submit_choices
from handlers.profile.views import list_ready_made

__all__ = [
    "FEATURE",
    "EditChoices",
    "EditProfile",
    "Frame",
    "WriteNews",
    "list_ready_made",
    "open_about",
    "open_choices",
    "submit_about",
    "submit_choices",
]

FEATURE = Feature("profile", router)
