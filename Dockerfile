# The application alone; PostgreSQL and Valkey are containers of their own (docker-compose.yml).
FROM python:3.12-slim-bookworm AS libraries
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/libraries \
    && /opt/libraries/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/base.txt

FROM python:3.12-slim-bookworm
RUN groupadd --system --gid 10001 cradle \
    && useradd --system --uid 10001 --gid cradle --no-create-home --home-dir /data --shell /usr/sbin/nologin cradle \
    && install --directory --owner cradle --group cradle --mode 0750 /data
COPY --from=libraries /opt/libraries /opt/libraries
COPY . /srv/cradle
WORKDIR /srv/cradle
ENV PATH=/opt/libraries/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    CRADLE_DATA=/data
RUN python -m compileall -q /srv/cradle /opt/libraries/lib
USER cradle
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["deploy/entrypoint"]
CMD ["web"]
HEALTHCHECK --interval=10s --timeout=10s --start-period=120s --retries=6 CMD ["python", "-m", "devservices.healthcheck", "web"]
