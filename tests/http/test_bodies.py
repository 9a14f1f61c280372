"""The door: what a request body may be, and how each other body is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockserver.http.bodies import LARGEST, check_media_type
from tests.client import Client

TOPICS = "/projects/my-project/topics"
KEYS = "/projects/my-project/api-keys"


def nested(levels: int, inner: bytes = b"1") -> bytes:
    """Return a topic with an unknown key that is `levels` deep; the topic itself counts too."""
    arrays = levels - 1
    return b'{"name":"deep","x":' + b"[" * arrays + inner + b"]" * arrays + b"}"


# ---------------------------------------------------------------- bodies that are no JSON value

WRONG_BODIES = {
    "empty": (b"", "body", "a JSON body is required, this one is empty"),
    "spaces": (b" \r\n\t ", "body", "a JSON body is required, this one is empty"),
    "not JSON": (b"name=x", "body", "the body is not JSON: Expecting value at line 1 column 1"),
    "cut short": (b'{"name":"a"', "body", "the body is not JSON"),
    "two values": (b'{"name":"a"} {"name":"b"}', "body", "the body is not JSON: Extra data"),
    "single quotes": (b"{'name':'a'}", "body", "the body is not JSON"),
    "trailing comma": (b'{"name":"a",}', "body", "the body is not JSON"),
    "comment": (b'{"name":"a"} // topic', "body", "the body is not JSON"),
    "control character": (b'{"name":"a\nb"}', "body", "the body is not JSON"),
    "latin-1": ('{"name":"ä"}'.encode("latin-1"), "body", "the body is not UTF-8 at byte 9"),
    "UTF-16": ('{"name":"a"}'.encode("utf-16"), "body", "the body is not UTF-8 at byte 0"),
    "UTF-16 without mark": ('{"name":"a"}'.encode("utf-16-le"), "body", "the body is not JSON"),
    "UTF-32": ('{"name":"a"}'.encode("utf-32"), "body", "the body is not UTF-8"),
    "overlong UTF-8": (b'{"name":"\xc0\xaf"}', "body", "the body is not UTF-8 at byte 9"),
    "surrogate in UTF-8": (b'{"name":"\xed\xa0\x80"}', "body", "the body is not UTF-8 at byte 9"),
    "byte order mark": (b'\xef\xbb\xbf{"name":"a"}', "body", "begins with a byte order mark"),
    "null": (b"null", "body", "has the wrong type"),
    "array": (b'[{"name":"a"}]', "body", "has the wrong type"),
    "string": (b'"name"', "body", "has the wrong type"),
    "number": (b"1", "body", "has the wrong type"),
    "false": (b"false", "body", "has the wrong type"),
    "duplicate key": (b'{"name":"a","name":"a"}', "name", "duplicate key"),
    "escaped duplicate": (b'{"name":"a","\\u006eame":"b"}', "name", "duplicate key"),
    "duplicate inside": (b'{"name":"a","x":[{"y":{"z":1,"z":2}}]}', "x[0].y.z", "duplicate key"),
    "duplicate of objects": (b'{"name":{"a":1,"a":2},"name":1}', "name", "duplicate key"),
    "big integer": (b'{"name":9223372036854775808}', "name", "integer beyond 64 bits"),
    "big negative": (b'{"x":-9223372036854775809}', "x", "integer beyond 64 bits"),
    "huge integer": (b'{"x":[' + b"9" * 100_000 + b"]}", "x[0]", "integer beyond 64 bits"),
    "NaN": (b'{"name":"a","x":NaN}', "x", "NaN is no JSON number"),
    "Infinity": (b'{"name":"a","x":{"y":Infinity}}', "x.y", "Infinity is no JSON number"),
    "-Infinity": (b'{"name":"a","x":-Infinity}', "x", "-Infinity is no JSON number"),
    "1e999": (b'{"name":"a","x":1e999}', "x", "number too large"),
    "half a pair": (b'{"name":"\\ud83e"}', "name", "half of a surrogate pair"),
    "other half": (b'{"name":"a","x":["\\uDD8A"]}', "x[0]", "half of a surrogate pair"),
    "half in a key": (b'{"name":"a","\\ud83e":1}', "body", "half of a surrogate pair"),
    "half inside a key": (b'{"x":{"\\ud83e":1}}', "x", "half of a surrogate pair"),
    "half above NaN": (b'{"\\ud83e":NaN}', "body", "half of a surrogate pair"),
    "half above duplicate": (b'{"\\ud83e":1,"\\ud83e":2}', "body", "half of a surrogate pair"),
    "65 levels": (nested(65), "body", "the body is nested deeper than 64 levels"),
    "65 levels of objects": (
        b'{"x":' * 65 + b"1" + b"}" * 65,
        "body",
        "the body is nested deeper than 64 levels",
    ),
    "100000 levels": (b"[" * 100_000, "body", "the body is nested deeper than 64 levels"),
    "100000 levels, whole": (nested(100_000), "body", "the body is nested deeper than 64 levels"),
}


@pytest.mark.parametrize("name", WRONG_BODIES)
def test_a_body_that_cannot_be_taken_is_400_and_names_the_place(
    client: Client, is_unchanged: Callable[[], bool], name: str
):
    body, place, detail = WRONG_BODIES[name]

    refused = client.post(TOPICS, raw=body)

    assert refused.status == 400
    assert detail in refused.json["detail"]
    assert refused.issue_names == [place]
    assert detail in refused.issues[0]["detail"]
    assert refused.issues[0]["in"] == "body"
    assert is_unchanged()


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"name":"plain"}', "plain"),
        (b' \t\r\n{ "name" : "spaces" }\n', "spaces"),
        (b'{"\\u006eame":"\\u0065scaped"}', "escaped"),
        (b'{"name":"pair","x":"\\ud83e\\udd8a \xf0\x9f\xa6\x8a"}', "pair"),
        (b'{"name":"same-key-elsewhere","x":{"name":1,"y":{"name":2}}}', "same-key-elsewhere"),
        (b'{"name":"integers","x":[9223372036854775807,-9223372036854775808]}', "integers"),
        (b'{"name":"reals","x":[1.5,-0.0,1e308,1E-999]}', "reals"),
        (nested(64), "deep"),
        (b'{"name":"wide","x":[' + b"[]," * 500 + b"[]]}", "wide"),
    ],
)
def test_every_other_json_text_is_read(client: Client, body: bytes, name: str):
    created = client.post(TOPICS, raw=body)

    assert (created.status, created.json["name"]) == (201, name)


def test_an_optional_body_may_be_left_out(builder: Client):
    refused = builder.post("/orgs/9f7c3e2a-61b8-4f5c-8d1a-eb24f3b05d79/invites")

    assert refused.status == 400
    assert refused.issue_names == ["email"]


def test_every_place_that_cannot_be_taken_is_listed(client: Client):
    refused = client.post(
        TOPICS, raw=b'{"name":NaN,"x":[1e999,{"y":1,"y":2}],"z":99999999999999999999}'
    )

    assert refused.issue_names == ["name", "x[0]", "x[1].y", "z"]


def test_a_body_with_thousands_of_mistakes_gets_a_short_answer(client: Client):
    numbers = client.post(TOPICS, raw=b'{"x":[' + b"NaN," * 20_000 + b"NaN]}")
    scopes = client.post(KEYS, {"label": "many", "scopes": [1] * 2_000})

    assert (numbers.status, scopes.status) == (400, 400)
    assert len(numbers.issues) == len(scopes.issues) == 100


@pytest.mark.timeout(60)  # a guard against hanging: quadratic work takes far longer
def test_a_duplicate_among_very_many_keys_is_found_quickly(client: Client):
    keys = b",".join(b'"k%d":0' % number for number in range(100_000))

    refused = client.post(TOPICS, raw=b"{" + keys + b',"k7":0}')

    assert refused.issue_names == ["k7"]


# ---------------------------------------------------------------- media types


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "text/json",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/problem+json",
        "application/jsonx",
        "application/*",
        "*/*",
        "json",
        "ä",
        ";",
        "",
        None,
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        'application/json; charset="iso-8859-1"',
        "application/json;version=1;charset=cp1252",
    ],
)
def test_another_media_type_or_charset_is_415(
    client: Client, is_unchanged: Callable[[], bool], media_type: str | None
):
    refused = client.post(TOPICS, {"name": "a"}, headers={"content-type": media_type})

    assert (refused.status, refused.media_type) == (415, "application/problem+json")
    assert (refused.issues[0]["in"], refused.issue_names) == ("header", ["Content-Type"])
    assert "send" in refused.json["remedy"]
    assert is_unchanged()


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "application/json;charset=utf-8",
        "application/json; charset=UTF-8",
        "application/json; charset=us-ascii",
        "application/json; profile=x; charset=utf-8",
    ],
)
def test_json_in_utf8_is_taken_however_it_is_written(client: Client, media_type: str):
    created = client.post(TOPICS, {"name": "a"}, headers={"content-type": media_type})

    assert created.status == 201


@pytest.mark.parametrize("media_type", ["Application/JSON", 'application/json; charset="UTF-8"'])
def test_capitals_and_quotes_say_the_same(media_type: str):
    # Asked of the rule itself: openapi-core, which judges every request, cannot read them.
    check_media_type(media_type, ("application/json",))


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_jwt_keys_refuse_a_wrong_media_type_in_their_own(client: Client, method: str):
    path = "/projects/my-project/jwt-keys"
    path += "/4d6f8a1c-3e5b-4c7d-8f9a-0b1c2d3e4f01" if method == "PATCH" else ""

    refused = client.call(method, path, {}, headers={"content-type": "text/plain"})

    assert (refused.status, refused.media_type) == (415, "application/json")


def test_a_wrong_media_type_does_not_matter_without_a_body(client: Client):
    listed = client.get(TOPICS, headers={"content-type": "text/plain", "content-length": "0"})
    created = client.post(TOPICS, raw=b"", headers={"content-type": "text/plain"})

    assert listed.status == 200
    assert created.issue_names == ["body"]


# ---------------------------------------------------------------- size


def sized(size: int) -> bytes:
    """Return a topic of exactly `size` bytes."""
    frame = b'{"name":"large","x":""}'
    return frame.replace(b'""', b'"' + b"x" * (size - len(frame)) + b'"')


def test_a_body_of_ten_megabytes_is_read(client: Client):
    assert client.post(TOPICS, raw=sized(LARGEST)).status == 201


@pytest.mark.parametrize("path", [TOPICS, "/projects/my-project/jwt-keys"])
def test_a_body_of_more_than_ten_megabytes_is_413(
    client: Client, is_unchanged: Callable[[], bool], path: str
):
    refused = client.post(path, raw=sized(LARGEST + 1))

    assert refused.status == 413
    assert refused.issue_names == ["body"]
    assert is_unchanged()


def test_a_patch_of_more_than_ten_megabytes_is_413(client: Client):
    path = "/projects/my-project/jwt-keys/4d6f8a1c-3e5b-4c7d-8f9a-0b1c2d3e4f01"

    refused = client.patch(path, raw=sized(LARGEST + 1))

    assert (refused.status, refused.media_type) == (413, "application/json")


def test_the_credential_counts_before_the_size(client: Client):
    assert client.as_(key="wrong").post(TOPICS, raw=sized(LARGEST + 1)).status == 401


@pytest.mark.parametrize("body", [b"x", b"{}", b"\xff\xfe", b"[" * 100_000, sized(LARGEST + 1)])
def test_a_body_where_none_is_declared_is_ignored(client: Client, body: bytes):
    assert client.get(TOPICS, raw=body).status == 200
    assert client.delete(f"{TOPICS}/nothing", raw=body).status == 404
