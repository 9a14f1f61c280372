"""Requests that schemathesis generates from the contract, sent through the door like all others."""
