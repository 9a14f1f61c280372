"""Requests that the contract's schemas forbid, and ones they allow, made from right calls."""
