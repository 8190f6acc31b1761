# Bots in Python, and the simulator. From the top of the repository:
#
#     docker build -f deploy/docker/python.Dockerfile -t onebus-python .
#
# The client is in /opt/onebus, a venv that comes first in the path; /app/bot.py is
# what runs. A bot that needs more packages has an image of its own:
#
#     FROM onebus-python
#     USER root
#     RUN pip install openai
#     USER 10001:10001

FROM debian:bookworm-slim AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
    && python3 -m venv /opt/onebus
COPY clients/python /src
RUN /opt/onebus/bin/pip install --no-cache-dir --disable-pip-version-check \
    '/src[sim,nats]'

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /var/log/* /var/cache/debconf/*-old \
    && useradd --uid 10001 --user-group --home-dir /data --no-create-home \
        --shell /usr/sbin/nologin onebus \
    && install -d -o onebus -g onebus /data /media
COPY --from=build /opt/onebus /opt/onebus
COPY LICENSE /usr/share/doc/onebus/copyright
COPY deploy/docker/bot /app

ARG VERSION=0.1.0
ARG REVISION=
ARG SOURCE=
LABEL org.opencontainers.image.title="onebus-python" \
      org.opencontainers.image.description="Python client of onebus, with a QQ simulator" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"

ENV PATH=/opt/onebus/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
# What a bot keeps, and the files that it shares with QQ's side.
VOLUME /data
USER 10001:10001
WORKDIR /app
STOPSIGNAL SIGTERM
CMD ["python", "bot.py"]
