environment = "dev"

node_groups = {
  general = { instance_types = ["m6i.large"] }
  spot    = { instance_types = ["m6i.large", "m5.large"], desired = 4 }
}
