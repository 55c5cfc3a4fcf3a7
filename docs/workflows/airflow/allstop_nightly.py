"""Stops the targets of a plan every working day.

Airflow 3. The workers must have allstop on their PATH, the plan, and the keys in their environment.
"""

from __future__ import annotations

import json
import os
import subprocess
from datetime import timedelta

import pendulum
from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

PLAN = os.environ.get("ALLSTOP_PLAN", "/etc/allstop/nightly.yaml")
FOLDER = os.environ.get("ALLSTOP_REPORTS", "/var/lib/allstop")

# A bad plan, a guard that refused, an empty selection: a retry would return the same result.
FINAL = {2, 3, 4}


@dag(
    dag_id="allstop_nightly",
    schedule="30 20 * * 1-5",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    tags=["allstop"],
)
def allstop_nightly():
    @task(retries=2, retry_delay=timedelta(minutes=1), retry_exponential_backoff=True)
    def stop() -> dict:
        """Runs the plan and returns the line of `--output json`."""
        command = ["allstop", "run", PLAN, "--yes"]
        command += ["--reason", "airflow allstop_nightly", "--progress", "plain", "--output", "json"]
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

    stop()


allstop_nightly()
