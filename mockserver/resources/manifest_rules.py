"""The rules for one integration of a manifest, beyond the shape that the contract declares.

Every function yields issues; `name` is the path of what it looks at, e.g. `integrations[0].read`.
Source, unless a function says otherwise: the vendor's manifest guide and its validator. Not
checked, because the vendor only warns: whether a destination exists, and which characters a name
has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from mockserver.resources import manifest_objects, schedules
from mockserver.resources.providers import Catalog
from mockserver.rules.errors import Issue
from mockserver.state.tables import Record

ACTIONS = ("read", "write", "subscribe", "proxy")
_READ_MINUTES = 10
_WATCH_MINUTES = 60
#: The most objects that one integration may subscribe to, by provider.
_MOST_SUBSCRIBED: Mapping[str, int] = {"salesforce": 5}


def schedule_mistake(schedule: str) -> str | None:
    """Return what is wrong with the schedule of a read object, or None."""
    return schedules.mistake(schedule, least_minutes=_READ_MINUTES)


def issues(catalog: Catalog, content: Record, name: str) -> Iterator[Issue]:
    """Yield everything that is wrong with an integration whose shape is right."""
    if not content["name"].strip():
        yield Issue("body", f"{name}.name", "is empty", remedy="name the integration")
    yield from _provider_issues(catalog, content, name)
    if not any(action in content for action in ACTIONS):
        remedy = f"declare one of {', '.join(ACTIONS)}"
        yield Issue("body", name, "does nothing", remedy=remedy)
    for action, check in _CHECKS.items():
        if action in content:
            yield from check(content, f"{name}.{action}")


def _provider_issues(catalog: Catalog, content: Record, name: str) -> Iterator[Issue]:
    provider = content["provider"]
    info = catalog.get(provider)
    if info is None:
        remedy = catalog.remedy(provider)
        yield Issue("body", f"{name}.provider", "unknown provider", provider, remedy)
        return
    modules = info.get("modules", {})
    module = content.get("module", info.get("defaultModule", ""))
    if modules and module not in modules:
        detail = "unknown module" if module else "this provider needs a module"
        remedy = f"use one of {', '.join(modules)}"
        yield Issue("body", f"{name}.module", detail, module, remedy)
        return
    yield from _support_issues(info, modules.get(module, info), content, name)


def _support_issues(
    provider: Mapping[str, object], module: Record, content: Record, name: str
) -> Iterator[Issue]:
    """Yield the actions that the provider cannot do; what its module says counts first."""
    support: Record = module.get("support", provider.get("support", {}))
    for action in ACTIONS:
        wanted = action in content and (action != "proxy" or content["proxy"].get("enabled", False))
        if wanted and not support.get(action, False):
            detail = f"{provider['name']} does not support {action}"
            yield Issue("body", f"{name}.{action}", detail, remedy=f"leave {action} out")


def _read_issues(content: Record, name: str) -> Iterator[Issue]:
    yield from _list_issues(content["read"], name)
    for place, declared in _places(content["read"], name):
        yield from _named_issues(declared, place, ("objectName", "destination"))
        yield from _schedule_issues(declared.get("schedule", ""), place, _READ_MINUTES)
        yield from manifest_objects.read_issues(content, declared, place)


def _write_issues(content: Record, name: str) -> Iterator[Issue]:
    yield from _list_issues(content["write"], name)
    for place, declared in _places(content["write"], name):
        yield from _named_issues(declared, place, ("objectName",))


def _subscribe_issues(content: Record, name: str) -> Iterator[Issue]:
    yield from _list_issues(content["subscribe"], name)
    most = _MOST_SUBSCRIBED.get(content["provider"])
    if most is not None and len(content["subscribe"].get("objects", ())) > most:
        detail = f"{content['provider']} takes at most {most} objects"
        yield Issue("body", f"{name}.objects", detail, remedy="subscribe to fewer")
    read = {one["objectName"] for one in content.get("read", {}).get("objects", ())}
    for place, declared in _places(content["subscribe"], name):
        yield from _named_issues(declared, place, ("objectName", "destination"))
        yield from manifest_objects.subscribe_issues(declared, read, place)


def _proxy_issues(content: Record, name: str) -> Iterator[Issue]:
    """Source: the vendor's CLI, which asks for it."""
    if "enabled" not in content["proxy"]:
        yield Issue("body", f"{name}.enabled", "is required", remedy="say true or false")


def _watch_issues(content: Record, name: str) -> Iterator[Issue]:
    watch = content["watchSchema"]
    yield from _named_issues(watch, name, ("destination",))
    if "schedule" in watch:
        yield from _schedule_issues(watch["schedule"], name, _WATCH_MINUTES, required=True)


_CHECKS: Mapping[str, Callable[[Record, str], Iterator[Issue]]] = {
    "read": _read_issues,
    "write": _write_issues,
    "subscribe": _subscribe_issues,
    "proxy": _proxy_issues,
    "watchSchema": _watch_issues,
}


def _list_issues(block: Record, name: str) -> Iterator[Issue]:
    """Yield the missing objects of an action, and those that are there twice."""
    objects: Sequence[Record] = block.get("objects", ())
    if not objects:
        yield Issue("body", f"{name}.objects", "is empty", remedy="list one object or more")
    seen: set[str] = set()
    for place, declared in _places(block, name):
        if declared["objectName"] in seen:
            detail = "another object has this name"
            remedy = "declare each object once"
            yield Issue("body", f"{place}.objectName", detail, declared["objectName"], remedy)
        seen.add(declared["objectName"])


def _places(block: Record, name: str) -> Iterator[tuple[str, Record]]:
    for number, declared in enumerate(block.get("objects", ())):
        yield f"{name}.objects[{number}]", declared


def _named_issues(declared: Record, place: str, fields: tuple[str, ...]) -> Iterator[Issue]:
    for field in fields:
        if not declared[field].strip():
            yield Issue("body", f"{place}.{field}", "is empty", remedy=f"give {field} a value")


def _schedule_issues(
    schedule: str, place: str, least_minutes: int, *, required: bool = False
) -> Iterator[Issue]:
    # Assumed: an object without a schedule, or with an empty one, is read when it is triggered.
    if not schedule and not required:
        return
    mistake = schedules.mistake(schedule, least_minutes=least_minutes)
    if mistake is not None:
        remedy = "use five fields such as 0 */2 * * *"
        yield Issue("body", f"{place}.schedule", mistake, schedule, remedy)
