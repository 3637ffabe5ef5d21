# The service as it runs in production: docs/docker.md. No secret is in it; all settings come from the environment.

FROM node:24-bookworm-slim AS page
WORKDIR /app
COPY . .
RUN npm ci --ignore-scripts && npm run build

FROM node:24-bookworm-slim
ENV NODE_ENV=production BURSAR_HOST=0.0.0.0
WORKDIR /app
COPY package.json package-lock.json bursar.config.ts ./
COPY packages/core packages/core
COPY packages/server packages/server
COPY packages/stripe-emulator packages/stripe-emulator
COPY docs docs
# Of the other workspaces only what the lock file names, their manifests, and what /docs shows of them.
COPY packages/client/package.json packages/client/README.md packages/client/
COPY packages/react/package.json packages/react/README.md packages/react/
COPY apps/dashboard/package.json apps/dashboard/
COPY examples/chat/package.json examples/chat/README.md examples/chat/
COPY examples/embedded/package.json examples/embedded/
RUN npm ci --omit=dev --omit=optional --ignore-scripts --workspace=packages/server && npm cache clean --force
COPY --from=page /app/apps/dashboard/dist apps/dashboard/dist
USER node
EXPOSE 4242
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 4242) + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "packages/server/src/cli/bursar.ts", "serve"]
