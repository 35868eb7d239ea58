data "aws_availability_zones" "available" {}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  count             = 3
  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 4, count.index)
  availability_zone = data.aws_availability_zones.available.names[count.index]
}

resource "aws_iam_role" "node" {
  name               = "shop-node"
  assume_role_policy = "{}"
}

resource "aws_eks_cluster" "this" {
  name     = "shop"
  role_arn = "arn:aws:iam::111122223333:role/cluster"
  version  = "1.33"

  compute_config {
    enabled = true
  }

  vpc_config {
    subnet_ids = aws_subnet.private[*].id
  }
}

resource "kubectl_manifest" "node_class" {
  yaml_body = <<-YAML
    apiVersion: eks.amazonaws.com/v1
    kind: NodeClass
    metadata:
      name: private
    spec:
      role: ${aws_iam_role.node.name}
  YAML
}

resource "kubernetes_manifest" "storage" {
  manifest = {
    apiVersion  = "storage.k8s.io/v1"
    kind        = "StorageClass"
    metadata    = { name = "gp3" }
    provisioner = "ebs.csi.aws.com"
    parameters  = { type = "gp3", encrypted = "true" }

    volumeBindingMode    = "WaitForFirstConsumer"
    allowVolumeExpansion = true
  }
}

resource "kubectl_manifest" "unknown" {
  for_each  = fileset(path.module, "manifests/*.yaml")
  yaml_body = file("${path.module}/${each.value}")
}
