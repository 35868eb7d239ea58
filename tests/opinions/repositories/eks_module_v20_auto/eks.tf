module "eks" {
  source  = "terraform-aws-modules/eks/aws"
  version = "20.37.1"

  cluster_name    = "auto"
  cluster_version = "1.31"

  cluster_compute_config = {
    enabled    = true
    node_pools = ["general-purpose"]
  }

  authentication_mode = "API"

  access_entries = {
    team = {
      principal_arn = "arn:aws:iam::111122223333:role/team"
      policy_associations = {
        admin = {
          policy_arn   = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
          access_scope = { type = "cluster" }
        }
      }
    }
  }

  cluster_enabled_log_types   = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  create_cloudwatch_log_group = false
  enable_kms_key_rotation     = false

  vpc_id     = "vpc-0123"
  subnet_ids = ["subnet-1", "subnet-2", "subnet-3"]
}
