# Two roles, for two who must not have each other's rights (C5): what ECS needs to start a task, and what the code in it
# may do.

data "aws_iam_policy_document" "task_trust" {
  statement {
    sid     = "EcsRunsTasksOfThisAccount"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:ecs:${var.region}:${local.account_id}:*"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "${var.name}-ecs-execution"
  description        = "ECS starts the tasks of ${var.name}: images, logs and secrets"
  assume_role_policy = data.aws_iam_policy_document.task_trust.json
}

resource "aws_iam_role_policy" "execution" {
  name   = "start-tasks"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

data "aws_iam_policy_document" "execution" {
  statement {
    sid       = "PullImages"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = distinct(concat([aws_ecr_repository.this.arn], local.image_repository_arns))
  }

  # A token is for the whole registry.
  statement {
    sid       = "SignInToEcr"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "WriteOwnLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this["container"].arn}:*"]
  }
}

# What the code may do; add your own statements here, not to the execution role (C5).
resource "aws_iam_role" "task" {
  name               = "${var.name}-ecs-task"
  description        = "The rights of the code in the tasks of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.task_trust.json
}
