"""The builder who calls: who they are, and the invites they accept."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import builders, invites
from mockserver.state.tables import Record


@operation("getMyInfo")
def get_my_info(call: Call) -> dict[str, Any]:
    return builders.info(call.work, call.builder)


@operation("acceptInvite")
def accept_invite(call: Call, *, body: Record) -> dict[str, Any]:
    invites.accept(call.work, body["invitedEmail"], call.builder)
    return builders.info(call.work, call.builder)
