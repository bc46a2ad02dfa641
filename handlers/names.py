"""The community's and the company's names in the current language."""

from bot.i18n import current_locale
from bot.policy import Policy


def community_name(policy: Policy) -> str:
    """The community's name, such as 「縁」 or "En"."""
    return policy.community if current_locale() == "ja" else policy.community_en


def company_name(policy: Policy) -> str:
    """The company's name as its people say it."""
    return policy.company if current_locale() == "ja" else policy.company_en
