"""The one router, on which the modules of routes hang theirs."""

from bot.routing import Router

router = Router()
