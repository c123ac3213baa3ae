"""Addresses by name. A room that has no such screen yet gives no link, and the page stands all the same."""

from typing import Any

from django.urls import NoReverseMatch, reverse

# The catalogue is a page of the public site: its address is where `cms` opens it.
CATALOGUE = "/catalogue/"


def link(name: str, *args: Any) -> str:
    """The address, or nothing."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
