"""What cluster is asked: a person's own settings say it, and nothing in a collection does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import made_up
from archive import system
from archive.engine.opensearch import settings
from archive.errors import NoCluster
from archive.record.testimony import PUBLIC, RESTRICTED
from running import TOP, ask_program

HOST = "https://search.example.org:9200"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder of settings, and nothing in the environment."""
    for name in [name for name in os.environ if name.startswith("TESTIMONY_OPENSEARCH_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv("TESTIMONY_CONFIG", str(folder))
    return folder


def put(folder: Path, content: str, mode: int = 0o600) -> Path:
    """Write the settings."""
    file = folder / "engines.toml"
    file.write_text(content, encoding="utf-8")
    file.chmod(mode)
    return file


def secret(folder: Path, password: str, mode: int = 0o600) -> Path:
    """Write a password into a file of its own."""
    file = folder / "password"
    file.write_text(f"{password}\n", encoding="utf-8")
    file.chmod(mode)
    return file


def test_a_table_a_clearance_says_where_and_as_whom(folder: Path) -> None:
    """Hosts, CA, users for reading and for publishing, alias, shards and replicas."""
    password = secret(folder, "pass wörd")
    put(
        folder,
        f'[opensearch.public]\nhosts = ["{HOST}"]\nca = "/etc/ca.pem"\nuser = "reader"\npassword_file = "{password}"\n'
        f'publisher_user = "writer"\npublisher_password_file = "{password}"\nalias = "nkt"\nshards = 3\nreplicas = 1\n',
    )
    loaded = settings.load(PUBLIC)
    assert loaded.hosts == (HOST,)
    assert (loaded.ca, loaded.alias, loaded.shards, loaded.replicas) == ("/etc/ca.pem", "nkt", 3, 1)
    assert loaded.reader == settings.Credentials("reader", "pass wörd")
    assert loaded.publisher == settings.Credentials("writer", "pass wörd")
    assert "wörd" not in repr(loaded)


def test_restricted_records_go_only_where_a_table_of_their_own_says(folder: Path) -> None:
    """What is set for public records is not taken for others."""
    put(folder, f'[opensearch.public]\nhosts = ["{HOST}"]\n')
    with pytest.raises(NoCluster, match="no cluster is set for restricted records"):
        settings.load(RESTRICTED)


def test_the_environment_is_taken_whole_or_not_at_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No password of the file goes to hosts that the environment names."""
    put(folder, f'[opensearch.public]\nhosts = ["{HOST}"]\nuser = "reader"\npassword_file = "{secret(folder, "p")}"\n')
    monkeypatch.setenv("TESTIMONY_OPENSEARCH_HOSTS", "https://other.example.org, https://third.example.org:9200")
    loaded = settings.load(PUBLIC)
    assert loaded.hosts == ("https://other.example.org", "https://third.example.org:9200")
    assert loaded.reader is None
    monkeypatch.setenv("TESTIMONY_OPENSEARCH_USER", "me")
    monkeypatch.setenv("TESTIMONY_OPENSEARCH_PASSWORD", "mine")
    assert settings.load(PUBLIC).reader == settings.Credentials("me", "mine")
    with pytest.raises(NoCluster):
        settings.load(RESTRICTED)
    monkeypatch.setenv("TESTIMONY_OPENSEARCH_RESTRICTED_HOSTS", "https://inner.example.org")
    assert settings.load(RESTRICTED).hosts == ("https://inner.example.org",)


WRONG = {
    'hosts = "https://a.example.org"': "hosts is no list of addresses",
    "hosts = []": "hosts is no list of addresses",
    'hosts = ["http://search.example.org:9200"]': "is not encrypted",
    'hosts = ["https://me:word@search.example.org"]': "an address holds a user or a password",
    'hosts = ["https://search.example.org/path"]': "has more than a host and a port",
    'hosts = ["search.example.org"]': "is no address as https://search.example.org:9200",
    'hosts = ["https://[::1"]': "is no address",
    f'hosts = ["{HOST}"]\nverify = false': "'verify' is not known",
    f'hosts = ["{HOST}"]\npassword = "secret-word"': "a password stands in a file of its own",
    f'hosts = ["{HOST}"]\nuser = "reader"': "there is no password for reader",
    f'hosts = ["{HOST}"]\nalias = "*"': "alias is not of small letters",
    f'hosts = ["{HOST}"]\nshards = 0': "shards is no number from 1 on",
    f'hosts = ["{HOST}"]\nreplicas = -1': "replicas is no number from 0 on",
    f'hosts = ["{HOST}"]\nca = 3': "ca is no text",
    "hosts = [": "is no TOML",
}


@pytest.mark.parametrize("written", WRONG)
def test_what_is_not_as_it_must_be_is_named(folder: Path, written: str) -> None:
    """One clear error, without a word of a password; there is no way to switch the look at certificates off."""
    put(folder, f"[opensearch.public]\n{written}\n")
    with pytest.raises(NoCluster) as told:
        settings.load(PUBLIC)
    assert WRONG[written] in told.value.message
    assert "word@" not in told.value.message
    assert "secret-word" not in told.value.message


def test_every_fault_is_named_at_once(folder: Path) -> None:
    """Who mends one need not come back for the next."""
    put(folder, '[opensearch.public]\nhosts = ["http://a.example.org"]\nshards = "many"\nnonsense = 1\n')
    with pytest.raises(NoCluster) as told:
        settings.load(PUBLIC)
    for each in ("is not encrypted", "shards is no number", "'nonsense' is not known"):
        assert each in told.value.message


@pytest.mark.skipif(system.WINDOWS, reason="modes")
def test_files_that_others_can_write_or_read_are_not_used(folder: Path) -> None:
    """Who writes the settings says where queries go; who reads a password file is let in."""
    put(folder, f'[opensearch.public]\nhosts = ["{HOST}"]\n', mode=0o620)
    with pytest.raises(NoCluster, match="could have been written by others"):
        settings.load(PUBLIC)
    opened = secret(folder, "p", mode=0o644)
    put(folder, f'[opensearch.public]\nhosts = ["{HOST}"]\nuser = "reader"\npassword_file = "{opened}"\n')
    with pytest.raises(NoCluster, match="can be read by others"):
        settings.load(PUBLIC)
    opened.chmod(0o600)
    assert settings.load(PUBLIC).reader


def test_without_a_cluster_there_is_one_line_and_no_answer(tmp_path: Path) -> None:
    """Exit code 22, what to do about it, and nothing on standard output; `--engine whoosh` needs none."""
    root = made_up.collection(tmp_path / "c", made_up.record(made_up.header("NKT-9001"), "A word."))
    for command in (["search", "word"], ["index"], ["show", "NKT-9001"], ["facets"]):
        ran = ask_program(root, "--engine", "opensearch", *command)
        assert (ran.code, ran.out) == (22, ""), command
        assert "no cluster is set for public records" in ran.err
        assert "Traceback" not in ran.err
    assert ask_program(root, "search", "word").code == 0


def test_a_dead_cluster_is_the_same_error(tmp_path: Path) -> None:
    """Nobody listens there; a certificate that nobody vouches for is no better."""
    root = made_up.collection(tmp_path / "c", made_up.record(made_up.header("NKT-9001"), "A word."))
    for host in ("http://127.0.0.1:9", "https://127.0.0.1:9"):
        ran = ask_program(root, "search", "word", TESTIMONY_ENGINE="opensearch", TESTIMONY_OPENSEARCH_HOSTS=host)
        assert (ran.code, ran.out) == (22, "")
        assert f"no node of {host} answers" in ran.err


# What asks another machine; urllib3 makes one socket at its import, to see whether this machine knows IPv6, and asks nobody.
WATCHED = """
import sys
from pathlib import Path
allowed = [str(Path(each).resolve()) for each in sys.argv[1:3]]
seen = []
def watch(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"}:
        seen.append((event, str(arguments)))
    elif event == "open" and isinstance(arguments[0], str) and "hostile" in arguments[0]:
        seen.append((event, arguments[0]))
from archive.cli import group
sys.addaudithook(watch)
try:
    group.main(sys.argv[3:])
except SystemExit as ended:
    print("code", ended.code, file=sys.stderr)
for each in seen:
    print("SEEN", *each, file=sys.stderr)
"""


@pytest.mark.parametrize("engine", ["whoosh", "opensearch"])
def test_a_collection_names_no_cluster_and_no_file_outside(tmp_path: Path, engine: str) -> None:
    """Whatever settings a collection brings: no socket is opened, and no file that it names."""
    root = made_up.collection(tmp_path / "c", made_up.record(made_up.header("NKT-9001"), "A word."))
    outside = tmp_path / "hostile"
    outside.mkdir()
    written = (
        f'[opensearch.public]\nhosts = ["http://127.0.0.1:9"]\nca = "{outside}/ca"\nuser = "x"\npassword_file = "{outside}/p"\n'
    )
    for place in (
        root,
        root / "testimonies",
        root / "authorities",
        root / "index",
        root / ".config" / "testimony",
        root / "config",
    ):
        place.mkdir(parents=True, exist_ok=True)
        place.joinpath("engines.toml").write_text(written, encoding="utf-8")
    root.joinpath(".env").write_text("TESTIMONY_OPENSEARCH_HOSTS=http://127.0.0.1:9\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, root, TOP, "--root", root, "--engine", engine, "search", "word"],
        capture_output=True, text=True, check=False, cwd=root, env={**os.environ, "PYTHONPATH": str(TOP)},
    )  # fmt: skip
    assert "SEEN" not in done.stderr
    assert f"code {0 if engine == 'whoosh' else 22}" in done.stderr


def test_the_control_a_socket_that_is_opened_is_seen(tmp_path: Path) -> None:
    """The same watch sees what a person's own settings ask for."""
    root = made_up.collection(tmp_path / "c", made_up.record(made_up.header("NKT-9001"), "A word."))
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, root, TOP, "--root", root, "--engine", "opensearch", "search", "word"],
        capture_output=True, text=True, check=False, cwd=root,
        env={**os.environ, "PYTHONPATH": str(TOP), "TESTIMONY_OPENSEARCH_HOSTS": "http://127.0.0.1:9"},
    )  # fmt: skip
    assert "SEEN socket.connect" in done.stderr
