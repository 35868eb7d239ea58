provider "aws" {
  region = "eu-central-1"
}

variable "office" {
  type = list(string)
}

resource "aws_eks_cluster" "this" {
  name     = "acme-prod"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  version  = "1.35"

  vpc_config {
    subnet_ids             = data.terraform_remote_state.network.outputs.subnets
    endpoint_public_access = true
    public_access_cidrs    = var.office
  }
}

resource "aws_eks_node_group" "workers" {
  cluster_name  = aws_eks_cluster.this.name
  node_role_arn = "arn:aws:iam::111122223333:role/workers"
  subnet_ids    = data.terraform_remote_state.network.outputs.subnets

  scaling_config {
    desired_size = 2
    max_size     = 4
    min_size     = 1
  }
}

data "terraform_remote_state" "network" {
  backend = "s3"
}
