"""users.info, users.list, users.lookupByEmail, auth.test."""

from tests.fake_slack.calls import Call
from tests.fake_slack.conversations import take_page
from tests.fake_slack.problems import ApiError, Json
from tests.fake_slack.workspace import User


def auth_test(call: Call) -> Json:
    """Who the token is."""
    workspace = call.workspace
    return {
        "url": f"https://{workspace.team.lower()}.slack.com/",
        "team": "Musubi",
        "user": "musubi",
        "team_id": workspace.team,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def info(call: Call) -> Json:
    """One account."""
    call.need("users:read")
    user = call.workspace.get_user(call.text("user"))
    return {"user": user_json(user, email=_may_see_email(call), locale=call.flag("include_locale"))}


def list_users(call: Call) -> Json:
    """All accounts, deactivated ones too, in pages."""
    call.need("users:read")
    page, more = take_page(call, list(call.workspace.users.values()))
    email, locale = _may_see_email(call), call.flag("include_locale")
    shown = [user_json(user, email=email, locale=locale) for user in page]
    return {"members": shown, "cache_ts": int(call.workspace.time()), "response_metadata": {"next_cursor": more}}


def lookup_by_email(call: Call) -> Json:
    """The account with a mail address."""
    call.need("users:read.email")
    wanted = call.text("email").lower()
    for user in call.workspace.users.values():
        if user.email.lower() == wanted and not user.deleted:
            return {"user": user_json(user, email=True)}
    raise ApiError("users_not_found")


def _may_see_email(call: Call) -> bool:
    return "users:read.email" in call.token.scopes


def user_json(user: User, *, email: bool, locale: bool = False) -> Json:
    """The account as Slack writes it; the mail address only for those who may see it."""
    profile: Json = {
        "real_name": user.real_name,
        "display_name": "",
        "title": user.title,
        "team": user.team,
        "status_text": "",
    }
    if email and user.email:
        profile["email"] = user.email
    shown: Json = {
        "id": user.id,
        "team_id": user.team,
        "name": user.id.lower(),
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 1763600000,
    }
    shown |= {"is_stranger": True} if user.is_stranger else {}
    if user.deleted:
        return shown
    shown |= {
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_offset": 32400,
        "is_email_confirmed": user.email_confirmed,
    }
    shown |= {"is_restricted": user.is_restricted, "is_ultra_restricted": user.is_ultra_restricted}
    return shown | ({"locale": user.locale} if locale else {})
