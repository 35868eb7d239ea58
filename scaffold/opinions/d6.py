"""D6: the table a durable function records progress in is paid for by request, restorable, and under an own key."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import known
from scaffold.facts import Facts
from scaffold.facts.cluster import flag
from scaffold.facts.durable import tables_of
from scaffold.facts.rights import rights_of
from scaffold.opinions.durable_functions import durable_functions
from scaffold.opinions.judging import broken, kept, once, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion


def _judge(facts: Facts) -> Iterator[Judgement]:
    for function in durable_functions(facts):
        role = function.role
        statements = rights_of(function.root, role).statements if role is not None else ()
        for table in tables_of(function, statements):
            message = f"{table.address} is paid for by request, can be restored, and is under a key of yours."
            yield from once(_faults(table)) or [kept(message, table.place)]


def _faults(table: Instance) -> Iterator[Judgement]:
    billing, place = table.get("billing_mode"), table.place_of("billing_mode")
    if billing is None or billing == "PROVISIONED":
        yield broken(
            f"{table.address} has provisioned capacity, which is paid for while workflows wait.",
            place,
            'Set billing_mode = "PAY_PER_REQUEST".',
        )
    elif not known(billing):
        yield unknown(f"{table.address}: how it is paid for cannot be told: {shown(billing)}.", place)
    restorable = flag(table.get("point_in_time_recovery", "enabled"), False)
    place = table.place_of("point_in_time_recovery", "enabled")
    if restorable is False:
        yield broken(
            f"{table.address} cannot be had back as it was.", place, "Set point_in_time_recovery { enabled = true }."
        )
    elif not known(restorable):
        yield unknown(f"{table.address}: whether it can be restored cannot be told: {shown(restorable)}.", place)
    place = table.place_of("server_side_encryption", "kms_key_arn")
    if table.get("server_side_encryption", "kms_key_arn") is None:
        yield broken(
            f"{table.address} is not under a key of yours.",
            place,
            "Set server_side_encryption { enabled = true } with kms_key_arn.",
        )
    elif flag(table.get("server_side_encryption", "enabled"), False) is False:
        yield broken(f"{table.address} names a key and does not use it.", place, "Set enabled = true beside it.")


_EXAMPLE = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"

  durable_config {
    execution_timeout = 604800
    retention_period  = 14
  }

  environment {
    variables = {
      PROGRESS_TABLE = aws_dynamodb_table.progress.name
    }
  }
}

resource "aws_dynamodb_table" "progress" {
  name         = "progress"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "order_id"

  attribute {
    name = "order_id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.progress.arn
  }
}
"""

OPINION = Opinion(
    id="D6",
    title="The progress of executions is in a table on demand, with point-in-time recovery, under an own key",
    why="Checkpoints are for Lambda alone and are forgotten after the retention period, so what people look at is in a "
    "table. Provisioned capacity is paid for while workflows wait; a table that one wrong step overwrote is lost.",
    mend='Set billing_mode = "PAY_PER_REQUEST", point_in_time_recovery, and server_side_encryption with your own key.',
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
    judge=_judge,
    good={"main.tf": _EXAMPLE},
    bad={
        "main.tf": _EXAMPLE.replace('  billing_mode = "PAY_PER_REQUEST"\n', "")
        .replace("  name         =", "  name     =")
        .replace("hash_key     =", "hash_key =")
    },
)
