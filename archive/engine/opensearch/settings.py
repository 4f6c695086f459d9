"""Which cluster a person has set for a clearance, and how to sign in there: their own settings, never a collection's.

They stand in ``engines.toml`` in the person's folder of settings, a table a clearance; where the environment names hosts
for a clearance, all of its settings come from the environment, so that no password goes to hosts that it is not for.
Passwords stand in files of their own or in the environment, on no command line.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from archive import system
from archive.errors import NoCluster
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import PUBLIC, Clearance
from archive.storage import atomic
from archive.text import join_list, near, squash

FILE: Final = "engines.toml"
ENGINE: Final = "opensearch"
_TEXTS: Final = ("ca", "user", "password_file", "publisher_user", "publisher_password_file", "alias")
_NUMBERS: Final = ("shards", "replicas")
_KNOWN: Final = ("hosts", *_TEXTS, *_NUMBERS)
_SECRETS: Final = ("password", "publisher_password")
"""Taken from the environment alone: a file that others might read holds none."""
_ALIAS: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_MOST_BYTES: Final = 100_000
_MOST_SHARDS: Final = 1024


class Credentials(NamedTuple):
    """A user of the cluster; the password is in no text that is made of it."""

    user: str
    password: str

    def __repr__(self) -> str:
        """Return the name alone."""
        return f"Credentials({self.user!r})"


class ClusterSettings(NamedTuple):
    """What is set for a clearance: where the cluster is asked, whom it lets in, and how an index is spread there.

    ``alias`` is the first part of the alias, "" where the collection's own is taken; ``replicas`` None where there is one
    as soon as there are two nodes.
    """

    clearance: Clearance
    hosts: tuple[str, ...]
    ca: str = ""
    reader: Credentials | None = None
    publisher: Credentials | None = None
    alias: str = ""
    shards: int = 1
    replicas: int | None = None


def load(clearance: Clearance) -> ClusterSettings:
    """Return what is set for a clearance.

    :raises NoCluster: nothing is set for it, or not as it must be; every fault is named
    """
    given = _of_environment(clearance)
    if given.get("hosts"):
        return _check(given, clearance, tr("the environment"), (*_KNOWN, *_SECRETS))
    path = file()
    return _check(_of_file(path, clearance), clearance, str(path), _KNOWN)


def is_set(clearance: Clearance) -> bool:
    """Return whether anything is set for a clearance, rightly or not."""
    try:
        return bool(_of_environment(clearance).get("hosts") or _of_file(file(), clearance))
    except NoCluster:
        return False


def file() -> Path:
    """Return the file of a person's settings.

    :raises NoCluster: this person has no folder for settings
    """
    folder = system.config_folder()
    if folder is None:
        raise _not_set(tr("no cluster is set, and there is no folder for settings"))
    return folder / FILE


def _not_set(message: str) -> NoCluster:
    return NoCluster(message, tr("docs/opensearch.md says how a cluster is set; --engine whoosh asks none."))


def _of_environment(clearance: Clearance) -> dict[str, Any]:
    middle = "" if clearance == PUBLIC else f"{clearance.upper()}_"
    given: dict[str, Any] = {}
    for name in (*_KNOWN, *_SECRETS):
        value = os.environ.get(f"TESTIMONY_OPENSEARCH_{middle}{name.upper()}", "")
        if value:
            given[name] = [each.strip() for each in value.split(",") if each.strip()] if name == "hosts" else value
    return {name: int(value) if name in _NUMBERS and value.isdecimal() else value for name, value in given.items()}


def _of_file(path: Path, clearance: Clearance) -> Mapping[str, Any]:
    """Return the table of a clearance.

    :raises NoCluster: there is no such file or table, others could have written it, or it is no TOML
    """
    try:
        status = path.stat()
        if system.is_others(status) or system.is_written_by_others(status):
            message = tr("{path} could have been written by others, so it is not used", path=path)
            raise _not_set(message)
        tables = tomllib.loads(atomic.read_regular(path.resolve(), _MOST_BYTES).decode("utf-8"))
    except OSError as error:
        message = tr("no cluster is set for {clearance} records", clearance=clearance)
        if path.exists():
            message = tr("{path} cannot be read: {reason}", path=path, reason=error.strerror or type(error).__name__)
        raise _not_set(message) from None
    except ValueError as error:  # also of UTF-8
        raise _not_set(tr("{path} is no TOML: {reason}", path=path, reason=squash(str(error))[:200])) from None
    engine = tables.get(ENGINE, {})
    table = engine.get(clearance) if isinstance(engine, dict) else None
    if not isinstance(table, dict):
        message = tr(
            "no cluster is set for {clearance} records: {path} has no table [{table}]",
            clearance=clearance,
            path=path,
            table=f"{ENGINE}.{clearance}",
        )
        raise _not_set(message)
    return table


def _check(given: Mapping[str, Any], clearance: Clearance, where: str, known: tuple[str, ...]) -> ClusterSettings:
    """Return settings that are as they must be.

    :param known: the names that may stand there.

    :raises NoCluster: they are not; every fault is named
    """
    faults = [_unknown(name) for name in given if name not in known]
    faults += [tr("{name} is no text", name=name) for name in _TEXTS if not isinstance(given.get(name, ""), str)]
    hosts = given.get("hosts", [])
    if not isinstance(hosts, list) or not hosts or not all(isinstance(each, str) for each in hosts):
        faults.append(tr("hosts is no list of addresses"))
        hosts = []
    faults += [fault for each in hosts if (fault := _wrong_host(each))]
    shards, replicas = given.get("shards", 1), given.get("replicas")
    if not isinstance(shards, int) or not 1 <= shards <= _MOST_SHARDS:
        faults.append(tr("shards is no number from 1 on"))
    if replicas is not None and (not isinstance(replicas, int) or replicas < 0):
        faults.append(tr("replicas is no number from 0 on"))
    alias = given.get("alias", "")
    if isinstance(alias, str) and alias and not _ALIAS.fullmatch(alias):
        faults.append(tr("alias is not of small letters, digits and hyphens"))
    if faults:
        raise _not_set(tr("the cluster is not set as it must be in {where}: {faults}", where=where, faults="; ".join(faults)))
    reader, publisher = _credentials(given, "", where), _credentials(given, "publisher_", where)
    return ClusterSettings(
        clearance=clearance,
        hosts=tuple(hosts),
        ca=given.get("ca", ""),
        reader=reader,
        publisher=publisher or reader,
        alias=alias,
        shards=shards,
        replicas=replicas,
    )


def _unknown(name: str) -> str:
    if name in _SECRETS:
        return tr("a password stands in a file of its own, named by {name}", name=f"{name}_file")
    close = near(name, _KNOWN)
    hint = (
        tr("Did you mean {names}?", names=join_list(close)) if close else tr("Known are {names}.", names=join_list(_KNOWN, "and"))
    )
    return tr("{name!r} is not known. {hint}", name=squash(name)[:40], hint=hint)


def _wrong_host(address: str) -> str:
    """Return what is wrong with an address of a cluster, "" where nothing is."""
    shown = squash(address)[:80]
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return tr("{address} is no address", address=shown)
    if "@" in parts.netloc:  # shown nowhere: it is a password, or half of one
        return tr("an address holds a user or a password; they stand in user and password_file")
    if parts.scheme not in {"https", "http"} or not host or port == 0:
        return tr("{address} is no address as https://search.example.org:9200", address=shown)
    if parts.path.strip("/") or parts.query or parts.fragment:
        return tr("{address} has more than a host and a port", address=shown)
    if parts.scheme == "http" and not _is_loopback(host):
        return tr("{address} is not encrypted; outside of this machine only https is asked", address=shown)
    return ""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _credentials(given: Mapping[str, Any], which: str, where: str) -> Credentials | None:
    """Return a user with the password, None where none is named.

    :raises NoCluster: there is no password, or others can read its file
    """
    user = given.get(f"{which}user", "")
    if not user:
        return None
    password = given.get(f"{which}password", "")
    if not password and given.get(f"{which}password_file"):
        password = _read_secret(Path(given[f"{which}password_file"]).expanduser())
    if not password:
        raise _not_set(tr("there is no password for {user} in {where}", user=user, where=where))
    return Credentials(user, password)


def _read_secret(path: Path) -> str:
    """Return the first line of a file that its owner alone can read.

    :raises NoCluster: it is not there, or is others' or open to them
    """
    try:
        status = path.stat()
        if system.is_others(status) or system.is_open_to_others(status):
            raise _not_set(tr("{path} can be read by others; it must be yours alone (chmod 600)", path=path))
        first = atomic.read_regular(path.resolve(), _MOST_BYTES).decode("utf-8").splitlines()[:1]
    except OSError as error:
        raise _not_set(tr("{path} cannot be read: {reason}", path=path, reason=error.strerror or type(error).__name__)) from None
    except UnicodeDecodeError:
        raise _not_set(tr("{path} is no text", path=path)) from None
    return first[0] if first else ""
