# One image for every service: docker build --build-arg SERVICE=timer -f infra/service.Dockerfile .
# With --build-arg GIT_COMMIT=$(git rev-parse HEAD), the service reports this commit at /version.
# The image keeps the folders of the workspace. Node runs TypeScript only outside node_modules. The workspace's links
# in node_modules lead to these folders.
FROM node:26-bookworm-slim AS modules
RUN npm install --global pnpm@12.21.0
WORKDIR /app
COPY package.json pnpm-workspace.yaml pnpm-lock.yaml ./
COPY patches patches
COPY packages/contracts/package.json packages/contracts/
COPY packages/domain/package.json packages/domain/
COPY packages/tracing/package.json packages/tracing/
COPY packages/postgres/package.json packages/postgres/
COPY packages/messaging/package.json packages/messaging/
COPY packages/service/package.json packages/service/
COPY packages/access/package.json packages/access/
COPY packages/idempotency/package.json packages/idempotency/
COPY packages/projection/package.json packages/projection/
COPY packages/chassis/package.json packages/chassis/
ARG SERVICE
COPY services/${SERVICE}/package.json services/${SERVICE}/
RUN pnpm install --prod --frozen-lockfile --no-optional --filter "@crossline/${SERVICE}..."

# Only the console has screens. Their build needs packages that the service itself does not need.
FROM modules AS source
ARG SERVICE
COPY tsconfig.base.json ./
COPY packages packages
COPY services/${SERVICE} services/${SERVICE}
RUN cd "services/${SERVICE}" && if [ -d web ]; then \
    pnpm install --prod --frozen-lockfile --filter "@crossline/web..." && node web/build.ts && \
    mv web/dist ../dist && rm -r web && mkdir web && mv ../dist web/dist; fi

FROM node:26-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=modules /app ./
COPY packages packages
ARG SERVICE
COPY --from=source /app/services/${SERVICE} services/${SERVICE}
ARG GIT_COMMIT=""
ENV GIT_COMMIT=${GIT_COMMIT}
WORKDIR /app/services/${SERVICE}
USER node
EXPOSE 7300
# The flags are those of packages/cli/src/node-flags.ts. docker-compose.yml sets the limits of heap and container together.
CMD ["node", "--min-semi-space-size=32", "--max-semi-space-size=32", "--heap-growing-percent=200", "--single-threaded-gc", "src/main.ts"]
