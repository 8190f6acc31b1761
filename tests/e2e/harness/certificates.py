"""Certificates for tests: a CA, a server's for 127.0.0.1 and localhost, a
client's, and one by another CA. Made with the `openssl` command."""

from __future__ import annotations

import subprocess
from pathlib import Path


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Certificates:
    """PEM files; each certificate has its key in the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.ca = self._make_ca("ca")
        self.server = self._make("server", "ca", "DNS:localhost,IP:127.0.0.1")
        self.client = self._make("client", "ca", "DNS:napcat")
        self.other_ca = self._make_ca("other-ca")
        self.stranger = self._make("stranger", "other-ca", "DNS:napcat")

    def _make_ca(self, name: str) -> Path:
        _openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", f"/CN={name}"),
            *("-keyout", str(self._folder / f"{name}.key")),
            *("-out", str(self._folder / f"{name}.crt")),
        )
        return self._folder / f"{name}.crt"

    def _make(self, name: str, ca: str, names: str) -> Path:
        """A certificate by the CA; the file has the key as well."""
        base = self._folder / name
        extensions = self._folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={names}\n")
        _openssl(
            *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-subj", f"/CN={name}"),
            *("-keyout", f"{base}.key", "-out", f"{base}.csr"),
        )
        _openssl(
            *("x509", "-req", "-days", "2", "-in", f"{base}.csr"),
            *("-CA", str(self._folder / f"{ca}.crt")),
            *("-CAkey", str(self._folder / f"{ca}.key"), "-CAcreateserial"),
            *("-extfile", str(extensions), "-out", f"{base}.crt"),
        )
        both = Path(f"{base}.pem")
        both.write_text(Path(f"{base}.crt").read_text() + Path(f"{base}.key").read_text())
        return both
