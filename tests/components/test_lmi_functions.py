"""functions/worker as rendered: its own tests pass, and concurrent requests do not meet."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scaffold.answers.project import resolve
from scaffold.answers.sources import from_text, merge
from scaffold.render import Rendering, render

RUNTIMES = {"python": "python3.13", "nodejs": "nodejs22.x", "java": "java21", "rust": "provided.al2023"}
PROGRAMS = {"python": "python3", "nodejs": "node", "java": "javac", "rust": "cargo", "dotnet": "dotnet"}


def worker(runtime: str, folder: Path) -> tuple[Path, Rendering]:
    """Render a project with the runtime into a folder and return its functions/worker/."""
    text = f"""
        name: shop
        region: eu-central-1
        owner: team
        cost_center: shops
        capacity: [lambda-managed-instances]
        lmi: {{max_vcpu_count: 24, runtime: {runtime}}}
    """
    rendering = render(resolve(merge([from_text(text, "test")])))
    for file in rendering.files:
        if file.path.startswith("functions/") or file.path == "Makefile":
            target = folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.text)
    return folder / "functions/worker", rendering


def need(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not on PATH")


def run(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CARGO_NET_OFFLINE": "true", **variables}
    return subprocess.run(arguments, cwd=cwd, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("language", sorted(RUNTIMES))
def test_the_workers_own_tests_pass(language: str, tmp_path: Path):
    need(PROGRAMS[language])
    need("make")
    worker(RUNTIMES[language], tmp_path)
    done = run("make", "test-function", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(
        r"Ran [1-9]\d* tests|# pass [1-9]|[1-9]\d* tests passed|[1-9]\d* passed", done.stdout + done.stderr
    )


def test_the_dotnet_workers_own_tests_pass(tmp_path: Path):
    need("dotnet")
    worker("dotnet8", tmp_path)
    done = run("make", "test-function", cwd=tmp_path)
    if "NU1301" in done.stdout:
        pytest.skip("the NuGet registry is out of reach")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("language", "file", "line", "broken"),
    [
        ("python", "src/handler.py", "failed.append(message_id)", "pass"),
        ("nodejs", "src/handler.mjs", "return { messageId, done: false }", "return { messageId, done: true }"),
        ("java", "src/worker/Handler.java", 'failures.add(Map.of("itemIdentifier", messageId));', ""),
        ("rust", "logic/src/lib.rs", "failed.push(id.clone());", ""),
    ],
)
def test_the_workers_own_tests_notice_messages_that_are_lost(
    language: str, file: str, line: str, broken: str, tmp_path: Path
):
    need(PROGRAMS[language])
    need("make")
    folder, _ = worker(RUNTIMES[language], tmp_path)
    source = (folder / file).read_text()
    assert line in source
    (folder / file).write_text(source.replace(line, broken))
    assert run("make", "test-function", cwd=tmp_path).returncode != 0


# L9: Python gives each request a process, so what they share is /tmp; Node.js shares memory too.

PYTHON_CALLER = """
import json, sys
sys.path.insert(0, "src")
import handler
class Context:
    def get_remaining_time_in_millis(self):
        return 60000
name = sys.argv[1]
for number in range(20):
    message = {"id": f"{name}-{number}", "items": [name] * (int(name) + number)}
    event = {"Records": [{"messageId": name, "body": json.dumps(message)}]}
    assert handler.handler(event, Context()) == {"batchItemFailures": []}
    assert handler.handler(message, Context()) == {"id": message["id"], "items": len(message["items"])}
"""


def test_python_processes_that_share_tmp_do_not_meet(tmp_path: Path):
    folder, _ = worker("python3.13", tmp_path / "tree")
    shared = tmp_path / "tmp"
    shared.mkdir()
    environment = {**os.environ, "TMPDIR": str(shared)}
    callers = [
        subprocess.Popen(
            [sys.executable, "-c", PYTHON_CALLER, str(number)], cwd=folder, env=environment, stderr=subprocess.PIPE
        )
        for number in range(1, 9)
    ]
    endings = [(caller.communicate()[1].decode(), caller.returncode) for caller in callers]
    assert [code for _, code in endings] == [0] * 8, endings
    assert list(shared.iterdir()) == [], "scratch files were left behind"


NODE_CALLER = """
import assert from "node:assert/strict";
import { handler } from "./src/handler.mjs";
console.info = () => {};
console.error = () => {};
const context = { getRemainingTimeInMillis: () => 60000 };
const requests = Array.from({ length: 200 }, async (_, number) => {
  const good = { messageId: `good-${number}`, body: JSON.stringify({ id: `${number}`, items: Array(number).fill(0) }) };
  const bad = { messageId: `bad-${number}`, body: "{" };
  const both = [handler({ Records: [good, bad] }, context), handler(JSON.parse(good.body), context)];
  const [answer, result] = await Promise.all(both);
  assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: `bad-${number}` }] });
  assert.deepEqual(result, { id: `${number}`, items: number });
});
await Promise.all(requests);
"""


def test_node_requests_that_share_memory_and_tmp_do_not_meet(tmp_path: Path):
    need("node")
    folder, _ = worker("nodejs22.x", tmp_path / "tree")
    shared = tmp_path / "tmp"
    shared.mkdir()
    done = run("node", "--input-type=module", "--eval", NODE_CALLER, cwd=folder, TMPDIR=str(shared))
    assert done.returncode == 0, done.stderr
    assert list(shared.iterdir()) == [], "scratch files were left behind"


@pytest.mark.parametrize("runtime", ["dotnet8", "dotnet10", "java21", "java25"])
def test_a_compiled_worker_is_built_for_the_runtime_that_was_chosen(runtime: str, tmp_path: Path):
    folder, rendering = worker(runtime, tmp_path)
    command = rendering.blueprint.modules["lambda-managed-instances"]["function"]["build_command"]
    number = re.sub(r"\D", "", runtime)
    project = folder / "src/Worker.csproj"
    assert f"--release {number}" in command if runtime.startswith("java") else f"net{number}.0" in project.read_text()


def test_java_is_packaged_without_the_interfaces_the_runtime_brings(tmp_path: Path):
    need("javac")
    folder, rendering = worker("java21", tmp_path)
    command = rendering.blueprint.modules["lambda-managed-instances"]["function"]["build_command"]
    done = run("sh", "-c", command.replace("--release 21", "--release 17"), cwd=folder)
    assert done.returncode == 0, done.stderr
    packaged = {
        path.relative_to(folder / "build/package").as_posix() for path in folder.glob("build/package/**/*.class")
    }
    assert packaged == {"worker/Handler.class"}
