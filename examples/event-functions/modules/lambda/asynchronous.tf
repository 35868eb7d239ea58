# Functions that are invoked without anybody waiting for the answer, with the dead-letter queue for what fails (F2, F3).
locals {
  asynchronous = {
    fan-out-audit  = "fan-out-audit"
    fan-out-notify = "fan-out-notify"
  }
}

resource "aws_lambda_function_event_invoke_config" "this" {
  for_each = local.asynchronous

  function_name          = aws_lambda_function.this[each.key].function_name
  qualifier              = aws_lambda_alias.live[each.key].name
  maximum_retry_attempts = 2

  destination_config {
    on_failure {
      destination = aws_sqs_queue.dead_letter[each.value].arn
    }
  }

  # The destination is refused until the role may send to it.
  depends_on = [aws_iam_role_policy.set_aside]
}

resource "aws_iam_role_policy" "set_aside" {
  for_each = local.asynchronous

  name   = "set-failures-aside"
  role   = aws_iam_role.execution[each.key].id
  policy = data.aws_iam_policy_document.set_aside[each.key].json
}

data "aws_iam_policy_document" "set_aside" {
  for_each = local.asynchronous

  statement {
    sid       = "SetFailuresAside"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.dead_letter[each.value].arn]
  }
}
