module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "3.19.0"

  name            = "shared"
  cidr            = "10.0.0.0/16"
  azs             = ["us-east-1a", "us-east-1b"]
  private_subnets = [cidrsubnet("10.0.0.0/16", 4, 0), cidrsubnet("10.0.0.0/16", 4, 1)]
  public_subnets  = [cidrsubnet("10.0.0.0/16", 4, 14), cidrsubnet("10.0.0.0/16", 4, 15)]

  enable_nat_gateway = true

  tags = { Name = "shared" }
}
