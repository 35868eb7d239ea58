output "private_subnet_ids" {
  description = "The private subnets."
  value       = values(aws_subnet.private)[*].id
}

output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}
