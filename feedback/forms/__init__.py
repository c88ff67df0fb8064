"""Parsing only: what a person typed becomes values for the verbs. A file a noun."""
