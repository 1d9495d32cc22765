"""German: a point after the day."""
