"""The places that the bot is in."""

from sqlmodel import col, select

from bot.ports import Place
from storage import models
from storage.statements import insert_or_update, run, table_of
from storage.uow import UnitOfWork


def keep(db: UnitOfWork, place: Place) -> None:
    """The bot is in there; told again, its latest address holds."""
    row = {
        "platform": place.platform,
        "tenant": place.tenant,
        "conversation": place.conversation,
        "address": place.address,
    }
    insert_or_update(db.session, models.Place, [row], ("platform", "tenant", "conversation"), ("address",))


def forget(db: UnitOfWork, place: Place) -> None:
    """The bot is there no more."""
    table = table_of(models.Place)
    here = (table.c.platform == place.platform, table.c.tenant == place.tenant)
    run(db.session, table.delete().where(*here, table.c.conversation == place.conversation))


def list_places(db: UnitOfWork, platform: str) -> list[Place]:
    """All places on a platform, in a steady order."""
    kept = models.Place
    statement = select(kept).where(kept.platform == platform).order_by(col(kept.tenant), col(kept.conversation))
    return [Place(row.platform, row.tenant, row.conversation, row.address) for row in db.session.exec(statement).all()]
