"""Imported once by the process from which all bots are forked: none has to read the vocabulary again."""

from handlers.topics import get_working_reader

get_working_reader("").prepare()
