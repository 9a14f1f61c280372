"""The plugin as other people's tests use it: pytest in a process of its own, in an empty folder."""

from __future__ import annotations

import re

import pytest

USES = """
    import mockserver, pytest

    def topics(mock):
        return [topic["name"] for topic in mock.call("listTopics")]
"""


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.delenv("MOCKSERVER_URL", raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return pytester


def run(session: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest with this plugin, found by its name, and not with those of this repository."""
    return session.runpytest_subprocess("-p", "mockserver", *arguments, timeout=100)


def test_the_fixture_is_there_without_any_import(session: pytest.Pytester):
    session.makepyfile("""
        def test_create(mock):
            made = mock.call("createTopic", body={"name": "invoices"})
            answer = mock.client.get("/projects/my-project/topics")
            assert made in answer.json()
            assert mock.api_key == "mock-full-key"
            assert mock.url.startswith("http://127.0.0.1:")
    """)
    run(session, "-W", "error").assert_outcomes(passed=1)


def test_tests_do_not_see_what_others_did(session: pytest.Pytester):
    session.makepyfile(
        USES
        + """
    @pytest.mark.parametrize("number", range(20))
    def test_each(mock, number):
        assert "mine" not in topics(mock)
        mock.call("createTopic", body={"name": "mine"})
        mock.call("createTopic", body={"name": f"of-{number}"})
        assert len(topics(mock)) == 4
    """
    )
    run(session).assert_outcomes(passed=20)


def test_nobody_pays_for_the_plugin_who_does_not_use_it(session: pytest.Pytester):
    session.makepyfile("""
        import sys

        def test_nothing():
            loaded = {name.partition(".")[0] for name in sys.modules}
            ours = {name for name in sys.modules if name.startswith("mockserver")}
            assert ours == {"mockserver", "mockserver.pytest_plugin"}
            assert not loaded & {"connexion", "starlette", "uvicorn", "httpx", "orjson", "yaml"}
    """)
    run(session).assert_outcomes(passed=1)


def test_a_fixture_of_the_same_name_counts_before_it(session: pytest.Pytester):
    session.makeconftest("""
        import pytest

        @pytest.fixture
        def mock():
            return "their own"
    """)
    session.makepyfile("""
        def test_theirs(mock):
            assert mock == "their own"
            assert False, "and reports of failures have nothing of ours"
    """)
    result = run(session)
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*what the test did*")


def test_it_is_loaded_where_the_package_is_installed_and_can_be_left_out(
    session: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    session.makepyfile("def test_it(mock): pass")
    session.runpytest_subprocess(timeout=100).assert_outcomes(passed=1)
    result = session.runpytest_subprocess("-p", "no:mockserver", timeout=100)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("*fixture 'mock' not found*")


def test_the_help_tells_of_marker_and_option(session: pytest.Pytester):
    run(session, "--markers").stdout.fnmatch_lines("@pytest.mark.mockserver(fixture=None, seed=*")
    run(session, "--help").stdout.fnmatch_lines("*--mock-shared*")


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        ('"empty"', "takes fixture=… and seed=…, by name"),
        ('world="empty"', "knows fixture and seed, not ['world']"),
    ],
)
def test_a_marker_that_says_something_else_is_refused(
    session: pytest.Pytester, marker: str, said: str
):
    session.makepyfile(f"""
        import pytest

        @pytest.mark.mockserver({marker})
        def test_it(mock): pass
    """)
    result = run(session)
    result.assert_outcomes(errors=1)
    assert said in result.stdout.str()


def test_settings_come_from_the_environment(
    session: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MOCKSERVER_FIXTURE", "frontend")
    monkeypatch.setenv("MOCKSERVER_CLOCK", "2026-03-01T00:00:00Z")
    monkeypatch.setenv("MOCKSERVER_ADMIN_TOKEN", "a-token-of-the-environment")
    session.makepyfile("""
        def test_it(mock):
            names = [one["name"] for one in mock.call("listIntegrations")]
            assert "my-integration" in names
            assert mock.clock.now.isoformat() == "2026-03-01T00:00:00+00:00"
    """)
    run(session).assert_outcomes(passed=1)


def test_a_failing_test_is_reported_with_what_it_did_to_the_mock(session: pytest.Pytester):
    session.makepyfile("""
        def test_it(mock):
            mock.client.post("/projects/my-project/topics", json={"name": "invoices"})
            mock.call("createTopic", body={"name": ""})
    """)
    result = run(session)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*mock: what the test did*",
            "requests:",
            "  POST *projects/my-project/topics -> 201  (createTopic*)",
            "  POST *projects/my-project/topics -> 422  (createTopic*",
            "state:",
            "  + topics *invoices*",
        ]
    )
    assert re.search(r"CallRefused: createTopic -> 422 .*: invalid topic", result.stdout.str())
    # The test's line is shown, and none of the plugin's own.
    assert "twin.py" not in result.stdout.str()


def test_under_xdist_each_worker_has_its_own_server(session: pytest.Pytester):
    session.makepyfile(
        USES
        + """
    @pytest.mark.parametrize("number", range(12))
    def test_each(mock, number):
        mock.call("createTopic", body={"name": "mine"})
        assert len(topics(mock)) == 3
    """
    )
    run(session, "-p", "xdist", "-n", "2").assert_outcomes(passed=12)


def test_an_unhappy_end_leaves_no_thread_behind(session: pytest.Pytester):
    session.makepyfile("""
        def test_port(mock):
            assert mock.url
            raise KeyboardInterrupt
    """)
    result = run(session)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert "Error" not in result.stderr.str()
