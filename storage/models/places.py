"""Where on the platforms the bot is."""

from sqlmodel import Field

from storage.models.base import Table


class Place(Table, table=True):
    """A team or group chat that the bot is in, on a platform that doesn't tell of them when asked: kept, so that the
    morning's look at the members sees them after a restart too."""

    platform: str = Field(primary_key=True)
    tenant: str = Field(primary_key=True)
    conversation: str = Field(primary_key=True)
    address: str
    """What the platform's adapter needs to ask there."""
