"""What every context that holds people does for them: it forgets them when they ask (GDPR Art. 17).

In facts and between contexts a person is a UUID and nothing else: of an account or of a visitor. Identity
alone knows whom it means; it publishes ErasureRequested, and ErasureCompleted once every context has
acknowledged.
"""
