"""What holds for every operation alike, whatever it is about."""

from __future__ import annotations

import gzip
import re
from http import HTTPStatus

import pytest

from mockserver.app import Mock
from tests import calls
from tests.client import Client, Response
from tests.conftest import digest

ALL = [operation.operation_id for operation in calls.every()]
SECURED = [o.operation_id for o in calls.every() if not o.is_public]
BEARER_ONLY = [o.operation_id for o in calls.every() if o.schemes == {"Bearer"}]
WITH_PARAMETERS = [o.operation_id for o in calls.every() if "{" in o.path]
OPEN_TO_OUTSIDERS = "addUserToOrg"  # joining is the way in
REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}#[0-9]+")
ZEROS = gzip.compress(b"0" * (10 * 1024 * 1024 + 1))


def assert_problem(mock: Mock, before: str, name: str, answer: Response, *statuses: int) -> None:
    """Assert that an answer is the problem that an operation declares, and changed nothing."""
    operation = calls.CONTRACT.operations[name]
    content = operation.problem_content(answer.status)
    assert answer.status in statuses
    assert content is not None
    assert answer.media_type == content.media_type
    body = answer.json
    assert body["status"] == answer.status
    assert body["title"] == HTTPStatus(answer.status).phrase
    assert body["type"] == "about:blank"
    assert body["detail"]
    assert body["subsystem"] == "api"
    assert body["time"] == "2026-02-01T12:00:00.000000Z"
    assert body["retryable"] is False
    assert REQUEST_ID.fullmatch(body["requestId"])
    assert answer.headers["x-request-id"] == body["requestId"]
    if content.component == "InputValidationProblem":
        assert isinstance(body["issues"], list)
        assert all(issue["in"] in {"body", "path", "query", "header"} for issue in body["issues"])
    assert digest(mock.sandbox.root) == before, "a failed request changed something"


@pytest.fixture
def before(mock: Mock) -> str:
    return digest(mock.sandbox.root)


def test_there_is_a_sample_of_every_operation():
    assert set(calls.SAMPLES) == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_a_right_call_gets_the_declared_success(client: Client, name: str):
    answer = calls.make(calls.caller(client, name), name)

    declared = calls.CONTRACT.operations[name].success
    assert answer.status == int(declared.status)
    if declared.content is None:
        assert answer.body == b""
        assert answer.media_type is None
    else:
        assert answer.media_type == declared.content.media_type
        assert answer.body


@pytest.mark.parametrize("name", ALL)
def test_unknown_query_parameters_and_body_keys_are_ignored(client: Client, mock: Mock, name: str):
    plain = calls.make(calls.caller(client, name), name)
    world = digest(mock.sandbox.root)
    mock.sandbox.reset()
    sample = calls.SAMPLES[name]
    query = f"{sample.query}&unheardOf=abc&skipSampling=true".lstrip("&")
    body = {**sample.body, "unheardOf": {"a": 1}} if sample.body is not None else None

    answer = calls.make(calls.caller(client, name), name, query=query, body=body)

    assert (answer.status, answer.body) == (plain.status, plain.body)
    assert digest(mock.sandbox.root) == world


