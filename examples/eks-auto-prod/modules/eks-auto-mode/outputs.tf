output "cluster_arn" {
  description = "ARN of the cluster."
  value       = aws_eks_cluster.this.arn
}

output "cluster_certificate_authority_data" {
  description = "Certificate of the cluster's authority, in base64."
  value       = aws_eks_cluster.this.certificate_authority[0].data
}

output "cluster_endpoint" {
  description = "URL of the Kubernetes API."
  value       = aws_eks_cluster.this.endpoint
}

output "cluster_name" {
  description = "Name of the cluster."
  value       = aws_eks_cluster.this.name
}

output "cluster_security_group_id" {
  description = "Security group of the control plane and the nodes, which EKS makes."
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts Kubernetes secrets and control-plane logs."
  value       = aws_kms_key.cluster.arn
}

output "node_role_name" {
  description = "Name of the nodes' role, which a NodeClass names."
  value       = aws_iam_role.node.name
}
