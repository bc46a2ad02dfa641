"""Names of what is not a person: the community and the company in the current language, and the platforms."""

from bot.i18n import current_locale
from bot.policy import Policy

PLATFORMS = {"slack": "Slack", "teams": "Microsoft Teams"}
"""What people call the platforms. The others have a word of each language, where they are spoken of."""


def community_name(policy: Policy) -> str:
    """The community's name, such as 「縁」 or "En"."""
    return policy.community if current_locale() == "ja" else policy.community_en


def company_name(policy: Policy) -> str:
    """The company's name as its people say it."""
    return policy.company if current_locale() == "ja" else policy.company_en
