"""The deployable: settings, front door, facts, databases and the wiring between six bounded contexts."""
