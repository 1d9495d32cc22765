"""The embedded OpenID provider: a Django process of its own, made of django-allauth.

It stands where Keycloak stands in production, with settings, addresses, cookies, a port, a database schema
and a role of its own. The application knows its URL and its client secret, nothing else.

`python -m packytrace.provider` prepares its tables, keys and people, then serves; with arguments it takes its
management commands. Codes and rate limits live in the memory of its one server process: after a restart,
whoever is just signing in starts again.
"""
