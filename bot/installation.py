"""What this installation can do: facts that handlers need, and that only the composition root knows."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Installation:
    """`secret` keys the invitation codes; `mail_is_on` says whether invitations can be mailed; `group_platforms` are
    the platforms on which the bot can open a conversation of several people; `mail_address` stands for Musubi where a
    file must name somebody, such as the organizer of a meeting: nobody needs to read what is sent there;
    `public_url` is where people outside reach our pages, "" where they can't."""

    secret: bytes = field(repr=False)
    mail_is_on: bool = False
    group_platforms: frozenset[str] = frozenset()
    mail_address: str = "noreply@musubi.invalid"
    public_url: str = ""
