output "dead_letter_queue_urls" {
  description = "URLs of the queues that hold what was given up, by what it belongs to."
  value       = { for key, queue in aws_sqs_queue.dead_letter : key => queue.url }
}

output "event_bus_name" {
  description = "Name of the bus that publishers put events on."
  value       = aws_cloudwatch_event_bus.events.name
}

output "function_qualified_arns" {
  description = "ARNs of the functions' aliases, by function."
  value       = { for key, alias in aws_lambda_alias.live : key => alias.arn }
}

output "queue_arn" {
  description = "ARN of the queue that feeds the function, for the policies of senders."
  value       = aws_sqs_queue.work.arn
}

output "queue_url" {
  description = "URL of the queue that feeds the function."
  value       = aws_sqs_queue.work.url
}

output "role_names" {
  description = "Names of the functions' roles, to attach further rights to, by function."
  value       = { for key, role in aws_iam_role.execution : key => role.name }
}
