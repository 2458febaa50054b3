# syntax=docker/dockerfile:1
# wxdeploy, and the git through which `wxdeploy diff` reads revisions: docs/docker.md.
FROM python:3.13-slim AS build
COPY . /source
RUN python -m venv /opt/wxdeploy && /opt/wxdeploy/bin/pip install --no-cache-dir /source

FROM python:3.13-slim
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends git && rm -rf /var/lib/apt/lists/*
# The project is mounted and belongs to whoever does it: git reads it all the same, and any user has a cache.
RUN git config --system --add safe.directory /project && install -d -m 1777 /var/cache/wxdeploy
COPY --from=build /opt/wxdeploy /opt/wxdeploy
ENV PATH=/opt/wxdeploy/bin:$PATH WXDEPLOY_CACHE=/var/cache/wxdeploy
USER 10001
WORKDIR /project
ENTRYPOINT ["wxdeploy"]
CMD ["--help"]
