"""What `python -m bot` offers, a module per command. Like `bot.app`, these see everything and nobody imports them."""
