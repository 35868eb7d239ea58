resource "aws_ecs_cluster" "batch" {
  name = "batch-dev"

  setting {
    name  = "containerInsights"
    value = "enhanced"
  }
}

locals {
  run_task = {
    Type     = "Task"
    Resource = "arn:${data.aws_partition.current.partition}:states:::ecs:runTask.waitForTaskToken"
    Arguments = {
      Cluster        = aws_ecs_cluster.batch.arn
      TaskDefinition = "work"
      LaunchType     = "FARGATE"
    }
    End = true
  }
}

data "aws_partition" "current" {}

resource "aws_sfn_state_machine" "bounded" {
  name     = "bounded"
  role_arn = "arn:aws:iam::111122223333:role/batch"

  definition = jsonencode({
    QueryLanguage = "JSONata"
    StartAt       = "Each"
    States = {
      Each = {
        Type                       = "Map"
        MaxConcurrency             = var.at_once
        ToleratedFailurePercentage = 2
        ItemReader                 = { Resource = "arn:aws:states:::s3:listObjectsV2", Arguments = { Bucket = var.bucket } }
        ItemProcessor = {
          ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "STANDARD" }
          StartAt         = "Work"
          States = {
            Work = merge(local.run_task, { TimeoutSeconds = 7200, HeartbeatSeconds = 600 })
          }
        }
        End = true
      }
    }
  })
}

variable "at_once" {
  type    = number
  default = 20
}

resource "aws_sfn_state_machine" "unbounded" {
  name     = "unbounded"
  role_arn = "arn:aws:iam::111122223333:role/batch"

  definition = <<JSON
{
  "StartAt": "Both",
  "States": {
    "Both": {
      "Type": "Parallel",
      "Branches": [
        {
          "StartAt": "Each",
          "States": {
            "Each": {
              "Type": "Map",
              "ItemProcessor": {
                "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                "StartAt": "Work",
                "States": {
                  "Work": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::ecs:runTask.waitForTaskToken",
                    "Parameters": {
                      "Cluster": "${aws_ecs_cluster.batch.arn}",
                      "NetworkConfiguration": {
                        "AwsvpcConfiguration": {
                          "AssignPublicIp": "ENABLED",
                          "Subnets": ["${var.subnet}"],
                          "SecurityGroups": ["${aws_security_group.open.id}"]
                        }
                      }
                    },
                    "End": true
                  }
                }
              },
              "End": true
            }
          }
        },
        {
          "StartAt": "Forget",
          "States": {
            "Forget": { "Type": "Task", "Resource": "arn:aws:states:::ecs:runTask", "TimeoutSeconds": 60, "End": true }
          }
        }
      ],
      "End": true
    }
  }
}
JSON
}

resource "aws_sfn_state_machine" "templated" {
  name       = "templated"
  role_arn   = "arn:aws:iam::111122223333:role/batch"
  definition = templatefile("${path.module}/batch.asl.json", { cluster = aws_ecs_cluster.batch.arn })
}

resource "aws_sfn_state_machine" "functions" {
  name       = "functions"
  role_arn   = "arn:aws:iam::111122223333:role/batch"
  definition = jsonencode({ StartAt = "Call", States = { Call = { Type = "Task", Resource = var.function_arn, End = true } } })
}

resource "aws_security_group" "open" {
  name = "open"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [var.office]
  }
}
