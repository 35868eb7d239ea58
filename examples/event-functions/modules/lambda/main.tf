data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# Every function: the folder of its package, what Lambda calls in it, and what its environment has beside what all have.
locals {
  functions = {
    queue = {
      folder      = "queue"
      handler     = "handler.handler"
      description = "Works on messages of the queue"
      environment = {}
    }
    fan-out-audit = {
      folder      = "fan_out"
      handler     = "subscribers.audit"
      description = "Hears of events: audit"
      environment = {}
    }
    fan-out-notify = {
      folder      = "fan_out"
      handler     = "subscribers.notify"
      description = "Hears of events: notify"
      environment = {}
    }
  }

  prefix        = "${var.name}-fn"
  log_group_arn = "arn:${data.aws_partition.current.partition}:logs:${var.region}:${data.aws_caller_identity.current.account_id}:log-group"
}
