"""The web application, as a WSGI server starts it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fluxio.settings")
application = get_wsgi_application()

import fluxio.celery  # noqa: E402, F401  tasks sent by the web go to our broker
