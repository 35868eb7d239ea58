environment = "prod"

subnets = {
  public-a  = { cidr = "10.50.0.0/24", az = "eu-west-1a", public = true }
  public-b  = { cidr = "10.50.1.0/24", az = "eu-west-1b", public = true }
  private-a = { cidr = "10.50.16.0/20", az = "eu-west-1a", public = false }
  private-b = { cidr = "10.50.16.0/21", az = "eu-west-1b", public = false }
}
