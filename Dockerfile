# The production image: what `npm run build` makes and Node.js, nothing else. No packages but the native ones that the build lays beside the program, no simulator, no test.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY build.ts ./
COPY cards ./cards
COPY dialogs ./dialogs
COPY src ./src
RUN npm run build

FROM node:24-slim
# Without a bot registration the product refuses to start under `production`: there is no local mode in here.
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/dist ./dist
# The SQLite file's place (SQLITE_PATH, ./data/madoguchi.db), and that of what has been compiled for the next start. The user owns them before one becomes a volume.
RUN mkdir -p data node_modules/.cache && chown node:node data node_modules/.cache
VOLUME /app/data
USER node
EXPOSE 3978
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3978) + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is the process that gets SIGTERM; it ends what is under way (at most 25 s) and then goes.
CMD ["node", "dist/index.mjs"]
