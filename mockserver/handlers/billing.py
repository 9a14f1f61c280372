"""Billing accounts."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import billing, principals
from mockserver.resources.billing import BILLING_ACCOUNTS
from mockserver.rules import records, views
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.state.tables import Record


@operation("getOrgBillingAccount")
def get_org_billing_account(call: Call) -> Record:
    account = call.work.tx.first("billingAccounts", "orgId", (call.org_id,))
    if account is None:
        detail = "this organization has no billing account"
        issue = Issue("path", "orgId", detail, call.org_id)
        remedy = "only some fixtures have one; the contract has no call that makes it"
        raise Refused(Kind.NOT_FOUND, detail, remedy=remedy, issues=[issue])
    return views.show(BILLING_ACCOUNTS, account)


@operation("createBillingAccountSession")
def create_billing_account_session(
    call: Call, *, billing_account_id: str, body: Record
) -> dict[str, Any]:
    account = records.get(
        call.work, BILLING_ACCOUNTS, None, billing_account_id, parameter="billingAccountId"
    )
    if not principals.reaches_org(call.work, call.principal, account["orgId"]):
        raise Refused(
            Kind.FORBIDDEN,
            "this billing account belongs to another organization",
            remedy="use the account of GET /orgs/{orgId}/billingAccount",
        )
    session = billing.open_session(call.work, account, body)
    return {"url": f"{call.origin()}/_provider/billing/{session['id']}"}
