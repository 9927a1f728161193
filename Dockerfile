# The service and its command line, without a shell or npm: docs/operating/containers.md.
FROM node:24-trixie AS build
WORKDIR /src
# Where no prebuilt SQLite driver can be fetched, it is compiled with the headers of this Node.js.
ENV npm_package_config_node_gyp_nodedir=/usr/local
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
RUN npm run assemble && mkdir /data

FROM gcr.io/distroless/nodejs24-debian13:nonroot
WORKDIR /app
COPY --from=build --chown=0:0 /src/dist/service ./
# For a volume with a SQLite database.
COPY --from=build --chown=65532:65532 --chmod=700 /data /data
ENV NODE_ENV=production HOST=0.0.0.0 PATH=/nodejs/bin:$PATH
USER 65532:65532
EXPOSE 8000
# Failures of the first five minutes do not count: a migration may take as long.
HEALTHCHECK --interval=15s --timeout=3s --start-period=5m --retries=3 CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["--max-semi-space-size=8", "apps/api/dist/main.js"]
