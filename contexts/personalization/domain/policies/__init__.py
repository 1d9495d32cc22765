"""The Screening Policies: pure functions from label and profile to Findings, one module each."""