@pytest.mark.parametrize("name", SECURED)
def test_a_call_without_a_credential_is_401(anonymous: Client, mock: Mock, before: str, name: str):
    answer = calls.make(anonymous, name)

    assert_problem(mock, before, name, answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("name", BEARER_ONLY)
def test_an_operation_for_builders_does_not_take_an_api_key(
    client: Client, mock: Mock, before: str, name: str
):
    assert_problem(mock, before, name, calls.make(client, name), 401)


@pytest.mark.parametrize("name", calls.names(project=True))
def test_the_key_of_another_project_is_403(client: Client, mock: Mock, before: str, name: str):
    answer = calls.make(client.as_(key="mock-staging-key"), name)

    assert_problem(mock, before, name, answer, 403)


@pytest.mark.parametrize("name", calls.names(project=True))
def test_a_builder_of_another_organization_is_403(
    client: Client, mock: Mock, before: str, name: str
):
    answer = calls.make(client.as_(bearer=calls.OUTSIDER), name)

    assert_problem(mock, before, name, answer, 403)


@pytest.mark.parametrize("name", sorted(set(calls.names(org=True)) - {OPEN_TO_OUTSIDERS}))
def test_an_organization_is_403_for_those_outside(
    client: Client, mock: Mock, before: str, name: str
):
    callers = [calls.OUTSIDER, calls.NEWCOMER]
    answers = [calls.make(client.as_(bearer=caller), name) for caller in callers]
    if name not in BEARER_ONLY:
        answers.append(calls.make(client.as_(key="mock-globex-key"), name))

    for answer in answers:
        assert_problem(mock, before, name, answer, 403)


@pytest.mark.parametrize("name", calls.names(project=True))
def test_an_unknown_project_is_404(client: Client, mock: Mock, before: str, name: str):
    answer = calls.make(client, name, projectIdOrName="no-such-project")

    assert_problem(mock, before, name, answer, 404)
    assert answer.json["detail"] == "project not found"


@pytest.mark.parametrize("name", calls.names(org=True))
def test_an_unknown_organization_is_404(client: Client, mock: Mock, before: str, name: str):
    answer = calls.make(calls.caller(client, name), name, orgId=calls.NOTHING)

    assert_problem(mock, before, name, answer, 404)
    assert answer.json["detail"] == "organization not found"


#: Path parameters that name a record by its id; what is wrong with others depends.
IDENTIFIERS = {
    "providerAppId",
    "apiKey",
    "destination",
    "topicId",
    "routeId",
    "keyId",
    "integrationId",
    "integrationIdOrName",
    "revisionId",
    "connectionId",
    "installationId",
    "operationId",
}
NAMED = [
    (o.operation_id, parameter)
    for o in calls.every()
    for parameter in re.findall(r"\{(\w+)\}", o.path)
    if parameter in IDENTIFIERS
]


def scoped() -> list[tuple[str, str, str]]:
    """Return operation, last path parameter and a value of another project."""
    found = []
    for name in calls.names(project=True):
        theirs = {**calls.THEIRS, **calls.SAMPLES[name].theirs}
        parameter = calls.CONTRACT.operations[name].path.rpartition("{")[2].rstrip("}")
        if parameter in theirs:
            found.append((name, parameter, theirs[parameter]))
    return found


def elsewhere(name: str) -> bool:
    """Tell whether a sample names a customer's record in its path."""
    return bool(
        re.search(r"\{(revision|connection|installation|operation)Id\}", path_template(name))
    )


def path_template(name: str) -> str:
    return calls.CONTRACT.operations[name].path


@pytest.mark.parametrize(("name", "parameter", "theirs"), scoped())
def test_the_record_of_another_project_is_404(
    client: Client, mock: Mock, before: str, name: str, parameter: str, theirs: str
):
    answer = calls.make(client, name, **{parameter: theirs})

    assert_problem(mock, before, name, answer, 404)


@pytest.mark.parametrize(("name", "parameter"), NAMED)
def test_a_record_that_does_not_exist_is_404(
    client: Client, mock: Mock, before: str, name: str, parameter: str
):
    answer = calls.make(calls.caller(client, name), name, **{parameter: calls.NOTHING})

    assert_problem(mock, before, name, answer, 404)


@pytest.mark.parametrize("name", [name for name in calls.names(project=True) if elsewhere(name)])
def test_what_is_named_in_the_path_of_another_project_is_404(
    builder: Client, mock: Mock, before: str, name: str
):
    """The other project has an integration of the same name, but none of its customers."""
    answer = calls.make(builder, name, projectIdOrName="mailmonkey-staging")

    assert_problem(mock, before, name, answer, 404)


@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_a_path_segment_that_is_no_text_is_refused(
    client: Client, mock: Mock, before: str, name: str
):
    last = calls.CONTRACT.operations[name].path.rpartition("{")[2].partition("}")[0]

    for segment in ("%FF", "%00"):
        answer = calls.make(client, name, **{last: segment})

        assert_problem(mock, before, name, answer, 400, 422)


@pytest.mark.parametrize("name", calls.names(body=True))
@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"text"', b"null", b"\xff", b"{}"])
def test_a_body_that_is_not_what_is_declared_is_400(
    client: Client, mock: Mock, before: str, name: str, raw: bytes
):
    answer = calls.make(calls.caller(client, name), name, raw=raw)

    assert_problem(mock, before, name, answer, *wrong_body(name, raw))
    assert answer.issues or not lists_issues(name, answer)


def wrong_body(name: str, raw: bytes) -> set[int]:
    """Return the statuses of a wrong body: 422 where only that is declared."""
    answers = calls.CONTRACT.operations[name].answers
    if "422" in answers and ("400" not in answers or (raw == b"{}" and name == "createRevision")):
        return {422}
    return {400}


def lists_issues(name: str, answer: Response) -> bool:
    content = calls.CONTRACT.operations[name].problem_content(answer.status)
    return content is not None and content.component == "InputValidationProblem"


@pytest.mark.parametrize("name", calls.names(body=True))
def test_each_required_key_of_a_body_is_missed_by_name(
    client: Client, mock: Mock, before: str, name: str
):
    sample = calls.SAMPLES[name]
    for key in set(sample.body) - sample.optional:
        body = {other: value for other, value in sample.body.items() if other != key}

        answer = calls.make(calls.caller(client, name), name, body=body)

        assert_problem(mock, before, name, answer, *wrong_body(name, b""))
        assert not lists_issues(name, answer) or answer.issue_names == [key]


@pytest.mark.parametrize("name", calls.names(body=True))
def test_a_body_of_another_media_type_is_415(client: Client, mock: Mock, before: str, name: str):
    headers = {"content-type": "text/plain"}

    answer = calls.make(calls.caller(client, name), name, raw=b"{}", headers=headers)

    assert_problem(mock, before, name, answer, 415)


@pytest.mark.parametrize("name", calls.names(body=True))
def test_a_body_that_is_too_large_is_413(client: Client, mock: Mock, before: str, name: str):
    headers = {"content-encoding": "gzip"}

    answer = calls.make(calls.caller(client, name), name, raw=ZEROS, headers=headers)

    assert_problem(mock, before, name, answer, 413)


def test_every_answer_has_a_request_id_of_its_own(client: Client):
    answers = [client.get("/projects"), client.get("/projects"), client.get("/nowhere")]

    identifiers = [answer.headers["x-request-id"] for answer in answers]
    assert all(REQUEST_ID.fullmatch(identifier) for identifier in identifiers)
    assert len(set(identifiers)) == 3
