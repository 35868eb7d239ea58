resource "aws_ecs_cluster" "this" {
  #checkov:skip=CKV_AWS_65: enhanced is more of Container Insights than enabled
  #checkov:skip=CKV_AWS_223: nobody can open a shell, so there is nothing to log

  name = "${var.name}-ecs"

  # Metrics of every task and container, not only of the service as a whole (C1).
  setting {
    name  = "containerInsights"
    value = "enhanced"
  }

  service_connect_defaults {
    namespace = aws_service_discovery_http_namespace.this.arn
  }

  tags = {
    Name = "${var.name}-ecs"
  }

  # ECS would make its log group itself, without a retention.
  depends_on = [aws_cloudwatch_log_group.this]
}

# Spot alone can go away all at once, so the first two tasks are not on it; beyond them four of five are (C2).
resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = 2
    weight            = 1
  }

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    weight            = 4
  }
}

# Where services of the cluster find each other by name (C13).
resource "aws_service_discovery_http_namespace" "this" {
  name        = "${var.name}-ecs"
  description = "Services of ${var.name} that call each other"
}
