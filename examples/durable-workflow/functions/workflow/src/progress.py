"""What is shown of orders while they are worked on: one item of a DynamoDB table for each."""

import functools
import os


class Progress:
    """The table of orders."""

    def __init__(self, client, table):
        self._client = client
        self._table = table

    def record(self, order_id, status, *, callback_id=None, total=None, reason=None):
        """Write how far an order is; twice is as good as once.

        Args:
            order_id: which one.
            status: `waiting`, or how it ended.
            callback_id: what a decision has to name; None where none is waited for.
            total: what it costs, where that is known.
            reason: why it was refused or failed, where it was.
        """
        values = {":status": {"S": status}}
        sets, removes = ["#status = :status"], []
        for name, value, kind in (("callback_id", callback_id, "S"), ("total", total, "N"), ("reason", reason, "S")):
            if value is not None:
                values[f":{name}"] = {kind: str(value)}
                sets.append(f"#{name} = :{name}")
            elif name == "callback_id":
                removes.append("#callback_id")
        names = {f"#{name}": name for name in ("status", "callback_id", "total", "reason")}
        update = f"SET {', '.join(sets)}" + (f" REMOVE {', '.join(removes)}" if removes else "")
        self._client.update_item(
            TableName=self._table,
            Key={"order_id": {"S": order_id}},
            UpdateExpression=update,
            ExpressionAttributeNames={key: name for key, name in names.items() if key in update},
            ExpressionAttributeValues=values,
        )

    def find(self, order_id):
        """Return what is known of an order, or None."""
        answer = self._client.get_item(TableName=self._table, Key={"order_id": {"S": order_id}}, ConsistentRead=True)
        item = answer.get("Item")
        if item is None:
            return None
        return {name: int(value["N"]) if "N" in value else value["S"] for name, value in item.items()}


@functools.cache
def of_environment():
    """Return the table that the environment names."""
    import boto3  # in the package; tests bring a table of their own and do without

    return Progress(boto3.client("dynamodb"), os.environ["PROGRESS_TABLE"])
