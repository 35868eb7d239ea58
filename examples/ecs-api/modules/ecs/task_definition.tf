resource "aws_ecs_task_definition" "this" {
  family                   = "${var.name}-ecs"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = tostring(var.cpu)
  memory                   = tostring(var.memory)
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  # The architecture that the image was built for (C4).
  runtime_platform {
    cpu_architecture        = var.arch == "arm64" ? "ARM64" : "X86_64"
    operating_system_family = "LINUX"
  }

  container_definitions = jsonencode([
    {
      name        = "app"
      image       = var.image
      command     = var.command
      essential   = true
      stopTimeout = 30

      # An intruder can write nothing that outlives the container, and is nobody (C6).
      user                   = var.user
      privileged             = false
      readonlyRootFilesystem = true

      linuxParameters = {
        initProcessEnabled = true
        capabilities       = { drop = ["ALL"] }

        tmpfs = [{ containerPath = "/tmp", size = 64, mountOptions = ["nodev", "nosuid"] }]
      }

      portMappings = [{
        name          = "http"
        appProtocol   = "http"
        containerPort = var.container_port
        protocol      = "tcp"
      }]

      healthCheck = {
        command     = var.health_command
        interval    = 15
        retries     = 3
        startPeriod = 30
        timeout     = 5
      }

      # Nothing secret: everybody who may describe the task reads this (C7).
      environment = [
        { name = "PORT", value = tostring(var.container_port) },
      ]

      # A slow log must not stop the code: what the buffer cannot hold is dropped (C8).
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.this["container"].name
          awslogs-region        = var.region
          awslogs-stream-prefix = "app"
          max-buffer-size       = "25m"
          mode                  = "non-blocking"
        }
      }
    },
  ])

  tags = {
    Name = "${var.name}-ecs"
  }
}
