#!/usr/bin/env python3
"""Measures listings: memory and time of many executions of one flow, the pace under a quota, and the vendor's SDK.

    cargo build --release
    benches/listing.py target/release/allstop many 100000 200000 1000000
    benches/listing.py target/release/allstop many 5ms 1000000
    benches/listing.py target/release/allstop quota
    benches/listing.py target/release/allstop nothing
    benches/listing.py target/release/allstop sdk 100000

A server on loopback answers fnf's ListFlows, ListExecutions and StopExecution. `many` runs a plan that selects
everything (5ms: each response comes after so long), notes how long listing and freezing took and the most memory when the first stop comes in, and ends the run
there. `quota` lists 40 flows in each of two accounts, under the services' quota of 2 requests a second with a burst of
10. `nothing` counts the requests of an account in which nothing matches. `sdk` lists the same executions alternately
with `allstop discover` and with a loop over the vendor's SDK (pip install alibabacloud_fnf20190315).
Needs Python 3.9 on Linux.
"""

import asyncio
import json
import os
import re
import statistics
import sys
import tempfile
import time
import urllib.parse

LIMIT, RATE, BURST, FLOWS = 99, 2.0, 10, 40
THROTTLED = b'{"Code":"ResourceThrottled","Message":"too many requests","RequestId":"r"}'
STOPPED = b'{"FlowName":"load","Name":"run","Status":"Stopped","RequestId":"r"}'
KEYS = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "ak", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "sk"}
SDK = """
import sys
from alibabacloud_fnf20190315.client import Client
from alibabacloud_fnf20190315.models import ListExecutionsRequest
from alibabacloud_tea_openapi.models import Config
client = Client(Config(access_key_id="ak", access_key_secret="sk", endpoint=sys.argv[1], protocol="http"))
found, token = [], None
while True:
    page = client.list_executions(ListExecutionsRequest(flow_name="load-0", status="Running", limit=99, next_token=token)).body
    found += [execution.name for execution in page.executions]
    token = page.next_token
    if not token:
        break
print(len(found))
"""


class Bucket:
    """A quota of one API."""

    def __init__(self):
        self.tokens, self.at, self.granted, self.throttled, self.began, self.ended = float(BURST), None, 0, 0, None, None

    def take(self):
        now = time.monotonic()
        self.began = self.began or now
        self.tokens = min(BURST, self.tokens + RATE * (now - (self.at or now)))
        self.at = now
        if self.tokens < 1:
            self.throttled += 1
            return False
        self.tokens -= 1
        self.granted, self.ended = self.granted + 1, now
        return True


