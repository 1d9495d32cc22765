"""The deployable's own settings, with the yardstick's view beside the real addresses."""

from packytrace.settings import *  # noqa: F403 - a settings module that changes one setting of another

ROOT_URLCONF = "bench.plain_fridge_page"
