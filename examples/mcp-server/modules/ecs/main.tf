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

  # Load balancers and target groups have names of 32 characters at most.
  short_name = length(var.name) <= 26 ? var.name : "${substr(var.name, 0, 19)}-${substr(sha256(var.name), 0, 6)}"
}
