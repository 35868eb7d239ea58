"""The wizard in a pseudo-terminal, as a person meets it."""

import os
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pexpect
import yaml

from scaffold.answers.model import Answers
from scaffold.resources import TEMPLATES
from scaffold.wizard.question import Question
from scaffold.wizard.questions import QUESTIONS
from scaffold.wizard.workload import QUESTIONS as ABOUT_WORKLOADS

BY_PATH: Mapping[str, Question] = {question.path: question for question in QUESTIONS}
ABOUT_A_WORKLOAD: Mapping[str, Question] = {question.path: question for question, _ in ABOUT_WORKLOADS}

ENTER, SPACE, DOWN, UP, CTRL_C, CTRL_D = "\r", " ", "\x1b[B", "\x1b[A", "\x03", "\x04"

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a"
INSTANCE, GROUP = "arn:aws:sso:::instance/ssoins-0123456789abcdef", "0a1b2c3d-0000-4000-8000-000000000000"
"""What signing in to Argo CD needs: an instance of IAM Identity Center, and one of its groups."""

WITH_MANAGED_INSTANCES = DOWN * list(Answers.components).index("lambda-managed-instances") + SPACE + ENTER
"""Marks Managed Instances beside the cluster that is proposed as capacity."""

_CODE = r"\x1b\[[0-9;?]*[A-Za-z]"


def surroundings(home: Path, **more: str) -> dict[str, str]:
    """Return the environment variables of a user whose own have no say."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": str(TEMPLATES.parent),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        # Nobody answers when the prompts ask where the cursor is.
        "PROMPT_TOOLKIT_NO_CPR": "1",
        **more,
    }


class Wizard:
    """A command that asks, in a folder of its own: `scaffold new` unless another is named."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        command: str = "new",
        columns: int = 100,
        stdout: str = "",
        **variables: str,
    ) -> None:
        self.folder = folder
        self.seen = ""
        words = [sys.executable, "-m", "scaffold", command, *arguments]
        line = f"exec {shlex.join(words)}" + (f" > {shlex.quote(stdout)}" if stdout else "")
        self._child = pexpect.spawn(
            "/bin/sh",
            ["-c", line],
            cwd=str(folder),
            env=surroundings(folder, **variables),
            dimensions=(50, columns),
            encoding="utf-8",
            timeout=60,
        )
        # Keys are only sent once a prompt is there to take them.
        self._child.delaybeforesend = None

    def expect(self, *texts: str) -> None:
        """Wait until each of the texts has appeared, one after the other, whatever the line breaks."""
        for text in texts:
            words = [re.escape(word) for word in text.split()]
            self._wait(rf"(?:\s|{_CODE})+".join(words))

    def expect_question(self, path: str) -> None:
        """Wait until a question is asked and its prompt takes keys."""
        words = [re.escape(word) for word in (BY_PATH | ABOUT_A_WORKLOAD)[path].prompt.split()]
        self._wait(rf"\?(?:{_CODE})* " + rf"(?:\s|{_CODE})+".join(words))

    def answer(self, path: str, keys: str = ENTER) -> None:
        """Wait for a question and answer it."""
        self.expect_question(path)
        self.send(keys)

    def answer_all(self, answers: Mapping[str, str]) -> None:
        """Answer several questions, in order."""
        for path, keys in answers.items():
            self.answer(path, keys)

    def send(self, keys: str) -> None:
        """Press keys."""
        self._child.send(keys)

    def confirm(self, keys: str = ENTER) -> None:
        """Wait for the confirmation and answer it."""
        self.expect("Write it?")
        self.send(keys)

    def end(self) -> int:
        """Wait for the end and return the exit code."""
        self._wait(pexpect.EOF)
        self._child.close()
        assert self._child.exitstatus is not None, f"ended by signal {self._child.signalstatus}"
        return int(self._child.exitstatus)

    def answers(self, project: str) -> Any:
        """Return what a project's scaffold.yaml says."""
        return yaml.safe_load((self.folder / project / "scaffold.yaml").read_text("utf-8"))

    def words(self) -> str:
        """Return all that was shown, without control codes, and with one space wherever there was any white space."""
        return " ".join(re.sub(_CODE, "", self.seen).split())

    def _wait(self, pattern: Any) -> None:
        try:
            self._child.expect(pattern)
        except (pexpect.EOF, pexpect.TIMEOUT) as error:
            raise AssertionError(f"{pattern!r} did not appear in:\n{self.seen}{self._child.before}") from error
        self.seen += self._child.before + (self._child.after if isinstance(self._child.after, str) else "")


def everything() -> dict[str, str]:
    """Return keys that answer every question, with all capacities and Argo CD chosen."""
    keys = dict.fromkeys(BY_PATH, ENTER)
    keys["capacity"] = (DOWN + SPACE) * (len(Answers.components) - 1) + ENTER
    keys["ecs.load_balancer"] = DOWN + ENTER
    keys["ecs.certificate_arn"] = CERTIFICATE + ENTER
    keys["durable.authorizer"] = DOWN + ENTER
    keys["durable.jwt_issuer"] = "https://login.example.com/" + ENTER
    keys["durable.jwt_audience"] = "orders" + ENTER
    keys["eks.capabilities"] = SPACE + ENTER
    keys["eks.argocd_idc_instance_arn"] = INSTANCE + ENTER
    keys["lmi.max_vcpu_count"] = "24" + ENTER
    return keys


def tree(folder: Path) -> Sequence[str]:
    """Return everything below a folder, hidden things too, but for the caches of a home."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if ".cache" not in path.parts)
