# The service, built from this repository. compose.yaml runs it, and says how.
ARG NODE_VERSION=22

# The whole image, not the slim one: where no binary of better-sqlite3 fits, npm compiles it.
FROM node:${NODE_VERSION}-bookworm AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run build && npm prune --omit=dev

# The same Debian as above, since the native driver is linked against its libraries.
FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app ./
# A new volume takes over the owner of the folder that it is mounted on.
RUN mkdir .asyncv && chown node:node .asyncv
USER node
EXPOSE 7400
ENTRYPOINT ["node", "/app/cli/dist/main.js"]
CMD ["start"]
