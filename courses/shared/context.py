"""What every page needs to know of its own look: theme, names, links of the frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

THEMES = ("dsfr", "neutral")

# Each link of the frame: the URL names it may bear, then the path used when none exists yet.
# The frame must stand on error pages too, so a missing route never breaks a page.
FRAME_LINKS: dict[str, tuple[tuple[str, ...], str]] = {
    "home": (("home",), "/"),
    "login": (("login", "people:login"), "/connexion/"),
    "logout": (("logout", "people:logout"), "/deconnexion/"),
    "account": (("account", "people:account"), ""),
    "verify": (("verify", "credentials:verify", "verify-credential"), "/verifier/"),
    "accessibility": (("accessibility",), "/accessibilite/"),
    "legal": (("legal-notice", "legal"), "/mentions-legales/"),
    "privacy": (("personal-data", "privacy"), "/donnees-personnelles/"),
    "contact": (("contact",), "/contact/"),
    "plan": (("site-plan",), "/plan/"),
    "catalogue": (("catalogue",), "/catalogue/"),
}


@dataclass(frozen=True)
class Look:
    """The look of the site: its theme, its names and the links of header and footer."""

    theme: str
    site_name: str
    baseline: str
    accessibility_status: str
    links: dict[str, str] = field(default_factory=dict)

    @property
    def is_state(self) -> bool:
        """Only the State's theme may show the Marianne."""
        return self.theme == "dsfr"


def _link(names: tuple[str, ...], fallback: str) -> str:
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return fallback


def current_look() -> Look:
    """Read the look from the settings; an unknown theme falls back on the neutral one."""
    theme = getattr(settings, "LMS_THEME", "dsfr")
    return Look(
        theme=theme if theme in THEMES else "neutral",
        site_name=getattr(settings, "LMS_SITE_NAME", "Formation des conseillers numériques"),
        baseline=getattr(settings, "LMS_SITE_BASELINE", "Se former, être certifié, le prouver"),
        accessibility_status=getattr(settings, "LMS_ACCESSIBILITY_STATUS", "non conforme"),
        links={key: _link(names, fallback) for key, (names, fallback) in FRAME_LINKS.items()},
    )


def look(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `look` in every template."""
    return {"look": current_look()}
