"""Many calls in one request: POST /$batch.

https://learn.microsoft.com/en-us/graph/json-batching
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from email.message import Message
from random import Random
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from .graph_errors import GraphError, bad
from .server import Request, Response

LIMIT = 20
Work = Callable[[Request], Response]
Answer = dict[str, Any]


class Batch:
    """Takes batches apart and puts the answers together, in any order."""

    def __init__(self, call: Work, version: str, seed: int = 0) -> None:
        self.call, self.version, self.seed, self.count = call, version, seed, 0
        self.shuffle = True

    def handle(self, request: Request) -> Response:
        """Answer a batch; raise where it is refused as a whole."""
        calls = _calls(request)
        self.count += 1
        statuses: dict[str, int] = {}
        answers = []
        for one in calls:
            needed = one.get("dependsOn", ())
            if any(statuses[name] >= 400 for name in needed):
                answer = _failed(one["id"])
            else:
                answer = self._made(one, request)
            statuses[one["id"]] = answer["status"]
            answers.append(answer)
        if self.shuffle:
            Random(f"{self.seed}/{self.count}").shuffle(answers)
        return Response.of({"responses": answers})

    def _made(self, one: Answer, outer: Request) -> Answer:
        target = f"{self.version}/{one['url'].lstrip('/')}"
        url = urlsplit(target)
        headers = Message()
        for name in ("Authorization", "Host"):
            headers[name] = outer.headers.get(name) or ""
        for name, value in (one.get("headers") or {}).items():
            del headers[name]
            headers[name] = value
        body = json.dumps(one["body"]).encode() if one.get("body") is not None else b""
        query = parse_qs(url.query, keep_blank_values=True)
        verb = one["method"].upper()
        made = Request(verb, unquote(url.path), query, headers, body, target)
        return _answer(one["id"], self.call(made))


def _calls(request: Request) -> list[Answer]:
    try:
        calls = request.json()["requests"]
        names = [one["id"] for one in calls]
        complete = all(one["method"] and isinstance(one["url"], str) for one in calls)
    except (ValueError, KeyError, TypeError):
        raise bad("Invalid batch payload format.", "BadRequest") from None
    if not calls or not complete or len(calls) > LIMIT:
        message = f"Number of batch request steps exceeds the maximum value of {LIMIT}."
        raise bad(message, "MaximumValueExceeded" if len(calls) > LIMIT else "BadRequest")
    if len(set(names)) != len(names) or not all(isinstance(one, str) for one in names):
        raise bad("The ids of a batch must be different strings.", "BadRequest")
    for number, one in enumerate(calls):
        _check(one, set(names[:number]))
    return calls


def _check(one: Answer, earlier: set[str]) -> None:
    if not set(one.get("dependsOn", ())) <= earlier:
        raise bad("Request dependency can only name requests that come before.", "BadRequest")
    if one.get("body") is not None:
        headers = {name.lower() for name in one.get("headers") or {}}
        if "content-type" not in headers:
            message = "Content-Type header is required when a body is given."
            raise GraphError(400, "BadRequest", message)


def _failed(identity: str) -> Answer:
    error = {"code": "FailedDependency", "message": "A request this one depends on failed."}
    return {"id": identity, "status": 424, "body": {"error": error}}


def _answer(identity: str, response: Response) -> Answer:
    payload = response.payload()
    answer: Answer = {"id": identity, "status": response.status, "headers": dict(response.headers)}
    if payload:
        answer["headers"]["Content-Type"] = "application/json"
        try:
            answer["body"] = json.loads(payload)
        except ValueError:
            answer["body"] = base64.b64encode(payload).decode()
    return answer
