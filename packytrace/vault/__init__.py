"""Envelope encryption of health data: what is kept about a person can be read only with a key of that person.

Each person has a data key; it seals values (`sealing`) and is itself kept sealed under a key-encryption key
that no database holds (`keyring`). Tables, replicas and dumps are unreadable without the key-encryption key;
where a data key is destroyed, what it has sealed is noise even with it. A dump from before still has the data
key, wrapped: it is readable until the dump is gone, or the key-encryption key that wrapped it.
"""
