FROM python:3.11-slim-bookworm

# WeasyPrint makes PDF files with Pango.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

COPY requirements/base.txt requirements/base.txt
RUN python -m pip install --no-deps --require-hashes -r requirements/base.txt

ENV DATA_DIR=/data
COPY . .
# The settings refuse to start without these; no server is asked and nothing of them stays in the image.
RUN python -m fluxio.translations compile \
    && SECRET_KEY=only-while-building FIELD_KEYS=k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
       INDEX_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ALLOWED_HOSTS=localhost EMAIL_URL=consolemail:// \
       DATABASE_URL=postgres://fluxio@postgres/fluxio REDIS_URL=redis://redis:6379/0 \
       python manage.py collectstatic --no-input \
    && useradd --user-group --uid 10001 --home-dir /app --no-create-home fluxio \
    && mkdir -p /data \
    && chown -R fluxio:fluxio /data \
    && chmod 700 /data

VOLUME /data
USER fluxio
EXPOSE 8000
CMD ["gunicorn", "fluxio.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "3", "--logger-class", "fluxio.access.MaskingLogger", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-", \
     "--access-logformat", "%(h)s %(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"]
