"""Whether two values of two repositories mean the same: what they refer to is compared by the part it plays."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scaffold.compare.cast import Cast
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.endpoints import service_name

_OF_THE_ACCOUNT = ("aws_caller_identity", "aws_partition", "aws_region")
"""Data sources of which there is one answer, however they are called."""

_IDENTIFIER = re.compile(r"(subnet|sg|vpc|rtb|igw|nat|eipalloc|pl|vpce)-[0-9a-z]+\Z|arn:aws")

_ARN = re.compile(r"arn:aws[a-z-]*:([a-z0-9-]+):")
_REFERENCE = re.compile(r"<(aws_\w+)[^>]*>\Z")

_SERVICES: Mapping[str, str] = {
    "aws_apigatewayv2_": "execute-api",
    "aws_cloudwatch_event_": "events",
    "aws_cloudwatch_log_group": "logs",
    "aws_dynamodb_table": "dynamodb",
    "aws_ecr_repository": "ecr",
    "aws_ecs_": "ecs",
    "aws_eks_cluster": "eks",
    "aws_iam_": "iam",
    "aws_kms_": "kms",
    "aws_lambda_": "lambda",
    "aws_lb": "elasticloadbalancing",
    "aws_s3_bucket": "s3",
    "aws_service_discovery_": "servicediscovery",
    "aws_sfn_state_machine": "states",
    "aws_sns_topic": "sns",
    "aws_sqs_queue": "sqs",
}
"""What types of resources begin with, and the service in their ARNs."""

_PREFIX_LISTS = ("aws_ec2_managed_prefix_list", "aws_prefix_list")
"""Data sources that find what a service's name says."""


@dataclass(frozen=True, slots=True, order=True)
class Form:
    """A value in a form in which it can be compared with one of another repository.

    Attributes:
        text: the form.
        known: whether another text is another value for sure.
        identifier: whether it is one that AWS gave, or holds one: what that is of, nobody here can see.
    """

    text: str
    known: bool = True
    identifier: bool = False


def form_of(value: Value, cast: Cast) -> Form:
    """Return a value's form; the order of lists is not part of it, since the arguments compared are mostly sets."""
    if isinstance(value, tuple):
        forms = sorted({form_of(each, cast) for each in value})
        return _of_several(f"[{', '.join(form.text for form in forms)}]", forms)
    if isinstance(value, Mapping):
        items = sorted((form_of(key, cast), form_of(each, cast)) for key, each in value.items())
        inner = ", ".join(f"{key.text} = {each.text}" for key, each in items)
        return _of_several(f"{{{inner}}}", [form for item in items for form in item])
    if isinstance(value, Symbol):
        return _of_symbol(value, cast)
    if isinstance(value, Joined):
        forms = [Form(part) if isinstance(part, str) else _of_symbol(part, cast) for part in value.parts]
        return _of_several("".join(form.text for form in forms), forms)
    if isinstance(value, bool):
        return Form("true" if value else "false")
    if isinstance(value, float) and value.is_integer():
        return Form(str(int(value)))
    return Form(str(value), identifier=isinstance(value, str) and _IDENTIFIER.match(value) is not None)


def _of_several(text: str, forms: Sequence[Form]) -> Form:
    return Form(text, all(form.known for form in forms), any(form.identifier for form in forms))


def same(one: Form, other: Form) -> bool | None:
    """Return whether two forms are of one value; None where nobody can tell."""
    if not (one.known and other.known):
        return None
    if one.identifier != other.identifier:
        services = {_service(one), _service(other)}
        return None if "" in services or len(services) == 1 else False
    return one.text == other.text


def _service(form: Form) -> str:
    """Return the service that an ARN, or a resource that is referred to, is of; empty where nobody can tell."""
    if match := _ARN.match(form.text):
        return match[1]
    match = _REFERENCE.match(form.text)
    return next((service for kind, service in _SERVICES.items() if match and match[1].startswith(kind)), "")


def _of_symbol(symbol: Symbol, cast: Cast) -> Form:
    instance = cast.uses.find(symbol)
    if instance is None:
        return Form(f"?{symbol.text}", known=False)
    if instance.address in cast.roles:
        return Form(f"<{cast.roles[instance.address]}>", known=instance.certain and not instance.many)
    if instance.data:
        if instance.type in _PREFIX_LISTS and (service := service_name(instance.get("name"))):
            return Form(f"<prefix list of {service}>")
        singular = instance.type in _OF_THE_ACCOUNT
        return Form(f"<{instance.type}.{symbol.attribute}>" if singular else f"?{symbol.text}", known=singular)
    return Form(f"<{instance.type} {instance.name}>")
