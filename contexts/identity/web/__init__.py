"""Signing in and out, and the gates of the pages that are not for everybody."""
