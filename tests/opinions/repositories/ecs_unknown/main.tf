variable "cluster" {
  type = string
}

variable "spot_weight" {
  type = number
}

module "cluster" {
  source  = "terraform-aws-modules/ecs/aws//modules/cluster"
  version = "6.2.0"

  name = var.cluster
}

resource "aws_ecs_cluster" "this" {
  name = var.cluster

  dynamic "setting" {
    for_each = var.settings

    content {
      name  = setting.key
      value = setting.value
    }
  }
}

resource "aws_ecs_task_definition" "templated" {
  family                   = "templated"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = var.execution_role_arn

  container_definitions = templatefile("${path.module}/containers.json.tftpl", { image = var.image })

  runtime_platform {
    cpu_architecture = var.architecture
  }
}

resource "aws_ecs_task_definition" "encoded" {
  family             = "encoded"
  execution_role_arn = var.execution_role_arn

  container_definitions = jsonencode(concat(
    [
      merge(var.container_defaults, {
        name  = "app"
        image = var.image
        user  = var.user
      })
    ],
    var.tracing ? [{ name = "collector", image = "collector", essential = false }] : [],
  ))
}

resource "aws_ecs_service" "this" {
  name                   = "this"
  cluster                = aws_ecs_cluster.this.arn
  task_definition        = aws_ecs_task_definition.encoded.arn
  enable_execute_command = var.debug

  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = 2
    weight            = 1
  }

  capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    weight            = var.spot_weight
  }

  network_configuration {
    subnets          = var.subnets
    security_groups  = var.security_groups
    assign_public_ip = var.public
  }

  load_balancer {
    target_group_arn = var.target_group_arn
    container_name   = "app"
    container_port   = 8080
  }

  dynamic "deployment_circuit_breaker" {
    for_each = var.breaker ? [1] : []

    content {
      enable   = true
      rollback = true
    }
  }

  alarms {
    alarm_names = var.alarms
    enable      = var.roll_back
    rollback    = true
  }

  service_connect_configuration {
    enabled   = var.service_connect
    namespace = var.namespace
  }
}

resource "aws_ecr_repository" "this" {
  name                 = var.cluster
  image_tag_mutability = var.tag_mutability

  image_scanning_configuration {
    scan_on_push = true
  }
}
