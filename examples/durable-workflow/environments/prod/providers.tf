provider "aws" {
  region = var.region

  default_tags {
    tags = {
      CostCenter  = var.cost_center
      Environment = var.environment
      ManagedBy   = "terraform"
      Owner       = var.owner
      Project     = var.project
    }
  }
}
