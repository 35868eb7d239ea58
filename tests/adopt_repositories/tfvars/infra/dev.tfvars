stage  = "dev"
cidr   = "10.60.0.0/16"
region = "eu-north-1"
