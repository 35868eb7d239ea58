module "network" {
  source     = "../../modules/network"
  name       = "shop-prod"
  cidr       = "10.2.0.0/16"
  azs        = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  single_nat = true
}
