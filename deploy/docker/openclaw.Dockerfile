# OpenClaw with the plugin in it. From the top of the repository:
#
#     docker build -f deploy/docker/openclaw.Dockerfile -t onebus-openclaw .
#
# The plugin is in /opt/openclaw-napcatqq and belongs to root; OpenClaw runs as
# 1000:1000 and writes to /home/node/.openclaw only. What a new volume begins with
# is openclaw/openclaw.json.

ARG NODE_IMAGE=node:24-bookworm-slim
# The release that the plugin is tested with; openclaw/openclaw is the same image.
ARG OPENCLAW_IMAGE=ghcr.io/openclaw/openclaw:2026.9.6

FROM $NODE_IMAGE AS build
WORKDIR /plugin
COPY clients/openclaw ./
# OpenClaw's types alone are hundreds of megabytes: they are in no layer.
RUN npm ci --ignore-scripts --no-audit --no-fund \
    && npm run build \
    && rm -rf node_modules \
    && npm ci --omit=dev --omit=peer --ignore-scripts --no-audit --no-fund \
    && rm -rf ~/.npm

FROM $OPENCLAW_IMAGE
USER root
WORKDIR /opt/openclaw-napcatqq
COPY LICENSE ./
COPY --from=build /plugin/package.json /plugin/openclaw.plugin.json ./
COPY --from=build /plugin/node_modules ./node_modules
COPY --from=build /plugin/dist ./dist
WORKDIR /app
COPY deploy/docker/openclaw/openclaw.json /home/node/.openclaw/openclaw.json
RUN chown -R 1000:1000 /home/node/.openclaw \
    && chmod 700 /home/node/.openclaw \
    && chmod 600 /home/node/.openclaw/openclaw.json

ARG VERSION=0.1.0
ARG REVISION=
ARG SOURCE=
LABEL org.opencontainers.image.title="onebus-openclaw" \
      org.opencontainers.image.description="OpenClaw with the channel plugin napcatqq" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.source="$SOURCE"

VOLUME /home/node/.openclaw
USER 1000:1000
STOPSIGNAL SIGTERM
# Whether it takes messages; what is wrong with a channel does not make it sick.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:18789/startupz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["openclaw", "gateway", "run"]
