"""`terraform-aws-modules/vpc/aws//modules/vpc-endpoints`, versions 3 to 6: the endpoints and their security group.

Source: https://github.com/terraform-aws-modules/terraform-aws-vpc/blob/master/modules/vpc-endpoints/main.tf
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scaffold.evaluate.community import Call, Made
from scaffold.evaluate.community.building import both, truth
from scaffold.evaluate.community.vpc_inputs import NetworkInputs, attribute, merged, unsure
from scaffold.evaluate.root import Argument, Instance, Unread
from scaffold.evaluate.values import Joined, Key, Symbol, Value

_RULE_LISTS = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids")


def expand(call: Call) -> Made:
    """Return what a call makes."""
    inputs = NetworkInputs(call, {"create": True, "create_security_group": False, "endpoints": {}})
    if inputs.flag("create") is False:
        return Made((), {})
    group = _group(inputs)
    rules = _rules(inputs, group)
    endpoints = inputs.value("endpoints")
    if not isinstance(endpoints, Mapping):
        reason = "makes endpoints that cannot be evaluated"
        return Made((*group, *rules), {}, (Unread(call.address, reason, inputs.place("endpoints"), call.source),))
    made = [each for key, given in endpoints.items() for each in _endpoint(inputs, key, given, group)]
    if inputs.flag("create") is None:
        made = [unsure(each) for each in made]
    return Made((*made, *group, *rules), {"security_group_id": attribute(group[0], "id") if group else None})


def _endpoint(inputs: NetworkInputs, key: Key, given: Value, group: Sequence[Instance]) -> Sequence[Instance]:
    if not isinstance(given, Mapping):
        given = {"service": Symbol(f"each.value of {inputs.call.address}"), "service_type": Symbol("each.value")}
    wanted = truth(given.get("create", True))
    if wanted is False:
        return ()
    place = inputs.place("endpoints")
    kind = given.get("service_type")
    kind = "Interface" if kind is None else kind

    def argument(value: Value) -> Argument:
        return Argument(value, place)

    arguments = {
        "vpc_id": inputs.argument("vpc_id"),
        "service_name": argument(_service_name(given)),
        "vpc_endpoint_type": argument(kind),
        "policy": argument(given.get("policy")),
        "tags": argument(merged(inputs.value("tags"), given.get("tags"))),
    }
    if kind == "Gateway":
        arguments["route_table_ids"] = argument(given.get("route_table_ids"))
    else:
        ids: Value = tuple(attribute(each, "id") for each in group)
        groups = _together(inputs.value("security_group_ids"), ids, given.get("security_group_ids"))
        arguments |= {
            "private_dns_enabled": argument(given.get("private_dns_enabled")),
            "security_group_ids": Argument(groups or None, inputs.place("security_group_ids", "endpoints")),
            "subnet_ids": Argument(
                _together(inputs.value("subnet_ids"), given.get("subnet_ids")), inputs.place("subnet_ids", "endpoints")
            ),
        }
    made = inputs.make("aws_vpc_endpoint", "this", key, arguments, place)
    return (made if wanted else unsure(made),)


def _service_name(given: Mapping[Key, Value]) -> Value:
    """Return the service's name; of a short one, as text that says the region is not known here."""
    endpoint, name, service = (given.get(each) for each in ("service_endpoint", "service_name", "service"))
    if endpoint is not None or name is not None:
        return endpoint if endpoint is not None else name
    return (
        Joined(("com.amazonaws.", Symbol("the provider's region"), f".{service}"))
        if isinstance(service, str)
        else service
    )


def _together(*lists: Value) -> Value:
    items: list[Value] = []
    for each in lists:
        found = each if isinstance(each, tuple) else () if each is None else (each,)
        items += [item for item in found if item not in items]
    return tuple(items)


def _group(inputs: NetworkInputs) -> tuple[Instance, ...]:
    wanted = both(inputs.flag("create"), inputs.flag("create_security_group"))
    place = inputs.place("create_security_group")
    return inputs.one("aws_security_group", "this", wanted, {"vpc_id": inputs.argument("vpc_id")}, place)


def _rules(inputs: NetworkInputs, group: Sequence[Instance]) -> Sequence[Instance]:
    rules = inputs.value("security_group_rules")
    if not group or rules is None:
        return ()
    if isinstance(rules, Mapping):
        return [_rule(inputs, key, rule, group[0]) for key, rule in rules.items()]
    return [_rule(inputs, Symbol(f"each.key of {inputs.call.address}.aws_security_group_rule.this"), rules, group[0])]


def _rule(inputs: NetworkInputs, key: Key, rule: Value, group: Instance) -> Instance:
    place = inputs.place("security_group_rules")
    given = rule if isinstance(rule, Mapping) else {}
    unknown = None if isinstance(rule, Mapping) else Symbol(f"each.value of {group.address}")
    defaults: Mapping[str, Value] = {"protocol": "tcp", "from_port": 443, "to_port": 443, "type": "ingress"}
    values: dict[str, Value] = {name: unknown or given.get(name, default) for name, default in defaults.items()}
    values |= {name: given.get(name) for name in (*_RULE_LISTS, "self", "source_security_group_id")}
    arguments = {"security_group_id": Argument(attribute(group, "id"), place)}
    arguments |= {name: Argument(value, place) for name, value in values.items()}
    made = inputs.make("aws_security_group_rule", "this", key, arguments, place, many=unknown is not None)
    return replace(made, certain=made.certain and group.certain)
