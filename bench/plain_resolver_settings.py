"""The deployable's own settings, but for the addresses: plain views instead of the Resolver."""

from packytrace.settings import *  # noqa: F403 - a settings module that changes one setting of another

ROOT_URLCONF = "bench.plain_resolver"
