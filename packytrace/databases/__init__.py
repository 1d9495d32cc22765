"""One PostgreSQL database, six schemas: who may touch what, and how it gets there."""
