variable "name" {
  type = string
}

variable "types" {
  type    = list(string)
  default = null
}

variable "subnets" {
  type = list(string)
}

variable "one_role" {
  type    = bool
  default = false
}

resource "aws_ecs_capacity_provider" "this" {
  name    = var.name
  cluster = "jobs"

  managed_instances_provider {
    infrastructure_role_arn = aws_iam_role.infrastructure.arn

    instance_launch_template {
      ec2_instance_profile_arn = aws_iam_instance_profile.this.arn

      network_configuration {
        subnets = var.subnets
      }

      instance_requirements {
        allowed_instance_types = var.types
        cpu_manufacturers      = ["amazon-web-services"]

        vcpu_count {
          min = 2
        }

        memory_mib {
          min = 4096
        }
      }
    }
  }
}

resource "aws_iam_instance_profile" "this" {
  name = var.name
  role = var.one_role ? aws_iam_role.infrastructure.name : aws_iam_role.instances.name
}

resource "aws_iam_role" "infrastructure" {
  name = "${var.name}-infrastructure"

  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "infrastructure" {
  role       = aws_iam_role.infrastructure.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForManagedInstances"
}

resource "aws_iam_role_policy" "pass" {
  role   = aws_iam_role.infrastructure.name
  policy = data.aws_iam_policy_document.pass.json
}

data "aws_iam_policy_document" "pass" {
  statement {
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.instances.arn]
  }
}

data "aws_caller_identity" "current" {}

resource "aws_iam_role" "instances" {
  name = "${var.name}-instances"

  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "instances" {
  role       = aws_iam_role.instances.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonECSInstanceRolePolicyForManagedInstances"
}
