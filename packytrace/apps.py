"""The deployable as a Django app: its commands, and the moment at which ports are bound."""

from django.apps import AppConfig


class PackyTraceConfig(AppConfig):
    """Binds every port once all apps are loaded."""

    name = "packytrace"

    def ready(self) -> None:
        from packytrace import wiring
        from packytrace.databases import request_cycle

        request_cycle.look_only_at_the_end()
        wiring.bind()
