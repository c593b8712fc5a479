"""The few requests that a script makes, over one connection that is kept open."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import threading
import urllib.parse
from typing import Any, BinaryIO, Callable, Dict, Mapping, Optional, Set

from ._errors import LehrError, Refused, Unreachable
from ._version import __version__

#: Answers that say that the same request may be answered another time.
PATIENCE = frozenset([408, 429, 500, 502, 503, 504, 507])


class Client:
    """Speaks to one server; each thread has a connection of its own."""

    def __init__(
        self,
        server: str,
        token: Optional[str] = None,
        timeout: float = 10.0,
        token_source: Optional[Callable[[], Optional[str]]] = None,
    ) -> None:
        parts = urllib.parse.urlsplit(server if "//" in server else f"http://{server}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise LehrError(f"{server!r} is no server's address; write http://127.0.0.1:8080")
        self.server = f"{parts.scheme}://{parts.netloc}"
        self._secure = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port or (443 if self._secure else 80)
        self._token = token
        self._token_source = token_source
        self._timeout = timeout
        self._local = threading.local()
        # Held, so that those of threads that have ended are closed and not forgotten.
        self._connections: Set[http.client.HTTPConnection] = set()

    def get(self, path: str) -> Dict[str, Any]:
        """The JSON that `path` answers."""
        return self._json("GET", path)

    def post(
        self,
        path: str,
        body: Optional[Mapping[str, Any]] = None,
        headers: Optional[Mapping[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> Dict[str, Any]:
        """The JSON that `path` answers to a body; an empty dictionary where it answers nothing."""
        data = json.dumps({} if body is None else body, allow_nan=False).encode()
        return self._json("POST", path, data, headers, timeout)

    def post_bytes(self, path: str, body: bytes) -> Dict[str, Any]:
        """As `post`, with a body that is JSON already."""
        return self._json("POST", path, body)

    def put_file(self, path: str, file: BinaryIO, size: int) -> Dict[str, Any]:
        """Sends the rest of a file."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Length": str(size),
        }
        return self._decoded(self._exchange("PUT", path, file, headers, self._timeout * 6))

    def get_file(self, path: str, file: BinaryIO) -> int:
        """Writes what `path` answers into a file, and counts its bytes."""
        response = self._exchange("GET", path, None, {}, self._timeout * 6)
        if response.status >= 400:
            self._decoded(response)
        count = 0
        try:
            while True:
                piece = response.read(1 << 20)
                if not piece:
                    break
                file.write(piece)
                count += len(piece)
        except (OSError, http.client.HTTPException) as error:
            self._drop()
            raise Unreachable(f"{self.server} broke off: {error}") from error
        return count

    def close(self) -> None:
        """Closes the connections of all threads, which must be done with them."""
        self._local.connection = None
        while self._connections:
            self._connections.pop().close()

    def _json(
        self,
        method: str,
        path: str,
        data: Optional[bytes] = None,
        headers: Optional[Mapping[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> Dict[str, Any]:
        sent = dict(headers or {})
        if data is not None:
            sent["Content-Type"] = "application/json"
        return self._decoded(
            self._exchange(method, path, data, sent, timeout or self._timeout)
        )

    def _exchange(
        self,
        method: str,
        path: str,
        data: Any,
        headers: Dict[str, str],
        timeout: float,
    ) -> http.client.HTTPResponse:
        headers["User-Agent"] = f"lehr-python/{__version__}"
        headers["Accept"] = "application/json, */*"
        token = self._token_source() if self._token_source else None
        token = token or self._token
        if token:
            headers["Authorization"] = f"Bearer {token}"
        # A connection that was kept open may have been closed meanwhile: that alone is tried twice.
        for is_last in (False, True):
            connection = getattr(self._local, "connection", None)
            is_kept = connection is not None
            if connection is None:
                connection = self._connect(timeout)
                self._local.connection = connection
                self._connections.add(connection)
            try:
                if connection.sock is not None:
                    connection.sock.settimeout(timeout)
                connection.request(method, path, body=data, headers=headers)
                return connection.getresponse()
            except (
                http.client.RemoteDisconnected,
                BrokenPipeError,
                ConnectionResetError,
                http.client.CannotSendRequest,
            ) as error:
                self._drop()
                if is_last or not is_kept or hasattr(data, "read"):
                    raise Unreachable(f"{self.server} broke off: {error}") from error
            except ssl.SSLCertVerificationError as error:
                self._drop()
                raise LehrError(
                    f"the certificate of {self.server} is not trusted: {error.verify_message};"
                    " LEHR_CA_FILE names a file of certificates to trust"
                ) from error
            except (OSError, http.client.HTTPException) as error:
                self._drop()
                raise Unreachable(f"{self.server} cannot be reached: {error}") from error
        raise AssertionError("not reached")

    def _connect(self, timeout: float) -> http.client.HTTPConnection:
        if not self._secure:
            return http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        context = ssl.create_default_context(cafile=os.environ.get("LEHR_CA_FILE") or None)
        return http.client.HTTPSConnection(
            self._host, self._port, timeout=timeout, context=context
        )

    def _drop(self) -> None:
        connection = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            self._connections.discard(connection)
            connection.close()

    def _decoded(self, response: http.client.HTTPResponse) -> Dict[str, Any]:
        try:
            data = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._drop()
            raise Unreachable(f"{self.server} broke off: {error}") from error
        body: Any = {}
        if data:
            try:
                body = json.loads(data)
            except ValueError as error:
                if response.status in PATIENCE:
                    raise Unreachable(f"{self.server} answers {response.status}") from error
                raise LehrError(
                    f"{self.server} answers {response.status} with something that is not JSON;"
                    " is it a Lehr server?"
                ) from error
        if response.status in PATIENCE:
            after = response.getheader("Retry-After")
            detail = body.get("detail") if isinstance(body, dict) else None
            raise Unreachable(
                f"{self.server} answers {response.status}: {detail or response.reason}",
                float(after) if after and after.isdigit() else None,
            )
        if response.status >= 400:
            raise Refused(response.status, body if isinstance(body, dict) else {})
        return body if isinstance(body, dict) else {"value": body}
