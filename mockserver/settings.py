"""Every switch of the mock: read once, then frozen.

A setting is given by flag, else by environment variable (`MOCKSERVER_` and its name in capitals),
else it has the default below. Switches that stand for an undocumented behaviour say `Assumed:`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from mockserver.addresses import Place, read_place
from mockserver.setting_rules import (
    Rule,
    SettingError,
    between,
    client_error,
    convert,
    given,
    long_secret,
    long_token,
    one_of,
    origin,
    places,
)

__all__ = ["PREFIX", "SettingError", "Settings", "read_settings"]

PREFIX = "MOCKSERVER_"


def _setting(
    default: Any,
    text: str,
    *,
    rule: Rule | None = None,
    group: str = "server",
    secret: bool = False,
) -> Any:
    metadata = {"help": text, "rule": rule, "group": group, "secret": secret}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The switches, with their defaults."""

    host: str = _setting("127.0.0.1", "Address to listen on.", rule=given)
    port: int = _setting(4010, "Port to listen on; 0 takes a free one.", rule=between(0, 65_535))
    admin_token: str = _setting(
        "",
        "Secret that opens the control plane to other hosts; where the address is not of this"
        " machine and none is given, one is made up and printed.",
        rule=long_token,
        secret=True,
    )
    tls_cert: str = _setting("", "PEM file of the certificate, and its chain, to serve TLS with.")
    tls_key: str = _setting("", "PEM file of the private key; none: it is in the certificate's.")
    log_requests: bool = _setting(
        False, "Write one line of JSON to stderr for each request, without secrets."
    )
    shutdown_seconds: float = _setting(
        5.0,
        "Seconds that the end waits for deliveries under way; what is left then is reported.",
        rule=between(0, 3600),
    )
    fixture: str = _setting("acme", "Fixture set to start from: a name, or a YAML or JSON file.")
    seed: int = _setting(0, "Seed of every id, key and fake value.")
    strict: bool = _setting(
        False, "Hold requests to the contract's letter (drops the request relaxations)."
    )
    public_url: str = _setting(
        "", "Origin for absolute URLs in answers; else the request's own.", rule=origin
    )
    catalog: str = _setting("", "JSON file of providers to serve in place of the built-in catalog.")
    clock: str = _setting(
        "real",
        "How the mock tells the time: real, or an RFC 3339 instant at which it stands still.",
    )
    latency: int = _setting(
        0, "Milliseconds to wait before each answer of the mocked API.", rule=between(0, 600_000)
    )
    token_secret: str = _setting(
        "ampersand-mockserver-builder-tokens",
        "Secret that builder tokens are minted and checked with (32 bytes or more).",
        rule=long_secret,
        secret=True,
    )
    oauth: str = _setting(
        "manual",
        "Who answers the pretend provider's consent page: the visitor (manual), or itself (auto).",
        rule=one_of("manual", "auto"),
    )
    oauth_url: str = _setting(
        "mock",
        "Where OAuth URLs lead: to the pretend provider (mock), or to the true one (provider),"
        " whose page no test should open.",
        rule=one_of("mock", "provider"),
    )
    sandboxes: str = _setting(
        "on-use",
        "Which sandboxes requests may select: any, which is made on first use (on-use), or only"
        " those that were created before (strict).",
        rule=one_of("on-use", "strict"),
    )
    sandbox_idle: float = _setting(
        14_400.0,
        "Seconds without a request after which a sandbox is dropped; 0: never.",
        rule=between(0, 315_360_000),
    )
    persist: str = _setting(
        "", "File that all sandboxes are saved to, and taken from at the next start."
    )
    persist_every: float = _setting(
        5.0, "Seconds between two saves, when something changed.", rule=between(0.1, 86_400)
    )
    watch: bool = _setting(False, "Load the fixture again when its file changes.")
    record: str = _setting("", "Folder to record every exchange into, for an independent judge.")

    bearer_only_accepts_api_key: bool = _setting(
        False,
        "Let a full API key call the operations that the contract keeps for builders.",
        group="behaviour",
    )
    strict_bearer_org: bool = _setting(
        False,
        "Refuse API keys with 403 on the organization operations that are for builders upstream.",
        group="behaviour",
    )
    allow_http_destinations: bool = _setting(
        True, "Take http:// webhook URLs of this machine (localhost).", group="behaviour"
    )
    allow_destination: tuple[str, ...] = _setting(
        (),
        "HOST:PORT that webhooks and streams may be sent to though it is private, or plain http;"
        " may be given more than once (in the variable: separated by commas).",
        rule=places,
        group="behaviour",
    )
    jwt_pem_strict: bool = _setting(
        False, "Take only PEM texts that parse as an RSA public key.", group="behaviour"
    )
    one_org_per_builder: bool = _setting(
        False, "Refuse a second organization for a builder who has one.", group="behaviour"
    )
    accept_legacy_project_key: bool = _setting(
        True,
        "Let OAuth connect name its project as projectId or as projectIdOrName.",
        group="behaviour",
    )
    duplicate_installation_status: int = _setting(
        400,
        "Status of a second installation for a group.",
        rule=client_error,
        group="behaviour",
    )
    delete_connection_in_use_status: int = _setting(
        400,
        "Status of deleting a connection in use.",
        rule=client_error,
        group="behaviour",
    )
    sample_read: bool = _setting(
        True,
        "Read a sample record before an installation is made.",
        group="behaviour",
    )
    identical_deploy_creates_revision: bool = _setting(
        False,
        "Make a revision even when a deployed manifest did not change.",
        group="behaviour",
    )
    emit_post_contract_events: bool = _setting(
        False,
        "Also send events that the contract does not name yet (connection.updated).",
        group="behaviour",
    )
    webhook_retry_scale: float = _setting(
        1.0,
        "Factor on the waiting times between webhook attempts.",
        rule=between(0, 1000),
        group="behaviour",
    )
    webhook_disable_after: float = _setting(
        432_000.0,
        "Seconds of failures in a row after which a webhook is disabled (5 days).",
        rule=between(0, 315_360_000),
        group="behaviour",
    )
    webhook_timeout: float = _setting(
        15.0,
        "Seconds that a webhook may take to answer.",
        rule=between(0.001, 600),
        group="behaviour",
    )
    webhook_turn_timeout: float = _setting(
        1.0,
        "While the clock is turned: seconds that a webhook may take to answer that has left an"
        " attempt of this turn without an answer.",
        rule=between(0.001, 600),
        group="behaviour",
    )
    signature_time: str = _setting(
        "sandbox",
        "Whose time webhooks are signed with: the sandbox's clock (sandbox), or the machine's"
        " (wall), for consumers that refuse old messages while the sandbox's clock is elsewhere.",
        rule=one_of("sandbox", "wall"),
        group="behaviour",
    )
    signature_headers: str = _setting(
        "svix",
        "Names of the signature headers: svix-… (svix), webhook-… (webhook), or both.",
        rule=one_of("svix", "webhook", "both"),
        group="behaviour",
    )
    deliver_to: str = _setting(
        "all",
        "Where webhooks and streams are really sent: to all destinations, to those of this machine"
        " and the allowed ones (local), or to none; what is not sent is recorded.",
        rule=one_of("all", "local", "none"),
        group="behaviour",
    )
    inbox_deliveries: int = _setting(
        10_000, "Deliveries that the inbox keeps; the oldest go first.", rule=between(1, 1_000_000)
    )
    inbox_bytes: int = _setting(
        64 * 1024 * 1024,
        "Bytes of deliveries that the inbox keeps; the oldest go first.",
        rule=between(1, 2**40),
    )
    journal: bool = _setting(
        True, "Keep what is asked and answered, for /__admin/requests; never on disk."
    )
    journal_entries: int = _setting(
        5_000,
        "Requests that the journal of a sandbox keeps; the oldest go first.",
        rule=between(1, 1_000_000),
    )
    journal_bytes: int = _setting(
        64 * 1024 * 1024,
        "Bytes that the journal of a sandbox keeps; the oldest requests go first.",
        rule=between(1, 2**40),
    )
    journal_admin: bool = _setting(False, "Keep requests of the control plane in the journal, too.")

    def allowed_places(self) -> frozenset[Place]:
        """Return the hosts and ports of `allow_destination`."""
        return frozenset(map(read_place, self.allow_destination))


def read_settings(
    given: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings: `given` first, then the environment, then the defaults.

    Args:
        given: values by setting name; None stands for "not given".
        environment: the environment; None for the process's own.

    Raises:
        SettingError: a value cannot be read as its setting's type, or cannot be used.
    """
    variables = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        name = PREFIX + setting.name.upper()
        if given is not None and given.get(setting.name) is not None:
            name, values[setting.name] = setting.name, given[setting.name]
        elif name in variables:
            values[setting.name] = convert(name, variables[name], setting.default)
        else:
            continue
        rule: Rule | None = setting.metadata["rule"]
        wanted = rule(values[setting.name]) if rule else None
        if wanted is not None:
            secret = setting.metadata["secret"]  # which no log should hold
            shown = "" if secret else f"={values[setting.name]!r}"
            raise SettingError(f"{name}{shown} is not {wanted}")
    return Settings(**values)
