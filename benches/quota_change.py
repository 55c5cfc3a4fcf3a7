#!/usr/bin/env python3
"""Measures how a run follows a quota that falls and rises again: the time it takes, over the time the quota allows.

    cargo build --release && benches/quota_change.py target/release/allstop

A server on loopback answers fnf's StopExecution under a token bucket of 100/s (burst 20), which gives 20/s from the
fifth to the twentieth second. The plan says 100/s. Needs Python 3.9 and nothing else; takes half a minute.
"""

import asyncio
import json
import os
import re
import sys
import tempfile
import time
import urllib.parse

TARGETS, BURST = 1500, 20
# From which second on the bucket is filled at which rate.
RATES = [(0.0, 100.0), (5.0, 20.0), (20.0, 100.0)]
GRANTED = b'{"FlowName":"load","Name":"run","Status":"Stopped","RequestId":"r"}'
THROTTLED = b'{"Code":"ResourceThrottled","Message":"too many requests","RequestId":"r"}'


def filled(seconds):
    """Returns how many tokens have been added after so many seconds."""
    ends = [start for start, _ in RATES[1:]] + [float("inf")]
    return sum(rate * max(0.0, min(seconds, end) - start) for (start, rate), end in zip(RATES, ends))


def floor():
    """Returns the seconds in which the quota grants all targets, at the least."""
    low, high = 0.0, 3600.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (low, middle) if BURST + filled(middle) >= TARGETS else (middle, high)
    return high


class Bucket:
    def __init__(self):
        self.began, self.tokens, self.filled, self.throttled = None, float(BURST), 0.0, 0
        self.stopped = set()

    def take(self, target):
        now = time.monotonic()
        self.began = self.began or now
        total = filled(now - self.began)
        self.tokens, self.filled = min(BURST, self.tokens + total - self.filled), total
        is_granted = self.tokens >= 1
        self.tokens -= is_granted
        self.throttled += not is_granted
        if is_granted:
            self.stopped.add(target)
        return is_granted

    async def serve(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = re.search(r"(?im)^content-length: *(\d+)", head)
                form = (await reader.readexactly(int(length[1]) if length else 0)).decode()
                query = urllib.parse.urlsplit(head.split()[1]).query
                # A target counts once, however often it was granted a stop.
                target = dict(urllib.parse.parse_qsl(f"{query}&{form}"))["ExecutionName"]
                status, body = (b"200 OK", GRANTED) if self.take(target) else (b"429 Too Many Requests", THROTTLED)
                writer.write(b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (status, len(body), body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def main(program):
    bucket = Bucket()
    server = await asyncio.start_server(bucket.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/load.ndjson", "w") as targets:
            targets.writelines('{"flow_name":"load","execution_name":"run-%06d"}\n' % n for n in range(TARGETS))
        with open(f"{folder}/load.yaml", "w") as plan:
            plan.write(
                "version: 1\n"
                f"accounts: {{load: {{cloud: alibaba, region: cn-hangzhou, endpoints: {{fnf: 'http://127.0.0.1:{port}'}}}}}}\n"
                "defaults: {account: load}\n"
                f"limits: {{rate: 100/s, burst: {BURST}}}\n"
                "guards: {max_targets: 10000}\n"
                "targets: [{kind: fnf_execution, from: load.ndjson}]\n"
            )
        keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "ak", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "sk"}
        args = ["run", "load.yaml", "--yes", "--quiet", "--progress", "off", "--report", "load.json"]
        run = await asyncio.create_subprocess_exec(os.path.abspath(program), *args, cwd=folder, env={**os.environ, **keys})
        code = await run.wait()
        took = time.monotonic() - bucket.began
        with open(f"{folder}/load.json") as report:
            stopped = json.load(report)["summary"]["stopped"]
    print(f"{took:.2f} s, {took / floor():.3f} of the {floor():.2f} s that the quota allows;", end=" ")
    print(f"{bucket.throttled} throttled answers, {TARGETS - len(bucket.stopped)} left running, exit {code}")
    return 0 if code == 0 and stopped == len(bucket.stopped) == TARGETS else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
