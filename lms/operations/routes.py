"""Every route of the house, with its policy; a route without one stops the start (R-02)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.core.checks import CheckMessage, Error
from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, order=True)
class Endpoint:
    """One route: path pattern, methods, name, policy."""

    path: str
    methods: tuple[str, ...]
    name: str
    policy: str

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "methods": list(self.methods)}


def endpoints() -> list[Endpoint]:
    """All of them, sorted by path."""
    return sorted(_walk(get_resolver(), "/", ""))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Endpoint]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern).lstrip("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, path, inner)
        else:
            yield _endpoint(pattern, path, namespace)


def _endpoint(pattern: URLPattern, path: str, namespace: str) -> Endpoint:
    view = pattern.callback
    methods = getattr(view, "policy_methods", ("GET", "POST"))
    name = f"{namespace}{pattern.name}" if pattern.name else ""
    return Endpoint(path, tuple(methods), name, getattr(view, "policy", ""))


def under(name: str, patterns: list[Any]) -> list[Any]:
    """Give one policy to every route of another’s tree (Wagtail’s editor, its documents)."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            under(name, pattern.url_patterns)
        elif not hasattr(pattern.callback, "policy"):
            pattern.callback.policy = name
    return patterns


def check_policies(**_: Any) -> list[CheckMessage]:
    """System check: each route names its policy."""
    return [
        Error(f"Route {endpoint.path} ({endpoint.name}) names no policy.", id="lms.E001")
        for endpoint in endpoints()
        if not endpoint.policy
    ]
