"""Unpacks archives of code, so that nothing is written outside of their folder."""

from __future__ import annotations

import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, Iterator, List, NamedTuple, Optional, Set, Tuple

#: How much an archive may unpack to: the bytes of its files, and files, folders and links.
BYTES, ENTRIES = 2 << 30, 100_000


class ArchiveError(Exception):
    """Why an archive cannot be unpacked."""


class _Entry(NamedTuple):
    """What stands in an archive under one name."""

    parts: List[str]
    #: The content of a file; None for a folder or a link.
    content: Optional[IO[bytes]] = None
    is_executable: bool = False
    #: Where a link leads.
    target: Optional[str] = None

    @property
    def name(self) -> str:
        return "/".join(self.parts)


def unpack(
    archive: Path,
    folder: Path,
    owner: Optional[Tuple[int, int]] = None,
    limit: int = BYTES,
    entries: int = ENTRIES,
) -> None:
    """Unpacks a .tar.gz or a .zip into a folder that is there and empty.

    While files are written there is no link that could lead one out; the links come last, and each must
    then lead to what is in the folder.
    """
    with archive.open("rb") as file:
        start = file.read(2)
    if start == b"\x1f\x8b":
        read = _read_tar
    elif start == b"PK":
        read = _read_zip
    else:
        raise ArchiveError("it is neither a .tar.gz nor a .zip")
    made: Set[str] = set()
    links: List[_Entry] = []
    rest = limit
    try:
        for count, entry in enumerate(read(archive)):
            if count >= entries:
                raise ArchiveError(f"the archive has more than {entries} files and folders")
            is_folder = entry.content is None and entry.target is None
            _make_folders(folder, entry.parts if is_folder else entry.parts[:-1], made, owner, entry)
            if entry.target is not None:
                links.append(entry)
            elif entry.content is not None:
                rest = _write(folder, entry, rest, limit, owner)
    except (
        tarfile.TarError,
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        NotImplementedError,
        UnicodeError,
        # An encrypted file of a zip.
        RuntimeError,
    ) as error:
        raise ArchiveError(f"the archive is damaged: {error}") from error
    for entry in links:
        _link(folder, entry, owner)
    root = os.path.realpath(folder)
    for entry in links:
        place = os.path.realpath(folder.joinpath(*entry.parts))
        is_inside = place == root or place.startswith(root + os.sep)
        if not is_inside or not os.path.exists(place):
            raise _leads_out(entry)


def _read_tar(archive: Path) -> Iterator[_Entry]:
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            parts = _parts(member.name)
            if not parts and member.isdir():
                continue
            if not parts:
                raise ArchiveError("an entry of the archive has no name")
            if member.isdir():
                yield _Entry(parts)
            elif member.issym():
                yield _Entry(parts, target=member.linkname)
            elif member.isreg():
                yield _Entry(parts, tar.extractfile(member), bool(member.mode & 0o100))
            else:
                kind = "a hard link" if member.islnk() else "a device or a pipe"
                raise ArchiveError(
                    f"{member.name[:200]} in the archive is {kind}; pack files, folders and links"
                )


def _read_zip(archive: Path) -> Iterator[_Entry]:
    with zipfile.ZipFile(archive) as zip:
        for info in zip.infolist():
            parts = _parts(info.orig_filename)
            if not parts:
                continue
            mode = info.external_attr >> 16 if info.create_system == 3 else 0
            if info.orig_filename.endswith("/"):
                yield _Entry(parts)
            elif stat.S_ISLNK(mode):
                if info.file_size > 4_000:
                    raise ArchiveError(f"{'/'.join(parts)} in the archive is too long a link")
                yield _Entry(parts, target=zip.read(info).decode("utf-8", "surrogateescape"))
            elif stat.S_IFMT(mode) in (0, stat.S_IFREG):
                with zip.open(info) as content:
                    yield _Entry(parts, content, bool(mode & 0o100))
            else:
                raise ArchiveError(f"{'/'.join(parts)} in the archive is no file, folder or link")


def _parts(path: str) -> List[str]:
    """The parts of a path that leads down; empty for the folder itself."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in path)[:200]
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/"):
        raise ArchiveError(f"{shown} in the archive is an absolute path")
    if ".." in parts:
        raise ArchiveError(f"{shown} in the archive leads out of its folder")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in path):
        raise ArchiveError(f"{shown} in the archive has control characters in its name")
    if any(len(os.fsencode(part)) > 255 for part in parts) or len(os.fsencode(path)) > 4_000:
        raise ArchiveError(f"{shown} in the archive has too long a name")
    return parts


def _make_folders(
    folder: Path,
    parts: List[str],
    made: Set[str],
    owner: Optional[Tuple[int, int]],
    entry: _Entry,
) -> None:
    for length in range(1, len(parts) + 1):
        name = "/".join(parts[:length])
        if name in made:
            continue
        try:
            os.mkdir(folder / name, 0o755)
        except FileExistsError:
            raise ArchiveError(f"{entry.name} in the archive lies in what is no folder") from None
        made.add(name)
        if owner is not None:
            os.chown(folder / name, *owner)


def _write(
    folder: Path, entry: _Entry, rest: int, limit: int, owner: Optional[Tuple[int, int]]
) -> int:
    """Writes a file; how many bytes may still come."""
    assert entry.content is not None
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    mode = 0o755 if entry.is_executable else 0o644
    try:
        descriptor = os.open(folder / entry.name, flags, mode)
    except FileExistsError:
        raise ArchiveError(f"{entry.name} is in the archive twice") from None
    with os.fdopen(descriptor, "wb") as file:
        if owner is not None:
            os.fchown(file.fileno(), *owner)
        while True:
            piece = entry.content.read(1 << 16)
            if not piece:
                return rest
            rest -= len(piece)
            if rest < 0:
                raise ArchiveError(f"the archive unpacks to more than {limit >> 20} MiB")
            file.write(piece)


def _link(folder: Path, entry: _Entry, owner: Optional[Tuple[int, int]]) -> None:
    target = entry.target or ""
    depth = len(entry.parts) - 1
    for part in target.split("/"):
        depth += {"": 0, ".": 0, "..": -1}.get(part, 1)
        if depth < 0:
            break
    if depth < 0 or not target or target.startswith("/") or "\0" in target:
        raise _leads_out(entry)
    try:
        os.symlink(target, folder / entry.name)
    except FileExistsError:
        raise ArchiveError(f"{entry.name} is in the archive twice") from None
    if owner is not None:
        os.chown(folder / entry.name, *owner, follow_symlinks=False)


def _leads_out(entry: _Entry) -> ArchiveError:
    return ArchiveError(
        f"{entry.name} in the archive is a link to {(entry.target or '')[:200]}, which is not in the"
        " archive"
    )
