# syntax=docker/dockerfile:1
# The first stage builds the Debian package, the second installs it: what runs here is what runs elsewhere.
FROM debian:bookworm-slim AS build
WORKDIR /src
COPY debian-packages.txt ./
COPY tools/install_packages.sh tools/
RUN tools/install_packages.sh build package && rm -rf /var/lib/apt/lists/*
COPY . .
RUN cmake --preset release -DVDS_TESTS=OFF \
    && cmake --build build --target vuln-datasync \
    && cmake --build build --target package \
    && mv build/*.deb /vuln-datasync.deb

FROM debian:bookworm-slim
COPY debian-packages.txt /tmp/packages/
COPY tools/install_packages.sh /tmp/packages/tools/
RUN --mount=from=build,source=/vuln-datasync.deb,target=/tmp/vuln-datasync.deb \
    adduser --quiet --system --group --uid 10001 --no-create-home --home /var/lib/vuln-datasync vuln-datasync \
    && /tmp/packages/tools/install_packages.sh run image \
    && apt-get install -y --no-install-recommends /tmp/vuln-datasync.deb \
    && rm -rf /tmp/packages /var/lib/apt/lists/*

# In a container a database that nobody mounted a volume for is soon gone: DATABASE_URL has to be said, if only as
# `embedded`, whose data are in the volume.
ENV IMPLICIT_EMBEDDED=no \
    VULN_DATASYNC_DATA_DIR=/var/lib/vuln-datasync \
    SERVER_HOST=0.0.0.0 \
    SERVER_PORT=8080
# By number, so that whoever runs it can see that it is not root.
USER 10001:10001
WORKDIR /var/lib/vuln-datasync
VOLUME /var/lib/vuln-datasync
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["sh", "-c", "curl --fail --silent --show-error --max-time 4 --output /dev/null http://127.0.0.1:$SERVER_PORT/livez"]
ENTRYPOINT ["vuln-datasync"]
CMD ["serve"]
