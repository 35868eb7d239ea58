resource "aws_ecs_cluster" "old" {
  name = "old"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_capacity_provider" "instances" {
  name = "instances"

  auto_scaling_group_provider {
    auto_scaling_group_arn = aws_autoscaling_group.instances.arn
  }
}

resource "aws_ecs_cluster_capacity_providers" "old" {
  cluster_name       = aws_ecs_cluster.old.name
  capacity_providers = [aws_ecs_capacity_provider.instances.name]

  default_capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.instances.name
    weight            = 1
  }
}

resource "aws_ecs_task_definition" "worker" {
  family                = "worker"
  container_definitions = <<-JSON
    [
      {
        "name": "worker",
        "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/worker@sha256:5f1d8a0b2c3e4f5061728394a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e",
        "memory": 512,
        "user": "worker",
        "readonlyRootFilesystem": true,
        "healthCheck": { "command": ["CMD", "/worker", "--check"] },
        "logConfiguration": {
          "logDriver": "awsfirelens",
          "options": { "Name": "cloudwatch" }
        }
      }
    ]
  JSON
}

resource "aws_ecs_task_definition" "agent" {
  family                = "agent"
  network_mode          = "host"
  container_definitions = file("${path.module}/tasks/agent.json")
}

resource "aws_ecs_service" "worker" {
  name            = "worker"
  cluster         = aws_ecs_cluster.old.id
  task_definition = aws_ecs_task_definition.worker.arn
  desired_count   = 3

  ordered_placement_strategy {
    type  = "binpack"
    field = "memory"
  }
}

resource "aws_ecs_service" "agent" {
  name                = "agent"
  cluster             = aws_ecs_cluster.old.id
  task_definition     = aws_ecs_task_definition.agent.arn
  launch_type         = "EC2"
  scheduling_strategy = "DAEMON"

  deployment_controller {
    type = "CODE_DEPLOY"
  }

  service_connect_configuration {
    enabled   = true
    namespace = "internal"
  }
}

resource "aws_codedeploy_deployment_group" "agent" {
  app_name              = "agent"
  deployment_group_name = "agent"
  service_role_arn      = "arn:aws:iam::111122223333:role/codedeploy"

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE"]
  }
}
