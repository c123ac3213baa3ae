"""What the editor loads of ours."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


def editor_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/editor.css"))


def editor_js() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("cms/editor.js"))
