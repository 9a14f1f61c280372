"""The mock inside a program that tests: in process, or one server that several share.

running         starts a mock, or joins one, for a block or a function
Twin            one sandbox of it, as tests see it: what `running` and the fixture `mock` give
CallRefused     what a call raises that the mock refuses
"""

from __future__ import annotations

from mockserver.testing.exchanges import CallRefused
from mockserver.testing.starting import running
from mockserver.testing.twin import Twin

__all__ = ["CallRefused", "Twin", "running"]
