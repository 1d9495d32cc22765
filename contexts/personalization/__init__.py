"""Personalization.

Owns: Health Profiles (encrypted), screening policies, rulesets and verdicts.
Facts out: VerdictComputed (outcome and coarse reason codes, never profile contents, under a name of one day).
Facts in: ErasureRequested, ConsentWithdrawn.
"""
