"""Shared by the tests of certification."""

from uuid import uuid4

import pytest


@pytest.fixture
def a_key() -> str:
    """The hidden key of a form, made when its page is drawn."""
    return str(uuid4())
