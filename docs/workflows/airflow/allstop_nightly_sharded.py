"""Stops the targets of a plan every working day: four tasks side by side, each with its shard, and one report of all.

Airflow 3. The workers must have allstop on their PATH, the plan, and the keys in their environment.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pendulum
from airflow.sdk import dag, get_current_context, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

PLAN = os.environ.get("ALLSTOP_PLAN", "/etc/allstop/nightly.yaml")
FOLDER = os.environ.get("ALLSTOP_REPORTS", "/var/lib/allstop")
SHARDS = 4

# A bad plan, a guard that refused, an empty selection: a retry would return the same result.
FINAL = {2, 3, 4}


def report(shard: str = "") -> str:
    """Names a report after the run of the DAG: one of last night is never merged."""
    run = re.sub(r"[^0-9A-Za-z_.-]", "-", get_current_context()["dag_run"].run_id)
    return f"{Path(PLAN).stem}.{run}{shard}.report.json"


def of(number: int) -> str:
    return f".{number}-of-{SHARDS}"


@dag(
    dag_id="allstop_nightly_sharded",
    schedule="30 20 * * 1-5",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    tags=["allstop"],
)
def allstop_nightly_sharded():
    @task(retries=2, retry_delay=timedelta(minutes=1), retry_exponential_backoff=True)
    def stop(number: int) -> dict:
        """Runs one shard and returns the line of `--output json`."""
        command = ["allstop", "run", PLAN, "--yes", "--shard", f"{number}/{SHARDS}", "--report", report(of(number))]
        command += ["--reason", "airflow allstop_nightly_sharded", "--progress", "plain", "--output", "json"]
        process = subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, text=True)
        try:
            line, _ = process.communicate()
        finally:
            # A task that is cleared or times out lets allstop finish requests in flight and write its report.
            process.terminate()
            process.wait()
        ended = json.loads(line) if line else {}
        print(json.dumps(ended, indent=2))
        if process.returncode in FINAL:
            raise AirflowFailException(f"exit status {process.returncode}: {ended.get('error') or 'see the log'}")
        if process.returncode != 0:
            raise AirflowException(f"exit status {process.returncode}; to go on by hand: {ended.get('next')}")
        return ended

    @task(trigger_rule="all_done")
    def merge() -> int:
        """Makes one report of those of all shards, and ends as the gravest of them did."""
        shards = [report(of(number)) for number in range(1, SHARDS + 1)]
        subprocess.run(["allstop", "report", "merge", *shards, "--output", report()], cwd=FOLDER, check=True)
        code = json.loads((Path(FOLDER) / report()).read_text())["run"]["exit_code"]
        if code != 0:
            raise AirflowFailException(f"exit status {code}: see {report()}")
        return code

    stop.expand(number=list(range(1, SHARDS + 1))) >> merge()


allstop_nightly_sharded()
