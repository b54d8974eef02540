"""Set-up shared by all tests; small networks are built with ``from tests.tiny import tiny_network``."""

from hypothesis import settings

settings.register_profile("exposure", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("exposure")
