"""Side-by-side timings: what-ifs of this package against other ways to solve the same programmes.

Run from the root of the repository: ``python -m benchmarks``. Never part of the tests.
"""
