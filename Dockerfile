# The portal as one image; docker-compose.yml runs it as web, worker and sweeper.
FROM node:24-bookworm-slim AS front
WORKDIR /static
COPY static/package.json static/package-lock.json static/.npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production \
    PORTAL_VAR=/var/lib/portal
# The base image's release decides the versions: security fixes must come in.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/portal portal
WORKDIR /portal
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=front /static/node_modules static/node_modules
# Collected while building, where no secret is at hand; the folder for documents is a volume.
RUN PORTAL_SECRET_KEY=only-for-collecting PORTAL_HOSTS=localhost PORTAL_STATIC_ROOT=/portal/collected \
        python manage.py collectstatic --noinput --verbosity=0 \
    && install -d -o portal -g portal /var/lib/portal
ENV PORTAL_STATIC_ROOT=/portal/collected
USER 10001
VOLUME /var/lib/portal
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--bind=0.0.0.0:8000", "--workers=3", "--threads=4", "--timeout=60", "--no-control-socket", "--worker-tmp-dir=/dev/shm"]
