"""Mail: invitations to those who are in no workspace yet, and messages to those who have no other account."""

from adapters.email.adapter import EmailAdapter
from adapters.email.addresses import ReplyAddresses
from adapters.email.render import Letter, render_letter

__all__ = ["EmailAdapter", "Letter", "ReplyAddresses", "render_letter"]
