"""Benchmarks: scaffold beside the tools it is compared with, in one run on one machine. `python -m benchmarks`."""
