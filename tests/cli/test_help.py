"""What the command says about itself."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields

import pytest

from mockserver import __version__
from mockserver.cli.main import VERBS
from mockserver.settings import Settings
from tests.cli.command import Command


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_the_help_names_every_verb_and_where_to_start(command: Command, arguments: tuple[str, ...]):
    shown = command(*arguments)

    assert (shown.code, shown.err) == (0, "")
    for verb, text in VERBS.items():
        assert f"  {verb} " in shown.out
        assert text in shown.out
    assert "Start with: mockserver serve" in shown.out
    assert "mockserver VERB --help" in shown.out


@pytest.mark.parametrize(
    "verb", [*((verb,) for verb in VERBS), ("token", "builder"), ("token", "customer")]
)
def test_every_verb_explains_itself_in_80_columns(command: Command, verb: tuple[str, ...]):
    shown = command(*verb, "--help")

    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(f"Usage: mockserver {' '.join(verb)} ")
    # A flag that is longer than its column stands alone in a line, as long as it is.
    assert all(len(line) <= 80 for line in shown.out.splitlines() if "--no-" not in line)


def test_every_setting_has_a_flag_with_its_default_and_says_its_variable(command: Command):
    shown = " ".join(command("serve", "--help").out.split())

    for setting in fields(Settings):
        if setting.name == "record":  # for the tests of the mock itself
            continue
        assert f"--{setting.name.replace('_', '-')} " in shown
        assert setting.metadata["help"] in shown
    assert "--fixture is MOCKSERVER_FIXTURE" in shown
    assert "[4010]" in shown
    assert "[off]" in shown


def test_the_version_is_shown(command: Command):
    assert command("--version").out == f"mockserver, version {__version__}\n"


def test_the_package_can_be_run():
    ran = subprocess.run(
        [sys.executable, "-m", "mockserver", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == f"mockserver, version {__version__}\n"
    assert ran.stderr == ""


def test_help_imports_no_verb_so_that_it_is_quick():
    program = (
        "import sys\n"
        "from mockserver.cli.main import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n"
        "    print(sorted({'connexion', 'flask', 'jwt', 'faker'} & set(sys.modules)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "[]"


def test_a_start_imports_nothing_slow_that_it_does_not_need():
    program = (
        "import sys\n"
        "from mockserver.cli import serve, serving\n"
        "from mockserver.app import create\n"
        "from mockserver.settings import Settings\n"
        "serving.build(create(Settings()))\n"
        "slow = {'cryptography', 'faker', 'hypothesis', 'jwt', 'rich', 'schemathesis'}\n"
        "print(sorted(slow & set(sys.modules)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
