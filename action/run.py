"""What the GitHub action runs: check, diff, the run's summary, and a comment on the pull request.

Its inputs are environment variables, as action.yml sets them. It exits with 1 if something could not be done, else,
where `fail-on` says so, with 3 for findings or 2 for differences.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ERROR, DIFFERENCES, FINDINGS = 1, 2, 3
"""Exit codes of scaffold; docs/exit-codes.md."""

FAILING = {
    "findings": {FINDINGS},
    "differences": {DIFFERENCES},
    "any": {FINDINGS, DIFFERENCES},
    "never": set[int](),
}
"""The exit codes that each value of `fail-on` passes on."""

LEVELS = ("fast", "full")
"""The values of `verify`."""


def main() -> int:
    """Check and compare the folder, tell of it, and return the exit code."""
    fail_on = _input("FAIL_ON", "findings")
    if fail_on not in FAILING:
        return _error(f"fail-on is {fail_on}; it must be one of {', '.join(FAILING)}.")
    level = _input("VERIFY", "fast")
    if level not in LEVELS:
        return _error(f"verify is {level}; it must be one of {', '.join(LEVELS)}.")
    folder, work = _input("DIRECTORY", "."), Path(os.environ["RUNNER_TEMP"])
    sarif, summary = work / "scaffold.sarif", work / "scaffold-check.md"
    for path in (sarif, summary):
        path.unlink(missing_ok=True)  # what an earlier run of the action in this job left
    reports = ["--report", f"sarif={sarif}", "--report", f"markdown={summary}"]
    known = _option("--baseline", _input("BASELINE"))
    checked = _scaffold("check", "--verify", level, *known, *reports, "--", folder)
    checked_text = summary.read_text(encoding="utf-8") if summary.is_file() else ""
    compared, compared_text = _compare(folder)
    _tell("GITHUB_STEP_SUMMARY", f"{checked_text}\n{compared_text}")
    _tell("GITHUB_OUTPUT", f"findings={_word(checked.returncode, FINDINGS)}\n")
    _tell("GITHUB_OUTPUT", f"differs={_word(compared, DIFFERENCES)}\n")
    _tell("GITHUB_OUTPUT", f"sarif={sarif if sarif.is_file() else ''}\n")
    if _input("COMMENT") == "true" and (text := compared_text or checked_text):
        _comment(text)
    codes = {checked.returncode, compared or 0}
    if codes - {0, DIFFERENCES, FINDINGS}:
        return ERROR
    return max(codes & FAILING[fail_on], default=0)


def _compare(folder: str) -> tuple[int | None, str]:
    """Return the exit code and the Markdown of the comparison; None where there is nothing to compare with."""
    given = [*_option("--preset", _input("PRESET")), *_option("--answers", _input("ANSWERS"))]
    if not given and not Path(folder, "scaffold.yaml").is_file():
        return None, ""
    ended = _scaffold("diff", *given, "--output", "markdown", "--", folder, captured=True)
    return ended.returncode, ended.stdout or ""


def _scaffold(*arguments: str, captured: bool = False) -> subprocess.CompletedProcess[str]:
    # Isolated: what lies in the checkout, such as a yaml.py, must not be imported.
    command = [sys.executable, "-I", "-m", "scaffold", *arguments]
    sys.stdout.flush()
    stdout = subprocess.PIPE if captured else None
    return subprocess.run(command, stdout=stdout, encoding="utf-8", check=False)  # noqa: S603 (no shell)


def _comment(text: str) -> None:
    """Write the text as a comment on the pull request, over the one that an earlier run wrote."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    number = event.get("pull_request", {}).get("number")
    if number is None:
        return
    repository = f"repos/{os.environ['GITHUB_REPOSITORY']}"
    # The heading up to the folder's name tells it from other comments, those on other folders too.
    heading = text[: text.index("`", text.index("`") + 1) + 1]
    try:
        listed = _gh("--paginate", f"{repository}/issues/{number}/comments", "--jq", ".[] | {id, body, by: .user.type}")
        comments = [json.loads(line) for line in listed.splitlines()]
        ours = [each for each in comments if each["by"] == "Bot" and each["body"].startswith(heading)]
        place = f"issues/comments/{ours[-1]['id']}" if ours else f"issues/{number}/comments"
        method = "PATCH" if ours else "POST"
        _gh("--method", method, f"{repository}/{place}", "--input", "-", data=json.dumps({"body": text}))
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        # The token of a pull request from a fork may not write.
        reason = getattr(error, "stderr", None) or str(error)
        print(f"::warning title=scaffold::No comment was written: {' '.join(reason.split()).replace('%', '%25')}")


def _gh(*arguments: str, data: str | None = None) -> str:
    command = ["gh", "api", *arguments]
    ended = subprocess.run(command, input=data, capture_output=True, encoding="utf-8", check=True)  # noqa: S603
    return ended.stdout


def _input(name: str, default: str = "") -> str:
    return os.environ.get(f"INPUT_{name}", "") or default


def _option(name: str, value: str) -> list[str]:
    return [f"{name}={value}"] if value else []


def _word(code: int | None, yes: int) -> str:
    """Return "true" for the exit code `yes`, "false" for 0, and nothing where it was not found out."""
    words: dict[int | None, str] = {0: "false", yes: "true"}
    return words.get(code, "")


def _tell(variable: str, text: str) -> None:
    """Add a text to the file that GitHub names in an environment variable."""
    with Path(os.environ[variable]).open("a", encoding="utf-8") as file:
        file.write(text)


def _error(message: str) -> int:
    print(f"::error title=scaffold::{message}")
    return ERROR


if __name__ == "__main__":
    sys.exit(main())
