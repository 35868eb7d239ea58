# What Lambda may do with EC2 on the account's behalf. The code never holds this role (L1).
resource "aws_iam_role" "operator" {
  name               = "${var.name}-lmi-operator"
  description        = "Lets Lambda start and stop the instances of capacity provider ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.operator_trust.json
}

data "aws_iam_policy_document" "operator_trust" {
  statement {
    sid     = "LambdaOfThisAccount"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role_policy_attachment" "operator" {
  role       = aws_iam_role.operator.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AWSLambdaManagedEC2ResourceOperator"
}
