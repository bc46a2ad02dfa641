"""Imported once, and last, by the process from which all bots are forked: none has to read the vocabulary again, nor to
walk through all that was imported when it looks for garbage."""

import gc

from handlers.topics import get_working_reader

get_working_reader("").prepare()
gc.collect()
gc.freeze()
