"""Property tests state what holds, not how fast: a busy machine must not fail them."""

from hypothesis import settings

settings.register_profile("shipworthy", deadline=None)
settings.load_profile("shipworthy")
