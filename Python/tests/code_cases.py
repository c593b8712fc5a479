"""What workers do with code that was uploaded."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any, Dict

from .command_cases import PYTHON


def packed(files: Dict[str, str], format: str = "tar") -> bytes:
    """An archive of some files."""
    buffer = io.BytesIO()
    if format == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zip:
            for name, text in files.items():
                zip.writestr(name, text)
    else:
        with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
            for name, text in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(text.encode())
                tar.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


class CodeCases:
    """Commands that start from an archive."""

    FILES = {"train.py": "import part.one; print(part.one.WORD)", "part/one.py": "WORD = 'from code'"}

    def upload(self: Any, archive: bytes) -> str:
        hash: str = self.client.post_bytes("/v1/archives", archive)["hash"]
        self.assertEqual(hash, hashlib.sha256(archive).hexdigest())
        return hash

    def test_uploaded_code_is_where_the_command_starts(self: Any) -> None:
        for format in ("tar", "zip"):
            code = self.upload(packed(self.FILES, format))
            id = self.run_command(PYTHON, "train.py", code=code)
            self.wait_for_state(id, "succeeded")
            self.assertIn("from code", self.log(id))

    def test_code_outlives_a_server_that_is_killed(self: Any) -> None:
        code = self.upload(packed(self.FILES))
        self.kill()
        self.start()
        id = self.run_command(PYTHON, "train.py", code=code)
        self.wait_for_state(id, "succeeded")

    def test_code_that_has_gone_or_changed_fails_the_job_and_says_so(self: Any) -> None:
        code = self.upload(packed(self.FILES))
        path = next(Path(self.folder / "data").rglob(code))
        path.write_bytes(packed({"train.py": "print('another')"}))
        id = self.run_command(PYTHON, "train.py", code=code)
        found = self.failure(id)
        self.assertEqual(found["code"], "code_changed")
        self.assertIn(f"the archive {code[:12]} came with", found["detail"])
        path.unlink()
        found = self.failure(self.run_command(PYTHON, "train.py", code=code))
        self.assertEqual(found["code"], "code_missing")
        self.assertIn(f"the server has no archive {code[:12]} any more", found["detail"])
