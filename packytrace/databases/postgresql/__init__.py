"""Django's PostgreSQL backend, which learns a role's password when it connects as it."""
