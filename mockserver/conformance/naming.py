"""Words that every part of the referee must spell alike."""

from __future__ import annotations

#: The path parameter that names the project; labs fill it in.
PROJECT = "projectIdOrName"
ORG = "orgId"
#: How every name of a run starts; its mark follows.
PREFIX = "ct-"
