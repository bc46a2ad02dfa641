"""The keys of messages about events: who is told twice is told once."""


def remind_key(event_id: int, edition: int, alarm: str, member_id: int) -> str:
    """The key of a reminder: with the edition, so that a moved event reminds anew."""
    return f"event:{event_id}:{alarm.removeprefix('event.')}:{edition}:{member_id}"


def offer_key(event_id: int, offer: int, member_id: int) -> str:
    """The key of the message that offers a seat."""
    return f"event:{event_id}:offer:{offer}:{member_id}"
