data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition

  # Names that are spelled out, since policies name what names them in turn.
  log_groups = {
    container = "/ecs/${var.name}/container"
    insights  = "/aws/ecs/containerinsights/${var.name}-ecs/performance"
  }

  # The repository of the image, where it is in ECR: another one perhaps than the module's own.
  image_repository_arns = [
    for part in regexall("^([0-9]+)\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/([^:@]+)", var.image) :
    "arn:${local.partition}:ecr:${part[1]}:${part[0]}:repository/${part[2]}"
  ]

  # Load balancers and target groups have names of 32 characters at most.
  short_name = length(var.name) <= 26 ? var.name : "${substr(var.name, 0, 19)}-${substr(sha256(var.name), 0, 6)}"
}
