# Builds lehrd and lehr, and puts them with what they need at run time into a small image.
#   docker build -t lehr . && docker run --rm -p 127.0.0.1:8080:8080 -v lehr:/data lehr
FROM swift:6.3.1-bookworm AS build
WORKDIR /build
COPY Scripts/setup Scripts/setup
COPY Scripts/packages Scripts/packages
RUN Scripts/setup build
COPY . .
RUN swift build -c release --product lehrd \
    && swift build -c release --product lehr \
    && install -D -t /install/usr/local/bin \
        "$(swift build -c release --show-bin-path)/lehrd" \
        "$(swift build -c release --show-bin-path)/lehr"

FROM swift:6.3.1-bookworm-slim
COPY Scripts/setup Scripts/setup
COPY Scripts/packages/run Scripts/packages/run
RUN Scripts/setup run && rm -rf /Scripts /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /data lehr
COPY --from=build /install /
USER lehr
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s \
    CMD ["lehr", "list", "--limit", "1"]
# Inside the container every interface must be listened on; publish the port on 127.0.0.1.
CMD ["lehrd", "serve", "--listen", "0.0.0.0:8080", "--data", "/data", "--allow-anonymous"]
