"""What is about to be written, before it is."""

from pathlib import Path

import yaml
from rich.console import Console
from rich.markup import escape

from scaffold.answers.project import Project
from scaffold.blueprint import build
from scaffold.report.cost_text import show_cost_in_short
from scaffold.report.documents.cost import EnvironmentCostEntry
from scaffold.report.documents.problems import ProblemEntry
from scaffold.report.text import show_problems


def show_summary(console: Console, project: Project, target: Path) -> None:
    """Print the answers, what is advised against, what each environment costs a month, and where it will lie."""
    console.print("\n[bold]Answers[/]")
    answers = yaml.safe_dump(dict(project.given), sort_keys=False, allow_unicode=True)
    console.print(escape(answers), highlight=False)
    show_problems(console, [ProblemEntry.of(problem) for problem in project.warnings], "[yellow]warning[/]")
    show_cost_in_short(console, [EnvironmentCostEntry.of(cost) for cost in build(project).costs])
    console.print(f"[bold]Folder[/] {escape(str(target))}", highlight=False)
