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
      arn = "arn:aws:iam::123456789012:role/shop-test-lmi"
    }
  }

  mock_resource "aws_kms_key" {
    defaults = {
      arn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    }
  }

  mock_resource "aws_lambda_alias" {
    defaults = {
      arn = "arn:aws:lambda:eu-central-1:123456789012:function:shop-test-worker:live"
    }
  }

  mock_resource "aws_lambda_capacity_provider" {
    defaults = {
      arn = "arn:aws:lambda:eu-central-1:123456789012:capacity-provider:shop-test"
    }
  }
}

mock_provider "archive" {}

variables {
  name             = "shop-test"
  region           = "eu-central-1"
  vpc_id           = "vpc-0123456789abcdef0"
  egress_cidr_ipv4 = "0.0.0.0/0"
  private_subnet_ids = {
    eu-central-1a = "subnet-0aaaaaaaaaaaaaaaa"
    eu-central-1b = "subnet-0bbbbbbbbbbbbbbbb"
    eu-central-1c = "subnet-0cccccccccccccccc"
  }

  arch           = "arm64"
  max_vcpu_count = 24

  runtime     = "python3.13"
  handler     = "handler.handler"
  source_dir  = "src"
  memory_size = 4096
  timeout     = 60

  execution_environment_memory_gib_per_vcpu = 2
  per_execution_environment_max_concurrency = 32

  log_retention_days = 365
}

run "one_architecture_and_one_capacity_provider" {
  assert {
    condition     = aws_lambda_capacity_provider.this.instance_requirements[0].architectures == tolist(aws_lambda_function.worker.architectures)
    error_message = "The capacity provider and the function differ in their architecture."
  }

  assert {
    condition     = aws_lambda_function.worker.capacity_provider_config[0].lambda_managed_instances_capacity_provider_config[0].capacity_provider_arn == aws_lambda_capacity_provider.this.arn
    error_message = "The function does not run on the capacity provider."
  }

  assert {
    condition     = length(aws_lambda_capacity_provider.this.vpc_config[0].subnet_ids) == 3
    error_message = "The capacity provider leaves out a subnet."
  }

  assert {
    condition     = aws_lambda_capacity_provider.this.capacity_provider_scaling_config[0].max_vcpu_count == 24
    error_message = "The cap on the bill is not the one that was asked for."
  }
}

run "callers_get_a_published_version" {
  assert {
    condition     = aws_lambda_function.worker.publish && aws_lambda_function.worker.publish_to == "LATEST_PUBLISHED"
    error_message = "Nothing is published: $LATEST never runs on an instance."
  }

  assert {
    condition     = output.function_qualified_arn == aws_lambda_alias.live.arn
    error_message = "Callers are not given the alias."
  }
}

run "two_roles" {
  assert {
    condition     = aws_iam_role.operator.name != aws_iam_role.execution.name
    error_message = "The code holds the operator role."
  }

  assert {
    condition     = aws_iam_role_policy_attachment.operator.policy_arn == "arn:aws:iam::aws:policy/AWSLambdaManagedEC2ResourceOperator"
    error_message = "The operator role lacks its managed policy."
  }
}

run "only_https_goes_out" {
  assert {
    condition     = aws_vpc_security_group_egress_rule.https.from_port == 443 && aws_vpc_security_group_egress_rule.https.to_port == 443
    error_message = "More than HTTPS goes out."
  }
}

run "work_waits_in_a_queue_and_failures_are_set_aside" {
  assert {
    condition     = aws_sqs_queue.work.visibility_timeout_seconds == 360
    error_message = "A message may be delivered again while it is worked on."
  }

  assert {
    condition     = contains(aws_lambda_event_source_mapping.work.function_response_types, "ReportBatchItemFailures")
    error_message = "One bad message brings the whole batch back."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.work.function_name == aws_lambda_alias.live.arn
    error_message = "The queue feeds something else than the alias."
  }
}

run "too_little_memory_is_refused" {
  command = plan

  variables {
    memory_size                               = 1024
    per_execution_environment_max_concurrency = 1
  }

  expect_failures = [var.memory_size]
}

run "less_than_one_vcpu_is_refused" {
  command = plan

  variables {
    memory_size                               = 2048
    execution_environment_memory_gib_per_vcpu = 4
    per_execution_environment_max_concurrency = 1
  }

  expect_failures = [var.memory_size]
}

run "more_than_64_requests_a_vcpu_are_refused" {
  command = plan

  variables {
    per_execution_environment_max_concurrency = 129
  }

  expect_failures = [var.per_execution_environment_max_concurrency]
}

run "another_architecture_is_refused" {
  command = plan

  variables {
    arch = "amd64"
  }

  expect_failures = [var.arch]
}

run "a_runtime_that_managed_instances_lacks_is_refused" {
  command = plan

  variables {
    runtime = "python3.12"
  }

  expect_failures = [var.runtime]
}

run "a_cap_beyond_the_service_is_refused" {
  command = plan

  variables {
    max_vcpu_count = 15001
  }

  expect_failures = [var.max_vcpu_count]
}
