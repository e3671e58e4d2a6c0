# The suite on Node's official slim image; not root.
# docker build -t kinesis-proxy-conformance . && docker run --rm kinesis-proxy-conformance
ARG BASE=node:24-trixie-slim

FROM ${BASE} AS build
ARG BUILD=plain
LABEL kpc.stage=${BUILD}
WORKDIR /source
COPY . .
# What the building machine needs to reach its package registry (host/, made by infra/image/build.sh, absent in a plain
# build) stays in this stage, which is thrown away. The base has Node already, so the workspace that brings one is left out.
RUN set -e; [ ! -f host/env ] || { mv host /host; . /host/env; }; \
    npm ci --workspaces=false; npm run --silent build; npm prune --omit=dev --omit=optional --workspaces=false; \
    mkdir -p /app /work/reports; cp -RL bin dist package.json LICENSE node_modules /app/; \
    rm -rf /source /host /root/.npm /tmp/*

FROM ${BASE}
COPY --from=build /app /app
COPY --from=build --chown=10001:10001 /work /work
USER 10001:10001
WORKDIR /work
ENTRYPOINT ["node", "/app/bin/kinesis-proxy-conformance.mjs"]
CMD ["run"]
