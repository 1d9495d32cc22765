"""The OpenID provider as seen from here: where it is, which keys it signs with, which tokens are its own.

The same for the embedded provider, Keycloak and any other issuer that publishes OpenID Connect Discovery 1.0.
"""
