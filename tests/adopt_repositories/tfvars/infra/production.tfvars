stage        = "production"
cidr         = "10.61.0.0/16"
nat_per_zone = true
