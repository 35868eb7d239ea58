output "api_endpoint" {
  description = "Address of the API, below which /orders is."
  value       = aws_apigatewayv2_stage.default.invoke_url
}

output "api_execution_arn" {
  description = "ARN of the API, on which callers need execute-api:Invoke with /* after it, or /*/POST/orders/*/decision for decisions only."
  value       = aws_apigatewayv2_api.this.execution_arn
}

output "dead_letter_queue_url" {
  description = "URL of the queue that holds the events of executions that failed for good."
  value       = aws_sqs_queue.dead_letter.url
}

output "execution_role_name" {
  description = "Name of the role that the workflow's code runs with, to attach further rights to."
  value       = aws_iam_role.workflow.name
}

output "function_qualified_arn" {
  description = "ARN of the alias that starts executions of the workflow; the bare function ARN starts none."
  value       = aws_lambda_alias.live.arn
}

output "progress_table_name" {
  description = "Name of the table that says how far each order is."
  value       = aws_dynamodb_table.progress.name
}
