"""Logs: one JSON object a line for machines, readable lines on a terminal, and nothing personal in either."""
