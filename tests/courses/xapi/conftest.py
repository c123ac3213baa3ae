"""The callers of these tests."""

import pytest

from .caller import BOTH, Caller


@pytest.fixture(params=BOTH)
def version(request):
    """Both versions, unless a table says which."""
    return request.param


@pytest.fixture
def caller(db, version):
    """A key that may do everything in its organisation, and speaks that version."""
    return Caller(version=version)
