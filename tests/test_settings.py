"""Every switch: where its value comes from, what it may be, and that it stays."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from mockserver.cli.options import variable
from mockserver.settings import PREFIX, SettingError, Settings, read_settings

NAMES = [setting.name for setting in fields(Settings)]
#: Another value than the default of each, as a value and as the text of a variable.
OTHER: dict[str, tuple[Any, str]] = {
    "host": ("0.0.0.0", "0.0.0.0"),
    "port": (5000, "5000"),
    "admin_token": ("let-me-in", "let-me-in"),
    "tls_cert": ("cert.pem", "cert.pem"),
    "tls_key": ("key.pem", "key.pem"),
    "log_requests": (True, "true"),
    "shutdown_seconds": (0.5, "0.5"),
    "fixture": ("empty", "empty"),
    "seed": (-7, "-7"),
    "strict": (True, "true"),
    "public_url": ("https://mock.example:8443/base", "https://mock.example:8443/base"),
    "catalog": ("catalog.json", "catalog.json"),
    "clock": ("2026-01-05T09:00:00Z", "2026-01-05T09:00:00Z"),
    "latency": (250, "250"),
    "token_secret": ("s" * 32, "s" * 32),
    "oauth": ("auto", "auto"),
    "oauth_url": ("provider", "provider"),
    "sandboxes": ("strict", "strict"),
    "sandbox_idle": (60.0, "60"),
    "persist": ("worlds.jsonl", "worlds.jsonl"),
    "persist_every": (1.5, "1.5"),
    "watch": (True, "true"),
    "record": ("folder", "folder"),
    "bearer_only_accepts_api_key": (True, "1"),
    "strict_bearer_org": (True, "yes"),
    "allow_http_destinations": (False, "false"),
    "allow_destination": (("sink:3000", "[fd00::1]:80"), "sink:3000, [fd00::1]:80"),
    "jwt_pem_strict": (True, "ON"),
    "one_org_per_builder": (True, "True"),
    "accept_legacy_project_key": (False, "0"),
    "duplicate_installation_status": (409, "409"),
    "delete_connection_in_use_status": (422, "422"),
    "sample_read": (False, "no"),
    "identical_deploy_creates_revision": (True, "true"),
    "emit_post_contract_events": (True, "true"),
    "webhook_retry_scale": (0.5, "0.5"),
    "webhook_disable_after": (60.0, "60"),
    "webhook_timeout": (2.5, "2.5"),
    "webhook_turn_timeout": (0.5, "0.5"),
    "signature_time": ("wall", "wall"),
    "signature_headers": ("both", "both"),
    "deliver_to": ("local", "local"),
    "inbox_deliveries": (5, "5"),
    "inbox_bytes": (1000, "1000"),
    "journal": (False, "off"),
    "journal_entries": (7, "7"),
    "journal_bytes": (2000, "2000"),
    "journal_admin": (True, "on"),
}


def test_without_anything_the_defaults_hold():
    assert read_settings({}, {}) == Settings()


def test_this_test_knows_another_value_of_every_setting():
    assert list(OTHER) == NAMES
    assert all(getattr(Settings(), name) != value for name, (value, _) in OTHER.items())


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_comes_from_its_flag_else_its_variable_else_its_default(name: str):
    value, text = OTHER[name]
    default = getattr(Settings(), name)

    assert getattr(read_settings({}, {variable(name): text}), name) == value
    assert getattr(read_settings({name: value}, {}), name) == value
    assert getattr(read_settings({name: default}, {variable(name): text}), name) == default
    assert getattr(read_settings({name: None}, {variable(name): text}), name) == value


@pytest.mark.parametrize("name", NAMES)
def test_a_value_from_a_variable_has_the_type_of_the_default(name: str):
    found = getattr(read_settings({}, {variable(name): OTHER[name][1]}), name)
    assert type(found) is type(getattr(Settings(), name))


def test_the_environment_of_the_process_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MOCKSERVER_SEED", "12")
    assert read_settings().seed == 12


def test_variables_of_others_are_left_alone():
    assert read_settings({}, {"PORT": "1", "MOCKSERVER_UNHEARD_OF": "x"}) == Settings()


def test_settings_are_read_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MOCKSERVER_SEED", "1")
    settings = read_settings()
    monkeypatch.setenv("MOCKSERVER_SEED", "2")
    assert settings.seed == 1


def test_settings_cannot_be_changed():
    settings = Settings()
    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc] # that it is refused is the point


@pytest.mark.parametrize("text", ["1", "true", "TRUE", "yes", "On"])
def test_ways_to_say_yes(text: str):
    assert read_settings({}, {"MOCKSERVER_STRICT": text}).strict is True


@pytest.mark.parametrize("text", ["0", "false", "False", "no", "OFF"])
def test_ways_to_say_no(text: str):
    assert read_settings({}, {"MOCKSERVER_SAMPLE_READ": text}).sample_read is False


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("PORT", "http", "a whole number"),
        ("PORT", "", "a whole number"),
        ("PORT", "80.5", "a whole number"),
        ("PORT", "65536", "in 0 to 65535"),
        ("PORT", "-1", "in 0 to 65535"),
        ("SEED", "1.5", "a whole number"),
        ("STRICT", "maybe", "true or false"),
        ("STRICT", "", "true or false"),
        ("LATENCY", "-1", "in 0 to 600000"),
        ("WEBHOOK_RETRY_SCALE", "fast", "a number"),
        ("WEBHOOK_RETRY_SCALE", "nan", "in 0 to 1000"),
        ("WEBHOOK_RETRY_SCALE", "-0.1", "in 0 to 1000"),
        ("DUPLICATE_INSTALLATION_STATUS", "200", "a 4xx status that HTTP has"),
        ("DUPLICATE_INSTALLATION_STATUS", "499", "a 4xx status that HTTP has"),
        ("DELETE_CONNECTION_IN_USE_STATUS", "500", "a 4xx status that HTTP has"),
        ("DELETE_CONNECTION_IN_USE_STATUS", "419", "a 4xx status that HTTP has"),
        ("HOST", " ", "an address"),
        ("PUBLIC_URL", "mock.example", "an http:// or https:// origin"),
        ("PUBLIC_URL", "ftp://mock.example", "an http:// or https:// origin"),
        ("PUBLIC_URL", "https://mock.example?x=1", "an http:// or https:// origin"),
        ("PUBLIC_URL", "https://mock.example/a b", "an http:// or https:// origin"),
        ("PUBLIC_URL", "https://", "an http:// or https:// origin"),
        ("PUBLIC_URL", "http://mock.example:port", "a URL"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named_with_its_value(name: str, text: str, wanted: str):
    with pytest.raises(SettingError) as refused:
        read_settings({}, {PREFIX + name: text})
    message = str(refused.value)
    assert message.startswith(f"{PREFIX}{name}=")
    assert message.endswith(f"is not {wanted}")
    assert "\n" not in message


def test_a_flag_that_cannot_be_used_is_named_too():
    with pytest.raises(SettingError, match="port=70000 is not in 0 to 65535"):
        read_settings({"port": 70_000}, {})


def test_a_short_token_secret_is_refused_and_not_repeated():
    with pytest.raises(SettingError) as refused:
        read_settings({"token_secret": "hunter2"}, {})
    assert str(refused.value) == "token_secret is not 32 bytes or more"


@pytest.mark.parametrize("token", ["short", "with blanks in it", "with\nline ends", "with ümlauts"])
def test_an_admin_token_that_no_header_should_carry_is_refused_and_not_repeated(token: str):
    with pytest.raises(SettingError) as refused:
        read_settings({}, {"MOCKSERVER_ADMIN_TOKEN": token})
    assert str(refused.value) == "MOCKSERVER_ADMIN_TOKEN is not 8 or more visible ASCII characters"


def test_defaults_can_be_used():
    assert read_settings({s.name: s.default for s in fields(Settings)}, {}) == Settings()
