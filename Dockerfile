# The production image: what src/index.ts needs and nothing else. No dev dependency, no simulator, no test.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-slim
# Without a bot registration the product refuses to start under `production`: there is no local mode in here.
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY cards ./cards
COPY dialogs ./dialogs
COPY src ./src
# The SQLite file's place (SQLITE_PATH, ./data/madoguchi.db). The user owns it before it becomes a volume.
RUN mkdir data && chown node:node data
VOLUME /app/data
USER node
EXPOSE 3978
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3978) + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is the process that gets SIGTERM; it ends what is under way (at most 25 s) and then goes.
CMD ["node", "src/index.ts"]
