module "eks" {
  source = "terraform-aws-modules/eks/aws"

  cluster_name = "unpinned"

  vpc_id     = "vpc-1"
  subnet_ids = ["subnet-1", "subnet-2"]
}
