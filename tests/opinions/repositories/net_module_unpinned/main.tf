data "aws_availability_zones" "available" {}

variable "extra_endpoints" {
  type = map(any)
}

module "vpc" {
  source = "terraform-aws-modules/vpc/aws"

  azs             = data.aws_availability_zones.available.names
  private_subnets = ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20"]
  public_subnets  = ["10.0.240.0/24", "10.0.241.0/24", "10.0.242.0/24"]

  enable_nat_gateway = true
}

module "endpoints" {
  source    = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints"
  vpc_id    = module.vpc.vpc_id
  endpoints = var.extra_endpoints
}