class Account:
    """An account with flows of equally many executions."""

    def __init__(self, flows, executions, has_quota=False, on_stop=None, latency=0.0):
        self.flows, self.executions, self.has_quota, self.on_stop, self.latency = flows, executions, has_quota, on_stop, latency
        self.buckets, self.requests, self.first, self.last = {}, {}, None, None

    async def start(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=1024)
        self.port = self.server.sockets[0].getsockname()[1]

    def answer(self, query):
        action, now = query["Action"], time.monotonic()
        self.requests[action] = self.requests.get(action, 0) + 1
        if action == "StopExecution":
            if self.on_stop:
                self.on_stop()
            return 200, STOPPED
        self.first, self.last = self.first or now, now
        if self.has_quota and not self.buckets.setdefault(action, Bucket()).take():
            return 429, THROTTLED
        if action == "ListFlows":
            flows = [{"Name": "load-%d" % n, "ExecutionMode": "Standard"} for n in range(self.flows)]
            return 200, json.dumps({"RequestId": "r", "Flows": flows}).encode()
        begin, count = int(query.get("NextToken") or 0), int(query.get("Limit", 60))
        all_there = self.executions if query.get("Status") == "Running" else 0
        end = min(begin + count, all_there)
        entry = '{"FlowName":"%s","Name":"execution-%%07d","Status":"Running","StartedTime":"2026-01-02T03:04:05.678Z"}'
        entry %= query["FlowName"]
        body = '{"RequestId":"r","Executions":[%s]' % ",".join(entry % n for n in range(begin, end))
        return 200, (body + (',"NextToken":"%d"}' % end if end < all_there else "}")).encode()

    async def serve(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = re.search(r"(?im)^content-length: *(\d+)", head)
                form = (await reader.readexactly(int(length[1]) if length else 0)).decode()
                action = re.search(r"(?im)^x-acs-action: *(\w+)", head)
                query = dict(urllib.parse.parse_qsl(f"{urllib.parse.urlsplit(head.split()[1]).query}&{form}"))
                if action:
                    query["Action"] = action[1]
                await asyncio.sleep(self.latency)
                status, body = self.answer(query)
                writer.write(b"HTTP/1.1 %d X\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % (status, len(body)) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def plan(accounts, select, rate="100000/s, burst: 100000"):
    """Writes a plan that selects in each account."""
    lines = [f"  a{n}: {{cloud: alibaba, region: r-{n}, endpoints: {{fnf: 'http://127.0.0.1:{account.port}'}}}}" for n, account in enumerate(accounts)]
    limits = f"limits: {{rate: {rate}}}\n" if rate else ""
    return "version: 1\naccounts:\n" + "\n".join(lines) + f"\n{limits}guards: {{max_targets: 2000000}}\ntargets:\n  - {{id: all, kind: fnf_execution, accounts: ['a*'], select: {select}}}\n"


async def run(program, text, *args):
    """Runs the program beside a plan; returns its exit status, its time, and what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/load.yaml", "w") as file:
            file.write(text)
        began = time.monotonic()
        child = await asyncio.create_subprocess_exec(
            os.path.abspath(program), *args, cwd=folder, env={**os.environ, **KEYS, "NO_PROXY": "*"}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        run.child = child
        out, err = await child.communicate()
        return child.returncode, time.monotonic() - began, out, err


async def many(program, *counts):
    latency = sum(int(count[:-2]) / 1000 for count in counts if count.endswith("ms"))
    for count in (int(count) for count in counts if not count.endswith("ms")):
        seen = {}

        def stop():
            if not seen:
                with open(f"/proc/{run.child.pid}/status") as status:
                    seen.update(at=time.monotonic(), memory=int(re.search(r"VmHWM:\s*(\d+)", status.read())[1]) / 1024)
                run.child.kill()

        account = Account(1, count, on_stop=stop, latency=latency)
        await account.start()
        code, _, _, err = await run(program, plan([account], "{flow_name: load-0}"), "run", "load.yaml", "--yes", "--quiet", "--progress", "off", "--report", "load.json")
        if not seen:
            print(err.decode(), code)
            return 1
        listing, freezing = account.last - account.first, seen["at"] - account.last
        print(f"{count:>9} executions: {sum(account.requests.values()) - account.requests['StopExecution']} list requests, listed in {listing:.2f} s,", end=" ")
        print(f"frozen in {freezing:.2f} s ({freezing / listing:.3f}), {seen['memory']:.0f} MiB ({seen['memory'] * 1048576 / count:.0f} bytes each)", flush=True)
    return 0


async def quota(program):
    accounts = [Account(FLOWS, 10, has_quota=True) for _ in range(2)]
    for account in accounts:
        await account.start()
    code, took, _, err = await run(program, plan(accounts, "{flow_name: 'load-*'}", rate=None), "run", "load.yaml", "--dry-run", "--quiet", "--progress", "off", "--report", "load.json")
    for number, account in enumerate(accounts):
        bucket = account.buckets["ListExecutions"]
        floor = (bucket.granted - BURST) / RATE
        print(f"account {number}: {bucket.granted} requests in {bucket.ended - bucket.began:.2f} s, {(bucket.ended - bucket.began) / floor:.3f} of the {floor:.2f} s that the quota allows; {bucket.throttled} throttled")
    print(f"both in {took:.2f} s, exit {code}", err.decode() if code else "")
    return code


async def nothing(program):
    for select, flows in [("{flow_name: 'other-*'}", FLOWS), ("{flow_name: load-0}", 1), ("{flow_name: 'load-*'}", 3)]:
        account = Account(flows, 0)
        await account.start()
        code, took, _, _ = await run(program, plan([account], select), "run", "load.yaml", "--dry-run", "--quiet", "--progress", "off", "--report", "load.json")
        print(f"{select} in an account of {flows} flows without an execution: {account.requests}, {took:.3f} s, exit {code}")
    return 0


async def sdk(program, count, rounds=5):
    account = Account(1, int(count))
    await account.start()
    ours, theirs = [], []
    for _ in range(int(rounds)):
        code, took, out, err = await run(program, plan([account], "{flow_name: load-0}"), "run", "load.yaml", "--dry-run", "--quiet", "--progress", "off", "--report", "load.json")
        ours.append(took)
        code, took, out, err = await run(sys.executable, "", "-c", SDK, f"127.0.0.1:{account.port}")
        if code:
            print(err.decode())
            return 1
        theirs.append(took)
    ratio = statistics.median(other / own for own, other in zip(ours, theirs))
    print(f"{count} executions: allstop {statistics.median(ours):.2f} s, the SDK {statistics.median(theirs):.2f} s, {ratio:.2f} times as long")
    return 0


if __name__ == "__main__":
    cases = {"many": many, "quota": quota, "nothing": nothing, "sdk": sdk}
    sys.exit(asyncio.run(cases[sys.argv[2]](sys.argv[1], *sys.argv[3:])))
