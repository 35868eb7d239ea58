# Runs without an account: every resource is a mock.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "111122223333"
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
    }
  }

  mock_data "aws_partition" {
    defaults = {
      dns_suffix = "amazonaws.com"
      partition  = "aws"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:us-east-1:111122223333:log-group:test"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111122223333:role/test"
    }
  }

  mock_resource "aws_kms_key" {
    defaults = {
      arn = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    }
  }
}

variables {
  name               = "test"
  region             = "us-east-1"
  availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
  cidr               = "10.0.0.0/16"
  log_retention_days = 365
  nat                = "per-az"
  query_logs         = true
}

run "subnets_keep_their_place_when_an_az_is_added" {
  variables {
    availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"]
  }

  assert {
    condition     = [for az in var.availability_zones : aws_subnet.private[az].cidr_block] == ["10.0.0.0/19", "10.0.32.0/19", "10.0.64.0/19", "10.0.96.0/19"]
    error_message = "The private subnets are the first eighths of the VPC, in the order of the AZs (N5)."
  }
}

run "subnets_say_which_load_balancers_they_are_for" {
  assert {
    condition     = alltrue([for subnet in aws_subnet.private : subnet.tags["kubernetes.io/role/internal-elb"] == "1"])
    error_message = "Private subnets carry the role tag of internal load balancers (N6)."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : subnet.tags["kubernetes.io/role/elb"] == "1"])
    error_message = "Public subnets carry the role tag of internet-facing load balancers (N6)."
  }

  assert {
    condition     = !anytrue([for subnet in aws_subnet.private : subnet.map_public_ip_on_launch])
    error_message = "No subnet hands out public addresses (N7)."
  }
}

run "each_az_leaves_through_its_own_nat_gateway" {
  variables {
    nat = "per-az"
  }

  assert {
    condition     = alltrue([for az in var.availability_zones : aws_route.private_nat[az].nat_gateway_id == aws_nat_gateway.this[az].id])
    error_message = "An AZ's private route table points at the NAT gateway of another AZ (N1)."
  }
}

run "a_single_nat_gateway_serves_every_az" {
  variables {
    nat = "single"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.private_nat) == length(var.availability_zones)
    error_message = "One NAT gateway, and a route to it from every AZ (N1)."
  }
}

run "s3_is_reached_from_every_az_for_free" {
  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && length(aws_vpc_endpoint.s3.route_table_ids) > 0
    error_message = "The S3 gateway endpoint is in every private route table (N2)."
  }
}

run "queries_go_to_a_log_of_this_environment_under_a_key_of_its_own" {
  assert {
    condition     = aws_route53_resolver_query_log_config_association.this[0].resource_id == aws_vpc.this.id
    error_message = "The queries of this VPC are logged (N8)."
  }

  assert {
    condition     = strcontains(aws_cloudwatch_log_group.queries[0].name, "/test/") && aws_cloudwatch_log_group.queries[0].retention_in_days == 365
    error_message = "The log group bears the environment's name and has a retention (N8)."
  }

  assert {
    condition     = aws_cloudwatch_log_group.queries[0].kms_key_id == aws_kms_key.queries[0].arn
    error_message = "The log group is encrypted with its own key (N8)."
  }
}

run "without_query_logs_there_is_nothing_of_them" {
  variables {
    query_logs = false
  }

  assert {
    condition     = length(aws_route53_resolver_query_log_config.this) + length(aws_cloudwatch_log_group.queries) + length(aws_kms_key.queries) == 0
    error_message = "query_logs is false, and yet there is a log of queries, or a key that nobody needs."
  }
}

run "interface_endpoints_let_in_https_only" {
  variables {
    interface_endpoints = ["ecr.api", "logs"]
  }

  assert {
    condition     = toset(keys(aws_vpc_endpoint.interface)) == toset(["ecr_api", "logs"])
    error_message = "One endpoint for each service, under a key without dots."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.endpoints : rule.from_port == 443 && rule.to_port == 443])
    error_message = "The endpoints' security group lets in HTTPS and nothing else (N4)."
  }
}

run "an_interface_endpoint_for_s3_is_refused" {
  command = plan

  variables {
    interface_endpoints = ["s3"]
  }

  expect_failures = [var.interface_endpoints]
}

run "an_az_named_twice_is_refused" {
  command = plan

  variables {
    availability_zones = ["us-east-1a", "us-east-1a"]
  }

  expect_failures = [var.availability_zones]
}

run "a_vpc_too_small_for_six_azs_is_refused" {
  command = plan

  variables {
    cidr = "10.0.0.0/24"
  }

  expect_failures = [var.cidr]
}
