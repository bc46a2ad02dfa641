"""Relayed rooms: people on different platforms talk through Musubi, and neither learns the other's address."""

from datetime import time

from bot.feature import Feature, Recurring
from bot.recurrence import Rule
from handlers.rooms import pressing, routes
from handlers.rooms.choosing import HELD
from handlers.rooms.doors import END, Guest, close_room, end_later, is_open, open_room, open_rooms
from handlers.rooms.jobs import end, lapse, recheck_member, show_home, tidy
from handlers.rooms.router import router
from storage.queries import rooms as queries

__all__ = ["FEATURE", "Guest", "close_room", "end_later", "is_open", "open_room", "open_rooms"]

ROUTES = (routes, pressing)
"""The modules whose routes hang at the router."""

FEATURE = Feature(
    "rooms",
    router,
    reminders={END: end, HELD: lapse},
    recurring=(Recurring("rooms.tidy", Rule(time(3, 20)), tidy),),
    on_member_changed=recheck_member,
    home=show_home,
    glance=(queries.HAS_OPEN_ROOMS,),
)
