"""Types of the facts for Python."""
