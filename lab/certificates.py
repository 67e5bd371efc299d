"""The lab's own certificate authority: made once per run with openssl, never installed on the machine."""
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

SHOP = "DNS:shop.example,DNS:www.shop.example,DNS:cdn.example,DNS:shop.cdn.example"
DAY = timedelta(days=1)

AUTHORITIES = {"ca": None, "unknown-ca": None, "intermediate-ca": "ca"}  # name: issuer

# name: (issuer, subject alternative names, valid from, valid to), dates relative to now.
LEAVES = {
    "shop": ("ca", SHOP, -30 * DAY, 60 * DAY),
    "check": ("ca", "DNS:check.example", -30 * DAY, 60 * DAY),
    "other": ("ca", "DNS:other.example", -30 * DAY, 60 * DAY),
    "portal": ("ca", "DNS:login.hotel.example", -30 * DAY, 60 * DAY),
    "resolver": ("ca", "DNS:resolver.example,IP:198.51.100.153", -30 * DAY, 60 * DAY),
    "expired": ("ca", SHOP, -120 * DAY, -30 * DAY),
    "not-yet-valid": ("ca", SHOP, 30 * DAY, 120 * DAY),
    "stranger": ("unknown-ca", SHOP, -30 * DAY, 60 * DAY),
    "without-intermediate": ("intermediate-ca", SHOP, -30 * DAY, 60 * DAY),
    "self-signed": (None, SHOP, -30 * DAY, 60 * DAY),
    # Renewed an hour ago in a world that is two hours ahead.
    "shop-soon": ("ca", SHOP, timedelta(hours=1), 90 * DAY),
    # The rest of the world lives 400 days ahead of, or behind, this machine.
    "shop-ahead": ("ca", SHOP, 370 * DAY, 460 * DAY),
    "shop-behind": ("ca", SHOP, -430 * DAY, -340 * DAY),
    "shop-ahead-expired": ("ca", SHOP, 300 * DAY, 390 * DAY),
}


class Certificates:
    """Files <name>.crt (with its chain) and <name>.key in one directory."""

    def __init__(self, directory: Path):
        self.directory = directory

    def make(self) -> None:
        self.directory.mkdir(parents=True)
        for authority, issuer in AUTHORITIES.items():
            self._authority(authority, issuer)
        for name, leaf in LEAVES.items():
            self._leaf(name, *leaf)

    @property
    def trust(self) -> Path:
        return self.directory / "ca.crt"

    def certificate(self, name: str) -> Path:
        return self.directory / f"{name}.crt"

    def key(self, name: str) -> Path:
        return self.directory / f"{name}.key"

    def bundle(self, name: str) -> Path:
        return self.directory / f"{name}.pem"

    def _authority(self, name: str, issuer: str | None) -> None:
        self._key(name)
        # An authority as old as the oldest leaf, or shifted leaves would be refused for their issuer's dates.
        self._sign(name, issuer or name, "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"
                   "subjectKeyIdentifier=hash\n", -3650 * DAY, 3650 * DAY)

    def _leaf(self, name: str, issuer: str | None, names: str, start: timedelta, end: timedelta) -> None:
        self._key(name)
        extensions = (f"basicConstraints=critical,CA:FALSE\nsubjectAltName={names}\nextendedKeyUsage=serverAuth\n"
                      "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
        self._sign(name, issuer or name, extensions, start, end)
        self.bundle(name).write_bytes(self.certificate(name).read_bytes() + self.key(name).read_bytes())

    def _key(self, name: str) -> None:
        self._openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.key(name))

    def _sign(self, name: str, issuer: str, extensions: str, start: timedelta, end: timedelta) -> None:
        work = self.directory / f"{name}.work"
        work.mkdir()
        (work / "index").touch()
        (work / "extensions").write_text(extensions)
        (work / "config").write_text(
            f"[ca]\ndefault_ca=lab\n[lab]\ndatabase={work}/index\nnew_certs_dir={work}\ndefault_md=sha256\n"
            "rand_serial=yes\nunique_subject=no\npolicy=any\nemail_in_dn=no\n[any]\ncommonName=supplied\n"
            "[req]\ndistinguished_name=dn\nprompt=no\n[dn]\n")
        subject = f"/CN=Lab {name}" if name.endswith("ca") else f"/CN={name}"
        self._openssl("req", "-new", "-config", work / "config", "-key", self.key(name), "-subj", subject,
                      "-out", work / "request")
        signer = ["-selfsign"] if issuer == name else ["-cert", self.certificate(issuer)]
        now = datetime.now(timezone.utc)
        stamp = "%Y%m%d%H%M%SZ"
        self._openssl("ca", "-batch", "-notext", "-config", work / "config", *signer, "-keyfile", self.key(issuer),
                      "-in", work / "request", "-extfile", work / "extensions",
                      "-startdate", (now + start).strftime(stamp), "-enddate", (now + end).strftime(stamp),
                      "-out", self.certificate(name))

    @staticmethod
    def _openssl(*arguments) -> None:
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=30)
