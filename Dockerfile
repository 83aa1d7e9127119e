# Serves one product folder: docker run -v "$PWD:/product" -v "$PWD/token:/run/secrets/zhinan_token:ro" -p 8000:8000 zhinan
FROM python:3.11-slim

COPY pyproject.toml README.md LICENSE /build/
COPY src /build/src
COPY examples /build/examples
RUN pip install --no-cache-dir --disable-pip-version-check /build \
  && rm -rf /build \
  && useradd --create-home --uid 10001 zhinan \
  && install -d -o zhinan /product

USER zhinan
WORKDIR /product
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=2)"]

# An address that others can reach needs a token: the service refuses to start without one.
ENTRYPOINT ["zhinan"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000", "--token-file", "/run/secrets/zhinan_token"]
