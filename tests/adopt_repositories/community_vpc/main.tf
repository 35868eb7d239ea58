provider "aws" {
  region = "eu-west-1"

  default_tags {
    tags = {
      Team = "checkout"
    }
  }
}

module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.13.0"

  name = "shop-prod"
  cidr = "10.8.0.0/16"

  azs             = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  private_subnets = ["10.8.0.0/20", "10.8.16.0/20", "10.8.32.0/20"]
  public_subnets  = ["10.8.96.0/24", "10.8.97.0/24", "10.8.98.0/24"]

  enable_nat_gateway = true
  single_nat_gateway = true
}
