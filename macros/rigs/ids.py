"""Root file systems whose files belong to other ids: what a user namespace needs of an image.

Knows tars alone, no engine.
"""

from __future__ import annotations

import struct
import tarfile
from collections.abc import Iterable
from io import RawIOBase
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CAPABILITY = "SCHILY.xattr.security.capability"
"""The pax record of a file's capabilities."""
REVISION_2, REVISION_3 = 0x02000000, 0x03000000
"""Of vfs_cap_data (linux/capability.h): the third names the root it holds for."""
FLAGS = 0x00FFFFFF


class Chunks(RawIOBase):
    """Chunks of bytes, read as a file."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks, self.rest = iter(chunks), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        self.rest = self.rest or next(self.chunks, b"")
        size = min(len(view), len(self.rest))
        view[:size], self.rest = self.rest[:size], self.rest[size:]
        return size


def shift(source: IO[bytes], target: tarfile.TarFile, by: int, below: str = "") -> None:
    """Add a tar's entries to another one, every id `by` higher, each name put below a folder."""
    with tarfile.open(fileobj=source, mode="r|") as entries:
        for entry in entries:
            entry.uid += by
            entry.gid += by
            entry.name = f"{below}{entry.name}"
            entry.uname = entry.gname = ""
            if below and entry.islnk():
                entry.linkname = f"{below}{entry.linkname}"
            if by and CAPABILITY in entry.pax_headers:
                entry.pax_headers = {
                    **entry.pax_headers,
                    CAPABILITY: of_root(entry.pax_headers[CAPABILITY], by),
                }
            target.addfile(entry, entries.extractfile(entry) if entry.isreg() else None)


def of_root(capability: str, root: int) -> str:
    """A file's capabilities, held for another root: as the kernel keeps them (capabilities(7))."""
    data = capability.encode("utf-8", "surrogateescape")
    (magic,) = struct.unpack_from("<I", data)
    if magic & ~FLAGS != REVISION_2:
        raise ValueError(f"capabilities of an unknown revision: {data.hex()}")
    data = struct.pack("<I", REVISION_3 | magic & FLAGS) + data[4:] + struct.pack("<I", root)
    return data.decode("utf-8", "surrogateescape")
