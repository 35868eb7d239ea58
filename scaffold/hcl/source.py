"""A file's bytes, with lines and columns for byte offsets."""

from bisect import bisect_right

from tree_sitter import Node

from scaffold.hcl.conflicts import Conflicts


class Source:
    """A text as the bytes that the parser's offsets count in."""

    def __init__(self, text: str, conflicts: Conflicts | None = None) -> None:
        """Take the text and its conflicts; a byte order mark at its start, which Terraform ignores, is dropped."""
        self._conflicts = conflicts
        self.bytes = text.removeprefix("\ufeff").encode("utf-8", "surrogatepass")
        self._ascii = self.bytes.isascii()
        self._starts = [0]
        find = self.bytes.find
        at = find(b"\n", 0)
        while at >= 0:
            self._starts.append(at + 1)
            at = find(b"\n", at + 1)

    def line(self, offset: int) -> int:
        """Return the line, from 1, that holds the byte at `offset`."""
        return bisect_right(self._starts, offset)

    def column(self, offset: int) -> int:
        """Return the column in characters, from 1, of the byte at `offset`."""
        start = self._starts[self.line(offset) - 1]
        return offset - start + 1 if self._ascii else len(self.text(start, offset)) + 1

    def text(self, start: int, end: int) -> str:
        """Return the text between two byte offsets."""
        return self.bytes[start:end].decode("utf-8", "replace")

    def of(self, node: Node) -> str:
        """Return the text of `node`."""
        return self.bytes[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def broken(self, start: int, end: int) -> bool:
        """Return whether there is a line break between two byte offsets."""
        return end > start and self.bytes.find(b"\n", start, end) >= 0

    def doubtful(self, node: Node) -> bool:
        """Return whether `node` does not parse, or a conflict touches it."""
        if self._conflicts is None:
            return node.has_error
        return node.has_error or self._conflicts.touch(
            self.line(node.start_byte), self.line(max(node.start_byte, node.end_byte - 1))
        )
