"""Misbehaviour on purpose: what is armed in each sandbox, and what may be armed at all."""
