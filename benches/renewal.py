#!/usr/bin/env python3
"""Measures what the renewal of credentials costs: one run with static keys beside one with the keys of a role.

    cargo build --release
    benches/renewal.py target/release/allstop
    benches/renewal.py target/release/allstop 1400

Two simulators on loopback, two runs of the same plan at the same time: so many stops (default 800) at 10 a second. The
keys of one run are its own; those of the other belong to a role, live 3 seconds and are renewed again and again. The
ratio of the two times is what renewals cost. It ends with an error if a dead key was used or a target is not stopped.
Needs Python 3.9.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request


def simulate(binary, seed):
    """Starts a simulator; returns it, its address and the variables of its keys."""
    process = subprocess.Popen([binary, "simulate", "--seed", str(seed), "--faults", "none", "--speed", "100"], stdout=subprocess.PIPE, text=True)
    variables, address = {}, None
    for line in process.stdout:
        address = address or (re.search(r"http://127\.0\.0\.1:\d+", line) or [None])[0]
        found = re.search(r"export (\w+)=(\S+)", line)
        if found:
            variables[found[1]] = found[2].strip("'\"")
        if address and "HUAWEICLOUD_SDK_SK" in variables:
            break
    return process, address, variables


def call(address, path, body=None):
    data = json.dumps(body).encode() if body is not None else None
    return json.load(urllib.request.urlopen(urllib.request.Request(address + path, data=data)))


def start(binary, folder, name, count, credentials, address, variables):
    """Starts a run."""
    endpoints = {product: address for product in ("fnf", "sts", "metadata")}
    account = {"cloud": "alibaba", "region": "cn-hangzhou", "endpoints": endpoints, **credentials}
    targets = [{"kind": "fnf_execution", "flow_name": "load", "execution_name": "run-%d" % n} for n in range(count)]
    plan = {"version": 1, "accounts": {"ali": account}, "defaults": {"account": "ali"},
            "limits": {"rate": "10/s", "burst": 1}, "targets": targets}
    path = os.path.join(folder, name + ".json")
    with open(path, "w") as file:
        json.dump(plan, file)
    keep = {key: value for key, value in os.environ.items() if key in ("PATH", "TMPDIR")}
    environment = {**keep, **variables, "HOME": folder, "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
    command = [binary, "run", path, "--yes", "--progress", "off", "--report", os.path.join(folder, name + ".report.json")]
    return subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL)


def main():
    binary, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 800
    first, second = simulate(binary, 1), simulate(binary, 2)
    try:
        world = call(second[1], "/_simulator/credentials")
        account = next(id for id, of in world["accounts"].items() if of["cloud"] == "alibaba" and of["number"] == 0)
        role = "acs:ram::%s:role/bench" % account
        call(second[1], "/_simulator/credentials", {"roles": {role: {"trust": [account]}}})
        call(second[1], "/_simulator/credentials/faults", {"ali:AssumeRole": {"lifetime_s": 3}})
        with tempfile.TemporaryDirectory() as folder:
            runs = [start(binary, folder, "static", count, {}, *first[1:]),
                    start(binary, folder, "role", count, {"credentials": {"role": {"arn": role}}}, *second[1:])]
            ended = {}
            while len(ended) < 2:
                for run, name in zip(runs, ("static", "role")):
                    if name not in ended and run.poll() is not None:
                        ended[name] = run.returncode
                time.sleep(0.05)
            assert ended == {"static": 0, "role": 0}, ended
            reports = {name: json.load(open(os.path.join(folder, name + ".report.json"))) for name in ended}
        took = {name: report["run"]["duration_ms"] for name, report in reports.items()}
        stopped = {name: report["summary"]["stopped"] for name, report in reports.items()}
        assert set(stopped.values()) == {count}, stopped
        issued = call(second[1], "/_simulator/credentials/ledger")["issued"]
        late = sum(key["late_uses"] for key in issued)
        assert late == 0, "%d requests with dead keys" % late
        print("static keys  %6.2f s  %d requests" % (took["static"] / 1000, reports["static"]["summary"]["attempts"]))
        print("role of 3 s  %6.2f s  %d requests, %d renewals, none of a dead key" % (
            took["role"] / 1000, reports["role"]["summary"]["attempts"], reports["role"]["accounts"][0]["refreshes"]))
        print("ratio        %6.4f" % (took["role"] / took["static"]))
    finally:
        for process, *_ in (first, second):
            process.kill()


if __name__ == "__main__":
    main()
