"""Billing accounts, one per organization at most, and sessions of the pretend billing portal."""

from __future__ import annotations

from mockserver.resources.urls import is_web_url
from mockserver.rules import records
from mockserver.rules.errors import wrong_value
from mockserver.rules.resource import Reference, Resource, Unique
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND, stamp
from mockserver.state.tables import Record

#: Assumed: a portal session lasts an hour unless asked otherwise, a day at most.
DEFAULT_TIMEOUT = 3600
LONGEST_TIMEOUT = 86_400

BILLING_ACCOUNTS = Resource(
    name="billingAccounts",
    noun="billing account",
    component="BillingAccount",
    lookups=("orgId",),
    unique=(Unique(("orgId",), "this organization already has a billing account"),),
    references=(Reference("orgId", "orgs", "organization", on_delete="cascade"),),
    hidden=frozenset({"orgId"}),
)

BILLING_SESSIONS = Resource(
    name="billingSessions",
    noun="billing portal session",
    references=(
        Reference("billingAccountId", "billingAccounts", "billing account", on_delete="cascade"),
    ),
)


def open_session(work: Work, account: Record, body: Record) -> Record:
    """Start a portal session; it ends after `timeout` seconds.

    Source: createBillingAccountSession.
    """
    timeout = body.get("timeout", DEFAULT_TIMEOUT)
    if not 1 <= timeout <= LONGEST_TIMEOUT:
        raise wrong_value(
            "timeout",
            "not a possible number of seconds",
            timeout,
            remedy=f"use 1 to {LONGEST_TIMEOUT}",
        )
    if not is_web_url(body["redirectUrl"]):
        raise wrong_value(
            "redirectUrl", "not a web address", body["redirectUrl"], remedy="use an https:// URL"
        )
    fields = {
        "billingAccountId": account["id"],
        "redirectUrl": body["redirectUrl"],
        "expireTime": stamp(work.moment + timeout * SECOND),
    }
    return records.create(work, BILLING_SESSIONS, fields)
