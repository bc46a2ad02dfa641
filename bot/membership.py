"""Who somebody is, by what the platform says and the community's settings. Pure rules."""

from bot.incoming import AccountKind, Origin, Profile
from bot.policy import Policy


def is_employee(origin: Origin, profile: Profile, policy: Policy) -> bool:
    """Whether the platform vouches for a present employee: a full member of a home tenant, or with a confirmed address
    of the company's mail domain. Guests never are: a guest may keep an old company address."""
    if profile.kind is not AccountKind.MEMBER:
        return False
    return f"{origin.platform}:{origin.tenant}" in policy.home_tenants or _domain(profile) in policy.employee_domains


def is_named_hr(origin: Origin, profile: Profile, policy: Policy) -> bool:
    """Whether the settings name this person as HR, by a confirmed address or by `platform:external id`."""
    if profile.kind is not AccountKind.MEMBER:
        return False
    by_mail = profile.email_verified and profile.email.casefold() in policy.hr
    return by_mail or f"{origin.platform}:{origin.user}" in policy.hr


def _domain(profile: Profile) -> str:
    return profile.email.rpartition("@")[2].casefold() if profile.email_verified else ""
