"""Stand-ins for what Lambda and AWS bring, so that the tests need neither SDK nor account."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))


class StepFailedError(Exception):
    """What a step raises that was tried often enough."""


class Batch:
    """The results of parallel branches."""

    def __init__(self, results):
        self._results = results

    def throw_if_error(self):
        """Do nothing: a branch that failed was raised at once."""

    def get_results(self):
        return self._results


class Context:
    """A durable context that keeps the results of steps, as checkpoints do.

    Running a workflow again on the same journal is a replay: steps in it are not run, and a step that comes in another
    place than before is an error, as it is in Lambda. Steps named in `failing` fail for good.
    """

    def __init__(self, journal=None, path="", failing=()):
        self.journal = {} if journal is None else journal
        self.ran = []
        self._failing = failing
        self._path = path
        self._count = 0

    def step(self, function, name):
        self._count += 1
        key = f"{self._path}{self._count}"
        if name in self._failing:
            raise StepFailedError(f"{name} failed")
        if key not in self.journal:
            self.ran.append(name)
            # Through JSON, as a checkpoint goes.
            self.journal[key] = (name, json.dumps(function(None)))
        kept, result = self.journal[key]
        assert kept == name, f"step {key} was {kept}, and is now {name}: the workflow is not deterministic"
        return json.loads(result)

    def parallel(self, branches, name):
        self._count += 1
        results = []
        for number, branch in enumerate(branches):
            inner = Context(self.journal, f"{self._path}{self._count}.{number}.", self._failing)
            try:
                results.append(branch(inner))
            finally:
                self.ran += inner.ran
        return Batch(results)


class Table:
    """The table of orders."""

    def __init__(self, **orders):
        self.orders = orders

    def record(self, order_id, status, **more):
        self.orders[order_id] = {"order_id": order_id, "status": status, **more}

    def find(self, order_id):
        return self.orders.get(order_id)


class Lambda:
    """A client of Lambda that notes what it is asked."""

    class exceptions:  # noqa: N801
        class DurableExecutionAlreadyStartedException(Exception):
            pass

        class CallbackTimeoutException(Exception):
            pass

    def __init__(self, raises=None):
        self.calls = []
        self._raises = raises

    def _note(self, name, arguments):
        self.calls.append((name, arguments))
        if self._raises:
            raise self._raises

    def invoke(self, **arguments):
        self._note("invoke", arguments)

    def send_durable_execution_callback_success(self, **arguments):
        self._note("success", arguments)

    def send_durable_execution_callback_failure(self, **arguments):
        self._note("failure", arguments)
