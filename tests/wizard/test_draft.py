"""What the wizard says of where an answer came from."""

from scaffold.answers.sources import Source
from scaffold.wizard.asking import propose
from scaffold.wizard.draft import ANSWER, DERIVED, PROPOSAL, Draft
from scaffold.wizard.project import name_from
from scaffold.wizard.questions import QUESTIONS


def test_what_the_wizard_derived_is_not_called_the_users_answer() -> None:
    given = Source({"azs": 2}, "answers.yaml")
    draft = propose(QUESTIONS, Draft((given,)))
    assert draft.asked["environments"]["dev"]["network"]["nat"] == "single"
    assert draft.merged.place("environments.dev.network.nat") == DERIVED
    assert draft.merged.place("network.nat") == PROPOSAL
    assert Draft(asked={"azs": 2}).merged.place("azs") == ANSWER
    assert draft.merged.place("azs") == "answers.yaml"


def test_a_long_folders_name_proposes_the_longest_name_there_is() -> None:
    assert name_from("a" * 40) == "a" * 24
