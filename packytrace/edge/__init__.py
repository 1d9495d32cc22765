"""The front door: what every request meets before a context sees it, and every answer before it leaves.

It knows no context. What it needs from one it asks for in `ports.py`, and the wiring binds it.
"""
