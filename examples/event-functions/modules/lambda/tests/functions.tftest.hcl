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

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/shop-test-fn"
    }
  }

  mock_resource "aws_kms_key" {
    defaults = {
      arn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    }
  }

  mock_resource "aws_lambda_alias" {
    defaults = {
      arn = "arn:aws:lambda:eu-central-1:123456789012:function:shop-test-fn:live"
    }
  }

  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:eu-central-1:123456789012:shop-test-fn"
    }
  }

  mock_resource "aws_cloudwatch_event_rule" {
    defaults = {
      arn = "arn:aws:events:eu-central-1:123456789012:rule/shop-test-fn/rule"
    }
  }
}

mock_provider "archive" {}

variables {
  name   = "shop-test"
  region = "eu-central-1"

  arch          = "arm64"
  functions_dir = "functions"
  runtime       = "python3.13"
  memory_size   = 512
  timeout       = 30

  maximum_concurrency = 10

  log_retention_days = 365
}

run "each_function_has_a_role_a_log_group_and_an_alias_of_its_own" {
  assert {
    condition     = length(distinct([for each in aws_lambda_function.this : each.role])) <= length(aws_iam_role.execution)
    error_message = "A function runs with a role that is not of this module."
  }

  assert {
    condition     = keys(aws_iam_role.execution) == keys(aws_lambda_function.this)
    error_message = "Functions share a role, or have none."
  }

  assert {
    condition     = alltrue([for key, each in aws_lambda_function.this : each.logging_config[0].log_group == aws_cloudwatch_log_group.this[key].name])
    error_message = "A function writes to a log group that is not its own."
  }

  assert {
    condition     = alltrue([for each in aws_lambda_function.this : each.publish && each.tracing_config[0].mode == "Active"])
    error_message = "A function publishes no version or is not traced."
  }

  assert {
    condition     = keys(output.function_qualified_arns) == keys(aws_lambda_function.this)
    error_message = "Callers are not given the alias of every function."
  }
}

run "somebody_hears_of_failures" {
  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.errors) == keys(aws_lambda_function.this) && keys(aws_cloudwatch_metric_alarm.throttles) == keys(aws_lambda_function.this)
    error_message = "No alarm watches a function's errors or throttles."
  }

  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.dead_letters) == keys(aws_sqs_queue.dead_letter)
    error_message = "No alarm watches a dead-letter queue."
  }
}

run "a_drill_is_off_unless_it_names_a_zone" {
  variables {
    fail_in_zone   = "euc1-az1"
    zone_endpoints = { euc1-az1 = "one.internal" }
  }

  assert {
    condition     = alltrue([for each in aws_lambda_function.this : each.environment[0].variables.FAIL_IN_ZONE == "euc1-az1"])
    error_message = "A function does not take part in the drill."
  }

  assert {
    condition     = alltrue([for each in aws_lambda_function.this : jsondecode(each.environment[0].variables.ZONE_ENDPOINTS).euc1-az1 == "one.internal"])
    error_message = "A function does not know the hosts by zone."
  }
}

run "no_drill" {
  assert {
    condition     = alltrue([for each in aws_lambda_function.this : !contains(keys(each.environment[0].variables), "FAIL_IN_ZONE")])
    error_message = "A drill is on that nobody asked for."
  }
}

run "a_zone_is_named_by_its_id" {
  command = plan

  variables {
    fail_in_zone = "eu-central-1a"
  }

  expect_failures = [var.fail_in_zone]
}

run "work_waits_in_a_queue_and_failures_are_set_aside" {
  assert {
    condition     = aws_sqs_queue.work.visibility_timeout_seconds == 180
    error_message = "A message may be delivered again while it is worked on."
  }

  assert {
    condition     = contains(aws_lambda_event_source_mapping.work.function_response_types, "ReportBatchItemFailures")
    error_message = "One bad message brings the whole batch back."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.work.scaling_config[0].maximum_concurrency == 10
    error_message = "The queue may start any number of invocations."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.work.function_name == aws_lambda_alias.live["queue"].arn
    error_message = "The queue feeds something else than the alias."
  }
}

run "an_alarm_leaves_time_for_three_tries" {
  variables {
    timeout = 900
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.oldest_message.threshold == 16200
    error_message = "The alarm on old messages goes off while work is only tried again."
  }
}

run "a_queue_that_starts_one_invocation_is_refused" {
  command = plan

  variables {
    maximum_concurrency = 1
  }

  expect_failures = [var.maximum_concurrency]
}

run "what_fails_for_good_is_set_aside" {
  assert {
    condition     = alltrue([for each in aws_lambda_function_event_invoke_config.this : each.qualifier == "live" && length(each.destination_config[0].on_failure) == 1])
    error_message = "Failed events of asynchronous callers are lost."
  }
}

run "each_subscriber_has_its_own_dead_letter_queue" {
  assert {
    condition     = alltrue([for key in keys(local.subscribers) : contains(keys(aws_sqs_queue.dead_letter), key)])
    error_message = "Subscribers share a dead-letter queue."
  }

  assert {
    condition     = alltrue([for key, each in aws_cloudwatch_event_target.subscriber : each.arn == aws_lambda_alias.live[key].arn && length(each.dead_letter_config) == 1])
    error_message = "What cannot be delivered to a subscriber is lost."
  }
}

run "another_architecture_is_refused" {
  command = plan

  variables {
    arch = "amd64"
  }

  expect_failures = [var.arch]
}

run "another_runtime_is_refused" {
  command = plan

  variables {
    runtime = "python3.9"
  }

  expect_failures = [var.runtime]
}
