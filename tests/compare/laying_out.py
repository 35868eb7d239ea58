"""Lays a repository out anew without changing what it means."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from random import Random

import yaml

from scaffold.files import File
from scaffold.hcl import Attribute, Block, Body, parse

_REFERENCE = re.compile(r"(var|local)\.\w+")


def folder_of(path: str) -> str:
    return str(PurePosixPath(path).parent)


class Shuffler:
    """Whatever it does follows from its seed."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)

    def files(self, files: tuple[File, ...]) -> list[File]:
        laid: list[File] = []
        folders: dict[str, list[File]] = {}
        for file in files:
            if file.path.endswith(".tf"):
                folders.setdefault(folder_of(file.path), []).append(file)
            elif file.path.endswith(".tftest.hcl"):
                name = file.path.replace("/tests/", "/tests/renamed_") if self.chance.random() < 0.5 else file.path
                laid.append(File(name, self.finished("\n".join(self.blocks(file.text)))))
            elif not file.path.startswith("k8s/"):
                laid.append(file)
        for folder, members in folders.items():
            laid += self.folder(folder, members)
        laid += self.manifests([file for file in files if file.path.startswith("k8s/")])
        self.chance.shuffle(laid)
        return laid

    def folder(self, folder: str, files: list[File]) -> Iterator[File]:
        blocks = [block for file in files for block in self.blocks(file.text)]
        self.chance.shuffle(blocks)
        count = self.chance.choice((1, 2, 5, len(blocks)))
        for number in range(count):
            yield File(f"{folder}/part{number}.tf", self.finished("\n".join(blocks[number::count])))

    def finished(self, text: str) -> str:
        if self.chance.random() < 0.3:
            text = text.replace("\n", "\r\n")
        return "\ufeff" + text if self.chance.random() < 0.2 else text

    def blocks(self, text: str) -> list[str]:
        lines = text.split("\n")
        return [self.block(block, lines) for block in parse(text).body.blocks]

    def block(self, block: Block, lines: list[str]) -> str:
        head = re.sub(r"\s+", lambda _: self.space(), lines[block.line - 1].strip())
        if block.line == block.end_line:
            return lines[block.line - 1].strip() + "\n"
        return f"{head}{self.gap()}\n{self.body(block.body, lines)}{self.space()}}}\n"

    def body(self, body: Body, lines: list[str]) -> str:
        arguments = [self.argument(each, lines) for each in body.attributes]
        blocks: dict[str, list[str]] = {}
        for each in body.blocks:
            # Dynamic blocks make blocks of the type that they are labelled with.
            blocks.setdefault(each.labels[0] if each.type == "dynamic" else each.type, []).append(
                self.block(each, lines)
            )
        order = ["="] * len(arguments) + [kind for kind in sorted(blocks) for _ in blocks[kind]]
        self.chance.shuffle(arguments)
        self.chance.shuffle(order)
        # Blocks of one type stay in their order, which may matter.
        return "".join(
            self.indent() + (arguments.pop() if kind == "=" else blocks[kind].pop(0)) + self.gap() + "\n"
            for kind in order
        )

    def argument(self, attribute: Attribute, lines: list[str]) -> str:
        text = attribute.expression.text
        if attribute.line == attribute.end_line:
            return f"{attribute.name}{self.space()}={self.space()}{self.value(text)}"
        inside = [self.line(line) for line in lines[attribute.line : attribute.end_line]]
        first = lines[attribute.line - 1]
        start = first[first.index("=") + 1 :].strip()
        return f"{attribute.name}{self.space()}={self.space()}{start}\n" + "\n".join(inside)

    def line(self, line: str) -> str:
        """Write a line inside an object, a list or parentheses: keys in quotes, `:` for `=`."""
        member = re.fullmatch(r'\s*("[^"$]+"|\w[\w-]*)\s+=\s+(.*)', line)
        if member is not None:
            key = f'"{member[1]}"' if not member[1].startswith('"') and self.chance.random() < 0.5 else member[1]
            line = f"{key}{self.space()}{self.chance.choice('=:')}{self.space()}{member[2]}"
        return self.indent() + line.strip() + self.chance.choice(("", "  # a note", "  // another"))

    def value(self, text: str) -> str:
        if _REFERENCE.fullmatch(text):
            return self.chance.choice((text, f'"${{{text}}}"', f"({text})"))
        if text.startswith("[") and not text.startswith("[for") and text != "[]" and self.chance.random() < 0.5:
            return f"[\n{text[1:-1]},  # the last\n]"
        return f"({text})" if text in ("true", "false") and self.chance.random() < 0.3 else text

    def space(self) -> str:
        return self.chance.choice((" ", "  ", "    "))

    def indent(self) -> str:
        return self.chance.choice(("", "  ", "\t", "        "))

    def gap(self) -> str:
        return self.chance.choice(("", "", "\n", "\n\n# a note\n", "\n/* two\n lines */\n"))

    def manifests(self, files: list[File]) -> Iterator[File]:
        for folder in sorted({folder_of(file.path) for file in files}):
            members = [file for file in files if folder_of(file.path) == folder]
            if self.chance.random() < 0.5:
                members = [
                    File(f"{folder}/app/{PurePosixPath(f.path).name}", f.text) if "sample" in f.path else f
                    for f in members
                ]
            moved = {PurePosixPath(f.path).name: f.path.removeprefix(f"{folder}/") for f in members}
            for file in members:
                data = yaml.safe_load(file.text)
                if file.path.endswith("kustomization.yaml"):
                    data["resources"] = [moved[name] for name in data["resources"]]
                text = yaml.safe_dump(data, sort_keys=True, default_flow_style=self.chance.random() < 0.2)
                yield File(file.path, "# a note\n---\n" + text)
