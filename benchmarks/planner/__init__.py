"""The planner beside its peers: same instances, same clock, answers checked from outside.

How: benchmarks/protocol.md. `python -m benchmarks.planner --help`.
"""
