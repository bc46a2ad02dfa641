"""Who meets whom in a coffee round: the best round overall, with a proof of how far from the best it can be at most.

Numpy and OR-tools; knows nothing of the bot. It is run as a program of its own, `python -m matching` (see
`matching.process`), because the solver holds Python's lock for seconds. Only `people` and `process` are for others to
import: everything else loads OR-tools.
"""
