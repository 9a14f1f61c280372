# Build from a checkout (`make image`), run with: docker run --rm -p 4010:4010 ampersand-mockserver
FROM python:3.11-slim-bookworm AS build
WORKDIR /src

# What changes least comes first; every package is held to its hash.
COPY requirements-build.lock requirements-core.lock ./
RUN python -m venv /opt/mockserver \
    && /opt/mockserver/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements-core.lock \
    && python -m pip install --no-cache-dir --no-deps --require-hashes -r requirements-build.lock

COPY pyproject.toml hatch_build.py README.md ./
COPY spec spec/
COPY fixtures fixtures/
COPY mockserver mockserver/
RUN python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /opt/mockserver/bin/pip install --no-cache-dir --no-deps /wheel/*.whl


FROM python:3.11-slim-bookworm
ENV PATH="/opt/mockserver/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin mockserver
COPY --from=build /opt/mockserver /opt/mockserver
USER 10001
WORKDIR /tmp

EXPOSE 4010
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:4010/__admin/health', timeout=2)"]
ENTRYPOINT ["mockserver"]
CMD ["serve", "--host", "0.0.0.0"]
