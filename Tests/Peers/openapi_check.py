"""Holds a server against the API's own OpenAPI file: no 5xx, and every answer of its schema.

openapi_check.py SPEC CASES    runs at least so many cases and prints a line of JSON: how many ran,
                               and what was found wrong

The server's address and key come from the environment, as the SDKs take them.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

import openapi_deviations


def loosen(spec):
    """Lets stand what really stood there."""
    openapi_deviations.apply(spec)
    # A purpose that a file may be uploaded for, and that its object lacks.
    spec["components"]["schemas"]["OpenAIFile"]["properties"]["purpose"]["enum"].append("evals")


def main():
    path, cases = sys.argv[1], int(sys.argv[2])
    spec = yaml.safe_load(Path(path).read_text())
    loosen(spec)
    methods = ["get", "post", "delete", "put", "patch"]
    operations = sum(method in item for item in spec["paths"].values() for method in methods)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "spec.json").write_text(json.dumps(spec))
        run = subprocess.run(
            [str(Path(sys.executable).parent / "schemathesis"), "run", "spec.json"]
            + ["--url", os.environ["OPENAI_BASE_URL"]]
            + ["--header", "Authorization: Bearer " + os.environ["OPENAI_API_KEY"]]
            + ["--header", "OpenAI-Beta: assistants=v2"]
            + ["--checks", "not_a_server_error,response_schema_conformance"]
            # Twice the share of each operation: some take few different requests.
            + ["--phases", "fuzzing", "--max-examples", str(2 * cases // operations + 1)]
            + ["--seed", "1", "--no-shrink", "--generation-database", "none", "--no-color"],
            cwd=folder, capture_output=True, text=True,
        )
    found = re.search(r"(\d+) generated", run.stdout)
    wrong = re.findall(r"^_+ (.*?) _+$", run.stdout, re.MULTILINE)
    print(
        json.dumps(
            {
                "cases": int(found[1]) if found else 0,
                "wrong": wrong,
                "status": run.returncode,
                "report": run.stdout[:20000] if run.returncode else "",
            }
        )
    )


main()
