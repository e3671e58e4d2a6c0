# The suite, with the Node of its lock file, for any Debian base that has libstdc++; not root, and no npm in it.
# docker build -t kinesis-proxy-conformance . && docker run --rm kinesis-proxy-conformance run
ARG BASE=debian:trixie-slim

# What the building machine needs to reach its package sources (/host, absent in a plain build) stays in a stage that is
# thrown away.
FROM ${BASE} AS build
COPY hos[t] /host/
RUN set -e; [ ! -f /host/env ] || . /host/env; export DEBIAN_FRONTEND=noninteractive; \
    apt-get -qq update; \
    apt-get -qq install -y --no-install-recommends ca-certificates npm >/dev/null
WORKDIR /source
COPY . .
# Built from the lock file; the package is then what dist, bin and the locked dependencies are.
RUN set -e; [ ! -f /host/env ] || . /host/env; \
    npm ci; npm run --silent build; \
    mkdir -p /app/bin /reports; \
    cp -L node_modules/.bin/node /app/bin/node; \
    npm ci --omit=dev --omit=optional; \
    cp bin/kinesis-proxy-conformance.mjs /app/bin/; \
    cp -R dist package.json LICENSE node_modules /app/; \
    rm -rf /app/node_modules/own-node /app/node_modules/regexp-match-indices; \
    cp -R support/regexp-match-indices /app/node_modules/regexp-match-indices

FROM ${BASE}
RUN set -e; [ -e /usr/lib/*/libstdc++.so.6 ] || { apt-get -qq update && apt-get -qq install -y --no-install-recommends libstdc++6 >/dev/null; }; \
    rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app
COPY --from=build --chown=10001:10001 /reports /reports
ENV PATH=/app/bin:/usr/local/bin:/usr/bin:/bin
USER 10001:10001
WORKDIR /reports
ENTRYPOINT ["node", "/app/bin/kinesis-proxy-conformance.mjs"]
CMD ["run"]
