# One image, one entry: `cortex <role>`. The build stage compiles, the stages behind it hold only what runs.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY migrations ./migrations
RUN node node_modules/typescript/bin/tsc -p tsconfig.build.json \
 && npm prune --omit=dev --no-audit --no-fund \
 && rm -rf dist/src/sandbox

FROM node:24-bookworm-slim AS runtime
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/dist ./dist
COPY --from=build --chown=root:root /app/package.json ./package.json
# Nothing under /app is writable; the process needs no disk of its own with DATABASE_URL and REDIS_URL set.
USER node
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Deliveries are short-lived memory: a larger young generation would only hold more of what is done with (docs/operations.md).
ENTRYPOINT ["node", "--max-semi-space-size=8", "dist/src/main.js"]

# The edge: docker build --target ingest
FROM runtime AS ingest
CMD ["ingest"]

# The default: everything, or `web`, `worker` or a verb as the command.
FROM runtime AS cortex
CMD ["all"]
