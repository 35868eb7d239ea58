"""A component of somebody else's: a folder outside the package, of which nothing in the package knows."""

from pathlib import Path

COMPONENT = """\
name: work-queue
title: Work queue
why: a queue that other teams put work into; for work that may wait.
needs: []
aws_provider_version: "6.10"
answers:
  visibility_timeout_seconds:
    type: integer
    default: 300
    minimum: 30
    maximum: 43200
    description: Seconds that a consumer has for a message before another gets it.
    ask: Seconds for one message
  dead_letters:
    type: boolean
    default: true
    description: Whether messages that nobody can work on are set aside.
  order:
    type: text
    values: [standard, fifo]
    default: standard
    same_everywhere: true
    description: Whether messages keep their order.
    ask: Order of messages
  team:
    type: text
    pattern: "^[a-z][a-z-]{1,20}$"
    default: platform
    description: Whose work it is.
inventory: {kms_keys: 1}
trees:
  - {from: module, to: modules/work-queue}
  - {from: environment, to: "environments/{environment}", each: environment, append: true}
when:
  module/dead_letters.tf: module.dead_letters.any
"""

FILES = {
    "component.yaml": COMPONENT,
    "parts/README.decisions.md.j2": """\
### Work queue

{% for each in environments %}
{% if each.work_queue is defined %}
{{ each.name }}: {{ each.work_queue.visibility_timeout_seconds }} seconds for a message.
{% endif %}
{% endfor %}

""",
    "module/main.tf.j2": """\
resource "aws_sqs_queue" "work" {
  name                       = "${var.name}-work"
  visibility_timeout_seconds = var.visibility_timeout_seconds
  sqs_managed_sse_enabled    = true
{% if module.dead_letters.every %}

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 5
  })
{% endif %}

  tags = {
    Team = var.team
  }
}
""",
    "module/dead_letters.tf.j2": """\
resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name}-work-dead-letters"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}
""",
    "module/variables.tf.j2": """\
variable "name" {
  description = "What the names of the queues begin with."
  type        = string
  nullable    = false
}

variable "team" {
  description = "Whose work it is."
  type        = string
  nullable    = false
}

variable "visibility_timeout_seconds" {
  description = "Seconds that a consumer has for a message."
  type        = number
  nullable    = false
}
""",
    "module/outputs.tf.j2": """\
output "queue_url" {
  description = "URL of the queue."
  value       = aws_sqs_queue.work.url
}
""",
    "module/versions.tf.j2": """\
terraform {
  required_version = ">= {{ project.terraform_version }}"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> {{ project.aws_provider_version }}"
    }
  }
}
""",
    "module/tests/queue.tftest.hcl.j2": """\
mock_provider "aws" {}

run "a_consumer_has_its_time" {
  command = plan

  variables {
    name                       = "shop-dev"
    team                       = "shop"
    visibility_timeout_seconds = 60
  }

  assert {
    condition     = aws_sqs_queue.work.visibility_timeout_seconds == 60
    error_message = "The queue has another visibility timeout than was asked for."
  }
}
""",
    "environment/main.tf.j2": """\
module "work_queue" {
  source = "../../modules/work-queue"

  name                       = local.name
  team                       = {{ environment.work_queue.team | hcl }}
  visibility_timeout_seconds = {{ environment.work_queue.visibility_timeout_seconds | hcl }}
}
""",
    "environment/outputs.tf.j2": """\
output "work_queue_of_other_teams_url" {
  description = "The queue that other teams put work into."
  value       = module.work_queue.queue_url
}
""",
    "example/main.tf.j2": """\
module "work_queue" {
  source = "../.."

  name                       = "example"
  team                       = "platform"
  visibility_timeout_seconds = 300
}
""",
}


def written(folder: Path, **changes: str | None) -> Path:
    """Write the component into a folder of templates and return that.

    Args:
        folder: where.
        changes: other texts of files by path, with `__` for `/`; None leaves one out.
    """
    files: dict[str, str | None] = {**FILES, **{path.replace("__", "/"): text for path, text in changes.items()}}
    for path, text in files.items():
        if text is not None:
            (folder / "work-queue" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "work-queue" / path).write_text(text)
    return folder
