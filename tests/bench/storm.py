"""How a running Odoo takes many calls of a calendar service at once.

``python -m bench.storm http://127.0.0.1:8069 CHANNEL SECRET`` makes 200 calls, 50 at a time, as
Google makes them, and prints what they were answered and how long that took.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

PATH = "/synced_meetings/webhook/google"


def call(url: str, headers: dict[str, str]) -> tuple[int, float]:
    """Return the status of one call, and its seconds."""
    place, began = urlsplit(url), time.perf_counter()
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
    try:
        connection.request("POST", PATH, b"", headers)
        return connection.getresponse().status, time.perf_counter() - began
    finally:
        connection.close()


def main() -> int:
    """Call, and say how it went."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("channel")
    parser.add_argument("secret")
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=50)
    options = parser.parse_args()
    headers = {"X-Goog-Channel-ID": options.channel, "X-Goog-Channel-Token": options.secret}
    headers |= {"X-Goog-Resource-State": "exists"}
    call(options.url, headers | {"X-Goog-Channel-Token": "warm-up"})
    began = time.perf_counter()
    with ThreadPoolExecutor(options.at_once) as pool:
        numbered = [headers | {"X-Goog-Message-Number": str(n + 2)} for n in range(options.calls)]
        answers = list(pool.map(lambda one: call(options.url, one), numbered))
    whole = time.perf_counter() - began
    took = sorted(seconds for _, seconds in answers)
    sys.stdout.write(
        f"{options.calls} calls, {options.at_once} at once: {whole:.2f} s, "
        f"median {statistics.median(took) * 1_000:.0f} ms, slowest {took[-1] * 1_000:.0f} ms, "
        f"answers {dict(Counter(status for status, _ in answers))}\n"
    )
    return 0 if all(200 <= status < 300 for status, _ in answers) else 1


if __name__ == "__main__":
    sys.exit(main())
