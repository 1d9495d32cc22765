"""Pages and API of the passport context: thin."""
