"""Terraform providers that only serve the schemas in `scaffold/data/aws_provider.jsonl`.

`schema_mirror` puts them into a filesystem mirror as hashicorp/aws and hashicorp/archive, so that the real
`terraform init`, `validate` and `test` (with `mock_provider`) run against the newest provider's schema without the
provider. They know names, types, required arguments and block counts; they know no value rules, and can neither plan
nor apply for real.

Terraform starts a provider for every command, and for every run of a test, so this file, when it runs as the provider,
imports little and answers with bytes that `schema_mirror` has prepared. `terraform_env` has one run all the time, which
Terraform attaches to: that is three times as fast.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA = "schema.bin"
CERTIFICATE = "certificate.pem"
KEY = "key.pem"
EMPTY_ANSWERS = frozenset(
    (
        "ConfigureProvider",
        "GetResourceIdentitySchemas",
        "StopProvider",
        "ValidateDataResourceConfig",
        "ValidateEphemeralResourceConfig",
        "ValidateProviderConfig",
        "ValidateResourceConfig",
    )
)
"""Questions whose empty answer means: nothing is wrong."""


def schema_mirror(folder: Path) -> Path:
    """Build the mirror in `folder` and return it; a second call for the same folder builds nothing.

    Other processes may build into the same folder at the same time: the first that is done wins.
    """
    mirror = folder / "mirror"
    if mirror.exists():
        return mirror
    folder.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix="mirror-", dir=folder))
    staging.chmod(0o755)
    from scaffold.verify.provider_data import load_provider_data

    data = load_provider_data()
    for source, version in data.versions.items():
        name = source.rpartition("/")[2]
        target = staging / "registry.terraform.io" / source / version / _platform()
        target.mkdir(parents=True)
        _write_certificate(target)
        (target / SCHEMA).write_bytes(_response(name, data))
        executable = target / f"terraform-provider-{name}_v{version}"
        executable.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I "{__file__}" "$(dirname "$0")"\n')
        executable.chmod(0o755)
    try:
        staging.rename(mirror)
    except OSError:
        if not mirror.exists():
            raise
    return mirror


def terraform_env(mirror: Path, attached: bool = True) -> dict[str, str]:
    """Return this process's environment, changed so that Terraform takes providers from `mirror` and nowhere else.

    With `attached` they run until this process ends, Terraform starts none, and `init` looks for none of them.
    """
    config = mirror / "terraform.rc"
    if not config.exists():
        text = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
        staged = mirror / f"terraform.rc.{os.getpid()}"
        staged.write_text(text)
        staged.replace(config)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
    settings = {"TF_CLI_CONFIG_FILE": str(config), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
    return kept | settings | ({"TF_REATTACH_PROVIDERS": _attached(mirror)} if attached else {})


@cache
def _attached(mirror: Path) -> str:
    """Start every provider of a mirror and return, for Terraform, where they listen."""
    found = {}
    for schema in sorted(mirror.rglob(SCHEMA)):
        socket = f"{tempfile.mkdtemp(prefix='provider-')}/plugin.sock"  # the mirror's own path may be too long for one
        process = subprocess.Popen(
            [sys.executable, "-I", __file__, str(schema.parent), socket],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"listening\n"
        source = schema.parent.parent.parent.relative_to(mirror).as_posix()
        address = {"Network": "unix", "String": socket}
        found[source] = {"Protocol": "grpc", "ProtocolVersion": 6, "Pid": process.pid, "Test": True, "Addr": address}
        _STARTED.append(process)  # its standard input closes with this process, and with that it ends
    return json.dumps(found)


_STARTED: list[subprocess.Popen[bytes]] = []


def _platform() -> str:
    import platform

    machine = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
    return f"{platform.system().lower()}_{machine[platform.machine().lower()]}"


def _response(name: str, data: Any) -> bytes:
    from tf.gen import tfplugin_pb2 as pb

    response = pb.GetProviderSchema.Response()
    provider = data.schema("provider", name) or {}
    response.provider.CopyFrom(pb.Schema(version=0, block=_block(provider, pb)))
    response.provider_meta.CopyFrom(pb.Schema(version=0, block=pb.Schema.Block()))
    for kind, schemas in (("resource", response.resource_schemas), ("data", response.data_source_schemas)):
        for kind_name in data.known(kind):
            if kind_name.startswith(f"{name}_"):
                schemas[kind_name].CopyFrom(pb.Schema(version=0, block=_block(data.schema(kind, kind_name), pb)))
    # Terraform asks once for each command then, and not once for each run of a test.
    response.server_capabilities.CopyFrom(pb.ServerCapabilities(get_provider_schema_optional=True))
    content: bytes = response.SerializeToString()
    return content


def _block(schema: dict[str, Any], pb: Any, in_set: bool = False) -> Any:
    block = pb.Schema.Block()
    for name, (flags, kind) in sorted(schema.get("attributes", {}).items()):
        # Terraform refuses a dynamic type inside a set; what hides there in the typings are maps of lists and the like.
        kind = ["map", "string"] if in_set and "dynamic" in json.dumps(kind) else kind
        block.attributes.add(
            name=name,
            type=json.dumps(kind).encode(),
            required="r" in flags,
            optional="o" in flags,
            computed="c" in flags,
        )
    nestings = {"single": 1, "list": 2, "set": 3}
    for name, nested in sorted(schema.get("blocks", {}).items()):
        is_set = in_set or nested["nesting"] == "set"
        block.block_types.add(
            type_name=name,
            nesting=nestings[nested["nesting"]],
            min_items=nested.get("min", 0),
            max_items=nested.get("max", 0),
            block=_block(nested, pb, is_set),
        )
    return block


def _write_certificate(folder: Path) -> None:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / CERTIFICATE).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / KEY).write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def serve(folder: Path) -> None:
    """Speak go-plugin's protocol with the Terraform that started this process, until it says that it is done."""
    import grpc

    certificate = (folder / CERTIFICATE).read_bytes()
    done = threading.Event()
    server = _server(folder, done)
    credentials = grpc.ssl_server_credentials([((folder / KEY).read_bytes(), certificate)])
    with tempfile.TemporaryDirectory() as sockets:
        socket = f"{sockets}/plugin.sock"
        server.add_secure_port(f"unix://{socket}", credentials)
        server.start()
        body = b"".join(certificate.split(b"-----")[2].split()).decode().rstrip("=")
        print(f"1|6|unix|{socket}|grpc|{body}", flush=True)
        done.wait()
        server.stop(grace=0.2).wait()
    os._exit(0)  # Terraform waits for the process to end; the interpreter's own tidying up takes longer than the rest


