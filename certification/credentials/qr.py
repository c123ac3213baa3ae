"""The address that a QR code opens, and its picture."""

import segno
from django.conf import settings
from django.urls import reverse


def verify_url(code: str) -> str:
    """The public page of one code, on the site’s true address."""
    return f"{settings.LMS_PUBLIC_URL}{reverse('verify_code', args=[code])}"


def qr_svg(code: str) -> str:
    """The QR code as an SVG text without style nor script; quiet zone included."""
    drawn = segno.make(verify_url(code), error="m", micro=False)
    return str(
        drawn.svg_inline(scale=4, border=4, omitsize=True, svgclass=None, lineclass=None, light="#fff")
    )
