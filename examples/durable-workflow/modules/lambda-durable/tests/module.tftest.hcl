# Plans and applies the module against mocked providers: no account, no credentials, nothing created.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "123456789012"
    }
  }

  mock_data "aws_partition" {
    defaults = {
      dns_suffix = "amazonaws.com"
      partition  = "aws"
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
    }
  }

  mock_resource "aws_apigatewayv2_api" {
    defaults = {
      execution_arn = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:eu-central-1:123456789012:log-group:shop-test"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/shop-test-durable"
    }
  }

  mock_resource "aws_kms_key" {
    defaults = {
      arn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    }
  }

  mock_resource "aws_lambda_alias" {
    defaults = {
      arn = "arn:aws:lambda:eu-central-1:123456789012:function:shop-test-durable-workflow:live"
    }
  }

  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:eu-central-1:123456789012:shop-test-durable-dead-letter"
    }
  }
}

mock_provider "archive" {}

variables {
  name   = "shop-test"
  region = "eu-central-1"

  arch       = "arm64"
  runtime    = "python3.13"
  source_dir = "src"

  execution_timeout = 3600
  retention_period  = 14

  throttling_rate_limit  = 10
  throttling_burst_limit = 20

  log_retention_days = 365
}

run "the_workflow_is_durable" {
  assert {
    condition     = aws_lambda_function.workflow.durable_config[0].execution_timeout == 3600 && aws_lambda_function.workflow.durable_config[0].retention_period == 14
    error_message = "The workflow is not durable for as long as was asked."
  }

  assert {
    condition     = aws_lambda_function.workflow.environment[0].variables["APPROVAL_TIMEOUT_SECONDS"] == "3240"
    error_message = "A decision is waited for as long as the execution may last, so that nobody can say that it did not come."
  }
}

run "executions_begin_on_a_published_version" {
  assert {
    condition     = aws_lambda_function.workflow.publish
    error_message = "Nothing is published: executions would meet code that changes under them."
  }

  assert {
    condition     = aws_lambda_function.orders.environment[0].variables["WORKFLOW_ARN"] == aws_lambda_alias.live.arn && output.function_qualified_arn == aws_lambda_alias.live.arn
    error_message = "Callers are not given the alias."
  }
}

run "every_function_has_a_role_of_its_own" {
  assert {
    condition     = length(distinct([aws_iam_role.workflow.name, aws_iam_role.orders.name, aws_iam_role.decisions.name])) == 3
    error_message = "Functions share a role."
  }

  assert {
    condition     = local.executions_arn == "arn:aws:lambda:eu-central-1:123456789012:function:shop-test-durable-workflow:*"
    error_message = "Checkpoints and callbacks are allowed on something else than the workflow's executions."
  }
}

run "no_route_is_open" {
  assert {
    condition     = alltrue([for route in aws_apigatewayv2_route.this : route.authorization_type == "AWS_IAM"])
    error_message = "A route asks nobody who they are."
  }

  assert {
    condition     = aws_apigatewayv2_stage.default.default_route_settings[0].throttling_rate_limit == 10 && aws_apigatewayv2_stage.default.default_route_settings[0].throttling_burst_limit == 20
    error_message = "The API is not throttled as was asked."
  }
}

run "progress_is_kept_under_the_key_and_can_be_restored" {
  assert {
    condition     = aws_dynamodb_table.progress.point_in_time_recovery[0].enabled && aws_dynamodb_table.progress.server_side_encryption[0].kms_key_arn == aws_kms_key.this.arn
    error_message = "The table cannot be restored, or is not under the key."
  }
}

run "what_fails_for_good_is_set_aside" {
  assert {
    condition     = aws_lambda_function.workflow.dead_letter_config[0].target_arn == aws_sqs_queue.dead_letter.arn
    error_message = "The events of failed executions are lost."
  }
}

run "an_execution_of_more_than_366_days_is_refused" {
  command = plan

  variables {
    execution_timeout = 31622401
  }

  expect_failures = [var.execution_timeout]
}

run "a_history_of_more_than_90_days_is_refused" {
  command = plan

  variables {
    retention_period = 91
  }

  expect_failures = [var.retention_period]
}

run "a_runtime_that_is_not_durable_is_refused" {
  command = plan

  variables {
    runtime = "python3.12"
  }

  expect_failures = [var.runtime]
}

run "an_api_that_lets_nothing_through_is_refused" {
  command = plan

  variables {
    throttling_rate_limit = 0
  }

  expect_failures = [var.throttling_rate_limit]
}