def serve_attached(folder: Path, socket: str) -> None:
    """Answer every Terraform that comes to a socket, until standard input ends."""
    server = _server(folder, threading.Event())
    server.add_insecure_port(f"unix://{socket}")
    server.start()
    print("listening", flush=True)
    sys.stdin.read()
    Path(socket).unlink(missing_ok=True)
    Path(socket).parent.rmdir()
    os._exit(0)


def _server(folder: Path, done: threading.Event) -> Any:
    from concurrent.futures import ThreadPoolExecutor

    import grpc

    schema = (folder / SCHEMA).read_bytes()

    def answer(method: str) -> bytes:
        if method == "Shutdown":
            done.set()
        return schema if method == "GetProviderSchema" else b""

    class Handler(grpc.GenericRpcHandler):
        def service(self, details: Any) -> Any:
            method = details.method.rpartition("/")[2]
            if method == "StreamStdio":
                return grpc.unary_stream_rpc_method_handler(lambda request, context: iter(()))
            if method in EMPTY_ANSWERS or method in ("GetProviderSchema", "Shutdown"):
                return grpc.unary_unary_rpc_method_handler(lambda request, context: answer(method))
            return None

    return grpc.server(ThreadPoolExecutor(max_workers=4), handlers=(Handler(),))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        serve_attached(Path(sys.argv[1]), sys.argv[2])
    if os.environ.get("TF_PLUGIN_MAGIC_COOKIE") is None:
        sys.exit("This is a Terraform provider: Terraform starts it.")
    serve(Path(sys.argv[1]))
