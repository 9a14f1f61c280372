"""What a run leaves: cited, replayable, readable by machines, and without any secret."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from dataclasses import asdict
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import httpx
import pytest
from rich.console import Console

from mockserver.app import Mock
from mockserver.conformance import rulebook
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.reports.citing import resolves, text_at
from mockserver.conformance.reports.curl import curl
from mockserver.conformance.reports.har import har
from mockserver.conformance.reports.html import html
from mockserver.conformance.reports.junit import junit
from mockserver.conformance.reports.summary import show
from tests.client import BUILDER, KEY
from tests.conformance.checking import CONTRACT, Checked, Twisted, changed, check
from tests.server import serving

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def checked(mock: Mock) -> Checked:
    """Run against a mock with secrets and markup in its answers."""

    def odd(method: str, path: str, response: httpx.Response) -> httpx.Response:
        if response.status_code in {200, 201} and "/provider-apps" in path and method != "GET":
            return changed(response, {**response.json(), "createTime": SCRIPT})
        if method == "GET" and path.endswith("/api-keys"):
            return changed(response, [{**one, "active": "yes"} for one in response.json()])
        return response

    return check(Twisted(mock, odd), only="*ApiKey*/[a-l]*")


def written(checked: Checked) -> dict[str, str]:
    console = Console(record=True, width=100, file=io.StringIO())
    show(checked.report, console)
    return {
        "json": json.dumps(asdict(checked.report)),
        "junit": junit(checked.report).decode(),
        "html": html(checked.report),
        "har": har(
            checked.exchanges, "http://x/v1", "2026-02-01T12:00:00Z", checked.redaction
        ).decode(),
        "summary": console.export_text(),
    }


def test_no_secret_is_in_any_report(checked: Checked):
    secrets = {KEY, BUILDER} | checked.ready.door.memory.secrets
    secrets |= {one.json["key"] for one in checked.exchanges if _shows_key(one)}
    assert len(secrets) > 10
    for name, text in written(checked).items():
        assert not [secret for secret in secrets if secret in text], name


def _shows_key(exchange: Exchange) -> bool:
    return exchange.operation_id in {"createApiKey", "getApiKey"} and exchange.answer.is_success


def test_every_finding_cites_the_contract(checked: Checked):
    assert checked.report.findings
    for finding in checked.report.findings:
        assert resolves(CONTRACT, finding.contract), finding.name
        assert finding.text


def test_junit_has_a_case_per_operation_and_rule(checked: Checked):
    root = Xml.fromstring(junit(checked.report))  # noqa: S314 # we have just written it
    cases = {(one.get("classname"), one.get("name")): one for one in root.iter("testcase")}
    assert cases["listApiKeys", "answer-schema"].find("failure") is not None
    assert len(cases) > 10
    assert int(root.get("failures", "0")) == len(list(root.iter("failure")))
    assert int(root.get("tests", "0")) == len(cases)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_is_escaped_and_loads_nothing(checked: Checked):
    page = html(checked.report)
    tags = Tags()
    tags.feed(page)
    assert SCRIPT not in page
    assert [tag for tag, _ in tags.found].count("script") == 1
    assert not [
        a
        for t, a in tags.found
        if a.get("src") or t == "link" or ("http-equiv" in a and "refresh" in str(a))
    ]
    assert all(str(a["href"]).startswith("#") for _, a in tags.found if "href" in a)


def test_the_har_holds_every_exchange(checked: Checked):
    log = json.loads(written(checked)["har"])["log"]
    assert log["version"] == "1.2"
    assert len(log["entries"]) == len(checked.exchanges)


def test_the_summary_says_what_where_and_how_to_see_it_again(checked: Checked):
    text = " ".join(written(checked)["summary"].split())
    assert "✖ listApiKeys · answer-schema /0/active" in text
    assert "curl -sS" in text
    assert "✖ does not conform:" in text


def trace(mock: Mock) -> tuple[Exchange, ...]:
    """Return a trace with captured ids, names of ours, queries and two credentials."""

    class Walk:
        name, share = "walk", 1.0
        lab: Any = None

        def plan(self, _: Any) -> dict[str, int]:
            return {}

        def run(self, session: Any) -> Any:
            lab = self.lab = session.lab()
            odd = {"clientId": lab.name("o'app $HOME \\ \""), "clientSecret": lab.name("secret")}
            lab.call("createProviderApp", {**odd, "provider": "hubspot"})
            topic = lab.call("createTopic", {"name": lab.name("topic")}).json
            lab.call("updateTopic", {"name": lab.name("renamed")}, path={"topicId": topic["id"]})
            hook = {
                "name": lab.name("hook"),
                "type": "webhook",
                "metadata": {"url": "https://x.example/a?b='c'"},
            }
            made = lab.call("createDestination", hook).json
            lab.call(
                "getDestination",
                path={"destination": made["name"]},
                query={"includeSecrets": "true"},
            )
            body = {"topicId": topic["id"], "destinationId": made["id"]}
            lab.call("createTopicDestinationRoute", body)
            lab.call("listTopicDestinationRoutes", query={"topicId": topic["id"]})
            listed = lab.call("listTopics").json
            own = next(one for one in listed if one["name"].startswith("ct-"))
            lab.call("deleteTopic", path={"topicId": own["id"]})
            lab.call("deleteTopic", path={"topicId": own["id"]}, caller="wrong-key")
            yield from ()

    walk = Walk()
    check(Twisted(mock), layers=[walk])
    return tuple(walk.lab.trace)


def test_a_trace_runs_again_as_a_shell_script(mock: Mock, tmp_path: Path):
    if not (shutil.which("jq") and shutil.which("curl")):
        pytest.skip("needs curl and jq")
    known = {KEY: "$API_KEY"}
    walked = trace(mock)
    lines = curl(walked, known)
    script = tmp_path / "again.sh"
    script.write_text(
        "set -u\n" + "\n".join(lines).replace("curl -sS", "counted") + "\n", encoding="utf-8"
    )
    counted = (
        'counted() { curl -sS "$@" -o "$OUT" -w "%{http_code}\\n" >> "$CODES"; cat "$OUT"; }\n'
    )
    script.write_text(counted + script.read_text(encoding="utf-8"), encoding="utf-8")
    with serving() as server:
        environment = {
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "BASE_URL": f"{server.url}/v1",
            "API_KEY": KEY,
            "WRONG_KEY": "nobody",
            "OUT": str(tmp_path / "out"),
            "CODES": str(tmp_path / "codes"),
        }
        run = subprocess.run(["bash", script], env=environment, capture_output=True, text=True)
    codes = [line for line in (tmp_path / "codes").read_text().splitlines() if line.isdigit()]
    assert run.stderr == ""
    assert codes == [str(one.status) for one in walked], "\n".join(lines)
    assert KEY not in "\n".join(lines)


def test_citing_finds_the_nearest_words():
    answers = "/paths/~1projects~1{projectIdOrName}~1topics/post/responses"
    assert "409:" in text_at(CONTRACT, answers)
    assert text_at(CONTRACT, "/components/schemas/Topic").count("requires")
    assert not resolves(CONTRACT, "/components/schemas/Nothing")
    assert text_at(CONTRACT, "/components/schemas/Nothing") == ""


def test_every_rule_cites_words_of_the_contract():
    silent = [rule.id for rule in rulebook.rules(CONTRACT) if not text_at(CONTRACT, rule.cites)]
    assert silent == []
