"""The door of web servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
application = get_wsgi_application()

from courses.shared.walls import stand_or_stop  # noqa: E402  (needs the apps loaded)

stand_or_stop()
