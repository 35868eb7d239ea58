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

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:eu-central-1:123456789012:log-group:shop-test"
    }
  }

  mock_resource "aws_ecr_repository" {
    defaults = {
      arn            = "arn:aws:ecr:eu-central-1:123456789012:repository/shop-test-ecs"
      repository_url = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop-test-ecs"
    }
  }

  mock_resource "aws_ecs_cluster" {
    defaults = {
      arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/shop-test-ecs"
      id  = "arn:aws:ecs:eu-central-1:123456789012:cluster/shop-test-ecs"
    }
  }

  mock_resource "aws_ecs_task_definition" {
    defaults = {
      arn                  = "arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-test-ecs:1"
      arn_without_revision = "arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-test-ecs"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/shop-test-ecs"
    }
  }

  mock_resource "aws_kms_key" {
    defaults = {
      arn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    }
  }

  mock_resource "aws_service_discovery_http_namespace" {
    defaults = {
      arn = "arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-0123456789abcdef"
    }
  }

  mock_resource "aws_lb" {
    defaults = {
      arn        = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop-test-ecs/0123456789abcdef"
      arn_suffix = "app/shop-test-ecs/0123456789abcdef"
    }
  }

  mock_resource "aws_lb_listener" {
    defaults = {
      arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/shop-test-ecs/0123456789abcdef/0123456789abcdef"
    }
  }

  mock_resource "aws_lb_target_group" {
    defaults = {
      arn        = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop-test-ecs/0123456789abcdef"
      arn_suffix = "targetgroup/shop-test-ecs/0123456789abcdef"
    }
  }
}

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
  cpu            = 512
  memory         = 1024
  image          = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app:1.4.2"
  user           = "10001:10001"
  health_command = ["CMD", "/app", "--healthy"]
  container_port = 8080

  load_balancer_subnet_ids = {
    eu-central-1a = "subnet-0dddddddddddddddd"
    eu-central-1b = "subnet-0eeeeeeeeeeeeeeee"
  }
  client_cidrs_ipv4   = ["10.0.0.0/16"]
  certificate_arn     = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
  health_path         = "/"
  deletion_protection = true
  idle_timeout        = 3600

  min_tasks         = 2
  max_tasks         = 10
  requests_per_task = 1000

  log_retention_days = 365
}

run "containers_can_do_little" {
  assert {
    condition = alltrue([
      for each in jsondecode(aws_ecs_task_definition.this.container_definitions) :
      each.readonlyRootFilesystem && !each.privileged && each.user == "10001:10001" && can(each.healthCheck.command[1])
    ])
    error_message = "A container may write to its root, is privileged, runs as root or has no health check."
  }

  assert {
    condition = alltrue([
      for each in jsondecode(aws_ecs_task_definition.this.container_definitions) :
      each.logConfiguration.options.mode == "non-blocking"
    ])
    error_message = "A slow log would stop the code."
  }

  assert {
    condition     = aws_ecs_task_definition.this.runtime_platform[0].cpu_architecture == "ARM64"
    error_message = "The task does not have the architecture of its image."
  }
}

run "two_roles" {
  assert {
    condition     = aws_iam_role.execution.name != aws_iam_role.task.name
    error_message = "The code holds the execution role."
  }
}

run "images_do_not_change" {
  assert {
    condition     = aws_ecr_repository.this.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.this.image_scanning_configuration[0].scan_on_push
    error_message = "A tag may come to mean another image, or images are not scanned."
  }
}

run "images_are_pulled_from_where_they_are" {
  assert {
    condition     = contains(data.aws_iam_policy_document.execution.statement[0].resources, "arn:aws:ecr:eu-central-1:123456789012:repository/app")
    error_message = "The image is in a repository that ECS may not pull from."
  }
}

run "tasks_are_private_and_spread" {
  assert {
    condition     = !aws_ecs_service.this.network_configuration[0].assign_public_ip && length(aws_ecs_service.this.network_configuration[0].subnets) == 3
    error_message = "Tasks have public addresses, or a zone is left out."
  }

  assert {
    condition     = aws_ecs_service.this.availability_zone_rebalancing == "ENABLED"
    error_message = "Tasks may all end up in one zone."
  }
}

run "versions_have_a_way_back" {
  assert {
    condition     = aws_ecs_service.this.alarms[0].rollback && length(aws_ecs_service.this.alarms[0].alarm_names) >= 1
    error_message = "No alarm takes a new version back."
  }

  assert {
    condition     = aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "A version that does not start stays."
  }
}

run "the_service_scales" {
  assert {
    condition     = aws_appautoscaling_target.this.min_capacity == 2 && aws_appautoscaling_target.this.max_capacity == 10
    error_message = "The limits are not the ones that were asked for."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.tasks.treat_missing_data == "breaching"
    error_message = "Nobody hears of it when no task runs: then there is no metric."
  }
}

run "spot_is_never_alone" {
  assert {
    condition = [
      for each in aws_ecs_service.this.capacity_provider_strategy : each.base if each.capacity_provider == "FARGATE"
    ] == [2]
    error_message = "The first two tasks may be on Spot."
  }
}

run "only_https_is_answered" {
  assert {
    condition     = aws_lb_listener.https.protocol == "HTTPS" && startswith(aws_lb_listener.https.ssl_policy, "ELBSecurityPolicy-TLS13")
    error_message = "The listener speaks no modern TLS."
  }

  assert {
    condition     = aws_lb_listener.http.default_action[0].type == "redirect"
    error_message = "Plain HTTP is answered with more than a redirect."
  }

  assert {
    condition     = aws_lb.this.internal == true && aws_lb.this.drop_invalid_header_fields
    error_message = "Others reach the load balancer than were asked for, or it passes malformed headers on."
  }
}

run "a_moving_tag_is_refused" {
  command = plan

  variables {
    image = "app:latest"
  }

  expect_failures = [var.image]
}

run "root_is_refused" {
  command = plan

  variables {
    user = "0:0"
  }

  expect_failures = [var.user]
}
