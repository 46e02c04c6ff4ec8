"""Many calls in one request: POST /batch/calendar/v3.

https://developers.google.com/workspace/calendar/api/guides/batch

``service.new_batch_http_request()`` of google-api-python-client sends to ``rootUrl`` and
``batchPath`` of the description that the service was built from; ``client_options.api_endpoint``
moves all calls but not that. A client that shall send its batches here is either built from a
description with another ``rootUrl`` (``build_from_document``), or uses
``BatchHttpRequest(batch_uri=google.batch_url)``.

The calls are made in any order, as documented, and answered in the order in which they were made.
The guide promises answers in the order of the questions, but clients go by Content-ID; with
``shuffle = False``, or where a part has no Content-ID, the order stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus
from random import Random
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from .google_errors import ApiError, invalid, not_found
from .server import Request, Response, unfolded

LIMIT = 50  # calls; in Google's guide since 2020, 1,000 before
_LINE = re.compile(r"([A-Z]+) (\S+) HTTP/1\.[01]$")
_BLANK = re.compile(rb"\r?\n\r?\n")

Work = Callable[[Request], Response]


class Part(NamedTuple):
    """One call of a batch."""

    content_id: str
    request: Request | None  # None: not a request


class Batch:
    """Takes batches apart and puts the answers together."""

    def __init__(self, call: Work, seed: int = 0) -> None:
        self.call, self.seed, self.count = call, seed, 0
        self.limit, self.shuffle = LIMIT, True

    def handle(self, request: Request) -> Response:
        """Answer a batch, or refuse it as a whole."""
        try:
            parts = _parts(request)
            if len(parts) > self.limit:
                # Documented as a limit; the words of the refusal are not.
                raise _unreadable(f"{len(parts)} items, at most {self.limit} are allowed.")
        except ApiError as error:
            return Response.of(error.body(), error.status)
        self.count += 1
        boundary = f"batch_{self.seed:x}{self.count:08x}"
        answers = [_answer(part, self._made(part)) for part in self._ordered(parts)]
        text = "".join(f"--{boundary}\r\n{answer}\r\n" for answer in answers)
        return Response(200, f"{text}--{boundary}--", f"multipart/mixed; boundary={boundary}")

    def _ordered(self, parts: list[Part]) -> list[Part]:
        if self.shuffle and all(part.content_id for part in parts):
            Random(f"{self.seed}/{self.count}").shuffle(parts)
        return parts

    def _made(self, part: Part) -> Response:
        if part.request is None:
            error = invalid("Invalid request in a batch: a path is needed, not a full URL.")
        elif part.request.path.startswith("/calendar/v3/"):
            return self.call(part.request)
        else:
            error = not_found()  # one API per batch
        return Response.of(error.body(), error.status)


def _parts(request: Request) -> list[Part]:
    head = f"Content-Type: {request.headers.get('Content-Type', '')}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + request.body)
    if message.get_content_type() != "multipart/mixed":
        raise _unreadable("not multipart/mixed.")
    if not message.is_multipart() or not message.get_payload():
        raise _unreadable("0 items.")
    return [_part(one, request) for one in message.get_payload()]


def _unreadable(why: str) -> ApiError:
    return ApiError(400, "badRequest", f"Failed to parse batch request, error: {why}")


def _part(message: Message, outer: Request) -> Part:
    if message.get_content_type() != "application/http":
        raise _unreadable("an item is not application/http.")
    head, *body = _BLANK.split(message.get_payload(decode=True), maxsplit=1)
    line, _, rest = head.partition(b"\n")
    found = _LINE.match(line.decode().strip())
    content_id = str(message.get("Content-ID", "")).strip()
    if not found or not found[2].startswith("/"):
        return Part(content_id, None)
    headers = BytesParser().parsebytes(rest)
    return Part(content_id, _inner(found[1], found[2], headers, b"".join(body), outer))


def _inner(verb: str, target: str, headers: Message, body: bytes, outer: Request) -> Request:
    """Return a call; headers and parameters of the batch hold where it has none of its own."""
    for name, value in outer.headers.items():
        if not name.lower().startswith(("content-", "host")) and name not in headers:
            headers[name] = value
    url = urlsplit(target)
    query = {**outer.query, **parse_qs(url.query, keep_blank_values=True)}
    body = body[: int(headers.get("Content-Length") or len(body))]
    return unfolded(Request(verb, unquote(url.path), query, headers, body, target))


def _answer(part: Part, response: Response) -> str:
    own = f"Content-ID: {_response_id(part.content_id)}\r\n" if part.content_id else ""
    body = response.payload().decode()
    headers = {"Content-Type": response.content_type, **response.headers}
    headers["Content-Length"] = str(len(body.encode()))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    status = f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}\r\n"
    return f"Content-Type: application/http\r\n{own}\r\n{status}{lines}\r\n{body}"


def _response_id(content_id: str) -> str:
    bare = content_id.removeprefix("<")
    return f"{'<' if bare != content_id else ''}response-{bare}"
