output "capacity_provider_arn" {
  description = "ARN of the capacity provider. Who puts a function on it needs lambda:PassCapacityProvider for it."
  value       = aws_lambda_capacity_provider.this.arn
}

output "dead_letter_queue_url" {
  description = "URL of the queue that holds work which was given up."
  value       = aws_sqs_queue.dead_letter.url
}

output "execution_role_name" {
  description = "Name of the role that the code runs with, to attach further rights to."
  value       = aws_iam_role.execution.name
}

output "function_qualified_arn" {
  description = "ARN of the alias that callers invoke; the bare function ARN is not for them."
  value       = aws_lambda_alias.live.arn
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.worker.name
}

output "queue_arn" {
  description = "ARN of the queue that feeds the function, for the policies of senders."
  value       = aws_sqs_queue.work.arn
}

output "queue_url" {
  description = "URL of the queue that feeds the function."
  value       = aws_sqs_queue.work.url
}

output "security_group_id" {
  description = "ID of the instances' security group, to let them in elsewhere."
  value       = aws_security_group.instances.id
}
