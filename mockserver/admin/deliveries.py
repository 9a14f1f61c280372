"""The inbox of deliveries, as the control plane shows and repeats them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.events.delivery import Deliveries
from mockserver.events.inbox import Delivery
from mockserver.handlers.call import Call, Deferred, Handler
from mockserver.rules.errors import not_found
from mockserver.state.sandbox import Sandbox

_LISTED = 100


def delivery_handlers(deliveries: Deliveries) -> Mapping[str, Handler]:
    """Return the handlers of the inbox by operationId."""
    desk = _Desk(deliveries)
    return {
        "listDeliveries": desk.list_deliveries,
        "clearDeliveries": desk.clear_deliveries,
        "getDelivery": desk.get_delivery,
        "redeliverDelivery": desk.redeliver_delivery,
    }


@dataclass(frozen=True, slots=True)
class _Desk:
    """Answers for the inboxes of all sandboxes."""

    deliveries: Deliveries

    def list_deliveries(
        self,
        _: Call,
        *,
        destination: str | None,
        event_type: str | None,
        status: str | None,
        limit: int | None,
    ) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            inbox = self.deliveries.inbox(sandbox)
            found = inbox.find(destination=destination, event_type=event_type, status=status)
            shown = [one.summary() for one in reversed(found[-(limit or _LISTED) :])]
            return {"deliveries": shown, "total": len(found), "evicted": inbox.evicted}

        return Deferred(show)

    def clear_deliveries(self, _: Call) -> Deferred:
        async def clear(sandbox: Sandbox) -> None:
            self.deliveries.inbox(sandbox).clear()

        return Deferred(clear)

    def get_delivery(self, _: Call, *, delivery_id: str) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            return self._found(sandbox, delivery_id).details()

        return Deferred(show)

    def redeliver_delivery(self, _: Call, *, delivery_id: str) -> Deferred:
        async def redeliver(sandbox: Sandbox) -> dict[str, Any]:
            delivery = self._found(sandbox, delivery_id)
            await self.deliveries.redeliver(sandbox, delivery)
            return delivery.details()

        return Deferred(redeliver)

    def _found(self, sandbox: Sandbox, delivery_id: str) -> Delivery:
        delivery = self.deliveries.inbox(sandbox).get(delivery_id)
        if delivery is None:
            raise not_found("delivery", "deliveryId", delivery_id)
        return delivery
