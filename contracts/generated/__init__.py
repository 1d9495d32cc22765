"""Types generated from the schemas, one folder a language."""
