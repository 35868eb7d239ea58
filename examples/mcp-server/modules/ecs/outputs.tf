output "cluster_name" {
  description = "Name of the cluster."
  value       = aws_ecs_cluster.this.name
}

output "execution_role_arn" {
  description = "ARN of the role that ECS starts tasks with."
  value       = aws_iam_role.execution.arn
}

output "load_balancer_dns_name" {
  description = "Name that your DNS record points to, by an alias or a CNAME."
  value       = aws_lb.this.dns_name
}

output "load_balancer_zone_id" {
  description = "ID of the zone of that name, for an alias record."
  value       = aws_lb.this.zone_id
}

output "log_group_name" {
  description = "Name of the containers' log group."
  value       = aws_cloudwatch_log_group.this["container"].name
}

output "namespace_arn" {
  description = "ARN of the Service Connect namespace, for further services."
  value       = aws_service_discovery_http_namespace.this.arn
}

output "repository_url" {
  description = "URL of the repository that images are pushed to."
  value       = aws_ecr_repository.this.repository_url
}

output "security_group_id" {
  description = "ID of the tasks' security group, to let them in elsewhere and others in to them."
  value       = aws_security_group.tasks.id
}

output "service_name" {
  description = "Name of the service."
  value       = aws_ecs_service.this.name
}

output "task_role_name" {
  description = "Name of the role that the code runs with, to attach further rights to."
  value       = aws_iam_role.task.name
}
