"""Benchmarks that print ratios: what Musubi costs beside the least that could do the same, on the same machine, in the
same run. `python -m bench`, or `make bench`.
"""
