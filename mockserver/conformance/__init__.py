"""The referee: holds any implementation of the API against its contract and its rules.

It knows the contract and what the documents promise, never the mock: its rules are stated again,
from the documents. Needs the extra `check`.
"""
