# The production image. Written without a container engine at hand: build it and try it before you rely on it.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 LMS_MODE=production LMS_VAR_DIR=/srv/var
WORKDIR /srv/lms

COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY manage.py pyproject.toml LICENSE ./
COPY courses ./courses
COPY certification ./certification
COPY cms ./cms
COPY lms ./lms

RUN useradd --system --uid 10001 --home-dir /srv/var lms && mkdir -p /srv/var && chown lms:lms /srv/var
USER lms
VOLUME /srv/var
EXPOSE 8000
CMD ["gunicorn", "lms.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--max-requests", "5000", "--max-requests-jitter", "500", "--access-logfile", "-"]
