module "network" {
  source     = "../../modules/network"
  name       = "shop-dev"
  cidr       = "10.1.0.0/16"
  azs        = ["eu-west-1a", "eu-west-1b"]
  single_nat = true
}
