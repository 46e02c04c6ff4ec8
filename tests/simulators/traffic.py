"""Every exchange with a client: what goes wrong on demand, the work, the record."""

from __future__ import annotations

from collections.abc import Callable

from .faults import Switches
from .server import ConnectionDropped, Recorded, Request, Response
from .steps import Steps

Observer = Callable[[Request, Response], None]
Work = Callable[[Request], Response]


class Traffic:
    """What passes between the simulator and its clients."""

    def __init__(self, faults: Switches, steps: Steps) -> None:
        self.faults, self.steps = faults, steps
        self.requests: list[Recorded] = []  # over the wire: a batch is one
        self.inner: list[Recorded] = []  # the calls in batches
        self.observers: list[Observer] = []

    def exchange(self, request: Request, work: Work, kind: str = "single") -> Response:
        """Answer one request, or one call in a batch; raise where the connection is cut."""
        log = self.inner if kind == "inner" else self.requests
        fault = self.faults.take(request)
        try:
            response = self.faults.before(fault)
            write = None
            if response is None:
                write = self.steps.begin(request, kind)
                response = work(request)
                self.steps.done(write, response)
            response.body = response.payload()
        except ConnectionDropped:
            log.append(_recorded(request, 0, kind))
            raise
        log.append(_recorded(request, response.status, kind))
        for observe in self.observers:
            observe(request, response)
        self.steps.after(write)
        return self.faults.after(fault, response)

    def forget(self) -> None:
        """Forget what was asked and written."""
        self.requests.clear()
        self.inner.clear()
        self.steps.forget()

    def stop(self) -> None:
        """Let everything go on that waits."""
        self.faults.clear()
        self.steps.clear()


def _recorded(request: Request, status: int, kind: str) -> Recorded:
    body = request.body.decode("utf-8", "replace")
    return Recorded(request.method, request.path, request.query, body, status, kind)
