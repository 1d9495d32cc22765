"""What the contexts tell each other, as JSON Schemas: the envelope, one payload per fact, and nothing else.

`contracts.registry` finds a fact's schema and checks messages against it, `contracts.generate` writes the
types in `generated/`, `contracts.compatibility` decides whether a changed schema can still talk to the
released one. Knows neither Django nor the deployable nor a context: anything may import it.
"""
