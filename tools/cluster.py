"""Start and stop a real OpenSearch of three nodes on loopback, for the tests and for trying: ``.ci/opensearch start``.

The official jars are fetched once by Maven into a cache outside of the tree, each held by its hash against
``.ci/opensearch.sha256``, and laid out as the distribution lays them out. The nodes are processes of their own, run by
an unprivileged user, and each is stopped by its number.

``start --secured`` brings up the newest version whose security plugin the registry has, with TLS among the nodes and towards
those who ask, certificates by ``deploy/opensearch/certificates.sh``, the settings and roles of ``deploy/opensearch``, and no
user: who has the administrator's certificate makes them.
"""

import argparse
import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

VERSION = "3.9.0"
LOG4J = "2.25.5"  # as the log4j-api that this version brings
ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy/opensearch"
NOBODY = 65534  # the server refuses to be run by root
JAVA_AT_LEAST = 21
WANTED = {
    "org.opensearch": ["opensearch", "opensearch-plugin-classloader", "opensearch-agent-bootstrap"],
    "org.opensearch.plugin": ["analysis-common", "transport-netty4-client", "lang-painless", "reindex-client"],
    "org.apache.logging.log4j": ["log4j-core"],
}
# name: (class, the jars that belong to it); what lies elsewhere than in the distribution is not found, or found twice.
MODULES = {
    "transport-netty4": ("org.opensearch.transport.Netty4ModulePlugin", r"transport-netty4-client|netty-|opensearch-netty4"),
    "analysis-common": ("org.opensearch.analysis.common.CommonAnalysisModulePlugin", r"analysis-common-\d"),
    "lang-painless": ("org.opensearch.painless.PainlessModulePlugin", r"lang-painless|antlr4|asm-|opensearch-scripting-painless"),
    "reindex": (
        "org.opensearch.index.reindex.ReindexModulePlugin",
        r"reindex-client|opensearch-rest-client|httpc|commons-codec|commons-logging|slf4j|opensearch-ssl-config",
    ),
}
COLLECTIONS = ("commons-collections4", "4.4")
DESCRIPTOR = (
    "description={name}\nversion={version}\nname={name}\nclassname={class_name}\njava.version=21\n"
    "opensearch.version={version}\nhas.native.controller=false\n"
)
SETTINGS = """\
cluster.name: testimony-{first}
node.name: n{number}
path.data: {folder}/data
path.logs: {folder}/logs
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
discovery.seed_hosts: [{seeds}]
cluster.initial_cluster_manager_nodes: [{names}]
cluster.no_cluster_manager_block: all
cluster.routing.allocation.disk.threshold_enabled: false
search.default_allow_partial_results: false
action.auto_create_index: false
action.destructive_requires_name: true
indices.query.bool.max_clause_count: 65536
"""
ARCHIVE = "classes.jsa"
LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %marker%m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


@dataclass(frozen=True)
class Release:
    """A version of the server: that of its log4j-api, the file with the hashes of its jars, and the security plugin, if any."""

    version: str
    log4j: str
    hashes: Path
    plugin: str = ""

    @property
    def cache(self) -> Path:
        """Return the folder that keeps the jars from one run to the next."""
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return Path(base) / "testimony" / f"opensearch-{self.version}"


PLAIN = Release(VERSION, LOG4J, ROOT / ".ci/opensearch.sha256")
SECURED = Release("3.4.0", "2.21.0", ROOT / ".ci/opensearch-secured.sha256", "opensearch-security-3.4.0.0.zip")


class ClusterFault(Exception):
    """What keeps the cluster from being started, and what to do about it."""


@dataclass(frozen=True)
class Cluster:
    """A cluster on this machine: its folder, the number of its nodes, and the first port of each kind."""

    folder: Path
    nodes: int = 3
    http: int = 9201
    transport: int = 9301
    heap: int = 512  # MB
    secured: bool = False

    @property
    def release(self) -> Release:
        """Return the version that its nodes run."""
        return SECURED if self.secured else PLAIN

    @property
    def addresses(self) -> list[str]:
        """Return where each node is asked."""
        scheme = "https" if self.secured else "http"
        return [f"{scheme}://127.0.0.1:{self.http + each}" for each in range(self.nodes)]

    @property
    def certificates(self) -> Path:
        """Return the folder of the authority and what it signed: ``ca``, ``admin``, and a name for each node."""
        return self.folder / "certificates"

    def opener(self) -> urllib.request.OpenerDirector:
        """Return what asks a node as the administrator, whatever proxy is set."""
        handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
        if self.secured:
            context = ssl.create_default_context(cafile=str(self.certificates / "ca.pem"))
            context.load_cert_chain(self.certificates / "admin.pem", self.certificates / "admin.key")
            handlers.append(urllib.request.HTTPSHandler(context=context))
        return urllib.request.build_opener(*handlers)

    def node(self, number: int) -> Path:
        """Return the folder of the node of this number, from 1 on."""
        return self.folder / f"n{number}"

    def pid(self, number: int) -> int | None:
        """Return the process of this node, or None where it does not run."""
        try:
            pid = int((self.node(number) / "pid").read_text())
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        # The number of a process that has ended may be another's by now.
        return pid if f"-Dopensearch.path.conf={self.node(number)}/config".encode() in command.split(b"\0") else None

    def remember(self) -> None:
        """Write down beside the nodes what was chosen, so that who stops them need not know it."""
        chosen = {name: value for name, value in asdict(self).items() if name != "folder"}
        (self.folder / "cluster.json").write_text(json.dumps(chosen))

    def running(self) -> list[int]:
        """Return the numbers of the nodes that run."""
        return [number for number in range(1, self.nodes + 1) if self.pid(number)]


def remembered(folder: Path) -> Cluster:
    """Return the cluster that was started in a folder last; one of the usual size where there was none."""
    try:
        return Cluster(folder, **json.loads((folder / "cluster.json").read_text()))
    except (OSError, ValueError, TypeError):
        return Cluster(folder)


def free_ports(count: int) -> int:
    """Return the first of some ports in a row that nobody listens at."""
    for first in range(19201, 29000, 10):
        with contextlib.ExitStack() as sockets:
            try:
                for port in range(first, first + count):
                    sockets.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    message = "no ports are free"
    raise ClusterFault(message)


def default_folder() -> Path:
    """Return the folder where the nodes keep what they have: it must be one that the user of the server may read."""
    return Path(os.environ.get("TESTIMONY_CLUSTER_FOLDER") or Path(tempfile.gettempdir()) / f"testimony-opensearch-{os.getuid()}")


def find_java() -> Path:
    """Return a Java that is new enough.

    :raises ClusterFault: there is none
    """
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    candidates = [home / "bin/java" for home in homes]
    candidates += [Path(found)] if (found := shutil.which("java")) else []
    for java in candidates:
        if not java.is_file():
            continue
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
        version = re.search(r'version "(\d+)', said)
        if version and int(version[1]) >= JAVA_AT_LEAST:
            return java
    message = (
        f"OpenSearch needs Java {JAVA_AT_LEAST} or newer, and there is none here: install one"
        " (`apt-get install openjdk-21-jre-headless`, or a Temurin) or let JAVA_HOME point to it"
    )
    raise ClusterFault(message)


def find_maven(release: Release = PLAIN) -> None:
    """Look whether the jars are here, or can be fetched.

    :raises ClusterFault: neither
    """
    if not shutil.which("mvn") and wrong_jars(release.cache / "jars", wanted_jars(release)):
        message = "the jars of OpenSearch are fetched by Maven, which is not here: install it (`apt-get install maven`)"
        raise ClusterFault(message)


def wanted_jars(release: Release = PLAIN) -> dict[str, str]:
    """Return the hash of every jar by its name."""
    pairs = (line.split() for line in release.hashes.read_text().splitlines() if line and not line.startswith("#"))
    return {name: digest for digest, name in pairs}


def wrong_jars(folder: Path, wanted: dict[str, str]) -> list[str]:
    """Return the names of the jars that are not there, or are not what they should be."""
    return [name for name, digest in wanted.items() if not (folder / name).is_file() or sha256(folder / name) != digest]


def sha256(path: Path) -> str:
    """Return the hash of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch_jars(cache: Path, release: Release = PLAIN) -> Path:
    """Return the folder with every jar, each held against its hash; what is not there is fetched by Maven.

    :raises ClusterFault: there is no Maven, it could not fetch them, or a jar is not the one that is expected
    """
    jars, wanted = cache / "jars", wanted_jars(release)
    if not wrong_jars(jars, wanted):
        return jars
    find_maven(release)
    jars.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        run_maven(Path(folder), release)
        for name in wanted:
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(Path(folder, "jars", name), jars / f"{name}.part")
                (jars / f"{name}.part").replace(jars / name)
    if wrong := wrong_jars(jars, wanted):
        message = f"not what {release.hashes.relative_to(ROOT)} expects: {', '.join(wrong)}; nothing is started"
        raise ClusterFault(message)
    return jars


def run_maven(folder: Path, release: Release = PLAIN) -> None:
    """Have Maven copy the server and all that it needs into ``jars`` in this folder.

    :raises ClusterFault: it could not
    """
    versions = {"log4j-core": release.log4j}
    wanted = [_dependency(group, name, versions.get(name, release.version)) for group, names in WANTED.items() for name in names]
    if release.plugin:
        name, _, version = release.plugin.removesuffix(".zip").rpartition("-")
        alone = "<type>zip</type><exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"
        wanted.append(_dependency("org.opensearch.plugin", name, version, alone))
        wanted.append(_dependency("org.apache.commons", *COLLECTIONS))
    (folder / "pom.xml").write_text(
        "<project><modelVersion>4.0.0</modelVersion><groupId>testimony</groupId><artifactId>cluster</artifactId><version>1</version>"
        f"<packaging>pom</packaging><dependencies>{''.join(wanted)}</dependencies></project>\n"
    )
    command = ["mvn", "-B", "-q", "-f", folder / "pom.xml", "dependency:copy-dependencies"]
    done = subprocess.run(
        [*command, f"-DoutputDirectory={folder / 'jars'}"], capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        message = f"Maven could not fetch OpenSearch {release.version}:\n{(done.stdout + done.stderr)[-2000:]}"
        raise ClusterFault(message)


def _dependency(group: str, name: str, version: str, more: str = "") -> str:
    named = f"<groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version>"
    return f"<dependency>{named}{more}</dependency>"


def lay_out(jars: Path, home: Path, release: Release = PLAIN) -> None:
    """Lay the jars out as the distribution does, each module in its folder with its descriptor."""
    shutil.rmtree(home, ignore_errors=True)
    for each in ("lib", "bin", "plugins", "config"):  # an absent bin/ is a fatal error at the start
        (home / each).mkdir(parents=True)
    left = {name: jars / name for name in sorted(wanted_jars(release))}
    if release.plugin:
        lay_out_plugin(left.pop(release.plugin), left.pop("-".join(COLLECTIONS) + ".jar"), home / "plugins/opensearch-security")
    for name, (class_name, pattern) in MODULES.items():
        folder = home / "modules" / name
        folder.mkdir(parents=True)
        for jar in [each for each in left if re.match(pattern, each)]:
            source = left.pop(jar)
            if not re.search(r"osx|windows|aarch", jar):
                shutil.copy2(source, folder)
        descriptor = DESCRIPTOR.format(name=name, class_name=class_name, version=release.version)
        (folder / "plugin-descriptor.properties").write_text(descriptor)
    for source in left.values():
        shutil.copy2(source, home / "lib")


def lay_out_plugin(plugin: Path, collections: Path, folder: Path) -> None:
    """Unpack the security plugin; that of rules, which it names and which no registry has, would have brought a library."""
    with zipfile.ZipFile(plugin) as packed:
        packed.extractall(folder)
    shutil.copy(collections, folder)
    descriptor = folder / "plugin-descriptor.properties"
    descriptor.write_text(re.sub(r"(?m)^extended\.plugins=.*$", "extended.plugins=", descriptor.read_text()))


def prepare(cluster: Cluster) -> Path:
    """Return the laid out server in the folder of a cluster; an earlier cluster's data there is gone.

    :raises ClusterFault: the folder is somebody else's, or the jars cannot be had
    """
    folder = cluster.folder
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid() or folder.is_symlink():
        message = f"{folder} is not yours: let TESTIMONY_CLUSTER_FOLDER name another folder"
        raise ClusterFault(message)
    folder.chmod(0o755)  # the user of the server must come through
    cluster.remember()
    home = folder / "home"
    lay_out(fetch_jars(cluster.release.cache, cluster.release), home, cluster.release)
    if cluster.secured:
        make_certificates(cluster)
    for number in range(1, cluster.nodes + 1):
        shutil.rmtree(cluster.node(number), ignore_errors=True)
        write_settings(cluster, number)
    return home


def write_settings(cluster: Cluster, number: int) -> None:
    """Write the folder of a node with its settings."""
    folder = cluster.node(number)
    for each in ("config", "data", "logs", "tmp"):
        (folder / each).mkdir(parents=True)
    numbers = range(1, cluster.nodes + 1)
    settings = SETTINGS.format(
        first=cluster.http,
        number=number,
        folder=folder,
        http=cluster.http + number - 1,
        transport=cluster.transport + number - 1,
        seeds=", ".join(f'"127.0.0.1:{cluster.transport + each - 1}"' for each in numbers),
        names=", ".join(f"n{each}" for each in numbers),
    )
    (folder / "config/opensearch.yml").write_text(settings + (secure(cluster, number) if cluster.secured else ""))
    (folder / "config/log4j2.properties").write_text(LOGGING)
    if os.getuid() == 0:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)


def make_certificates(cluster: Cluster) -> None:
    """Make an authority and what it signs, by the script that operators are given.

    :raises ClusterFault: it could not
    """
    shutil.rmtree(cluster.certificates, ignore_errors=True)
    script = Path(shutil.copy(DEPLOY / "certificates.sh", cluster.folder))
    nodes = [f"n{number}" for number in range(1, cluster.nodes + 1)]
    done = subprocess.run([script, *nodes], capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"no certificates could be made (is openssl here?):\n{done.stderr[-2000:]}"
        raise ClusterFault(message)


def secure(cluster: Cluster, number: int) -> str:
    """Give a node its certificate and the security plugin its files; return the settings, which are those of operators."""
    config = cluster.node(number) / "config"
    (config / "certificates").mkdir()
    for source, name in ((f"n{number}.pem", "node.pem"), (f"n{number}.key", "node.key"), ("ca.pem", "ca.pem")):
        shutil.copy(cluster.certificates / source, config / "certificates" / name)
    files = config / "opensearch-security"
    shutil.copytree(cluster.folder / "home/plugins/opensearch-security/config", files)
    for name in ("roles.yml", "internal_users.yml", "roles_mapping.yml"):
        shutil.copy(DEPLOY / name, files)
    for path in (*(config / "certificates").iterdir(), *files.iterdir()):
        path.chmod(0o600)  # the plugin warns of more
    lines = (DEPLOY / "opensearch.yml").read_text().splitlines(keepends=True)
    return "".join(line.replace("CN=node", "CN=n") for line in lines if line.startswith("plugins.security."))


def archive_classes(cluster: Cluster) -> None:
    """Put the classes of the server beside it as Java has them in memory, with which a node starts in half the time.

    They are archived once, by a node that runs for it alone, and kept with the jars for this Java and these files; where that
    fails, nodes start as they do without.
    """
    cache = cluster.release.cache
    built = subprocess.run([find_java(), "-version"], capture_output=True, check=False).stderr
    jars = [f"{jar.name} {jar.stat().st_mtime_ns}" for jar in sorted((cluster.folder / "home").rglob("*.jar"))]
    kept = cache / f"classes-{hashlib.sha256(built + repr(jars).encode()).hexdigest()[:16]}.jsa"
    with contextlib.suppress(OSError, ClusterFault):
        if not kept.exists():
            for older in cache.glob("classes-*.jsa"):
                older.unlink()
            with tempfile.TemporaryDirectory(dir=cluster.folder) as folder:
                shutil.copy(run_once(Path(folder), cluster), kept.with_suffix(".part"))
            kept.with_suffix(".part").replace(kept)
        shutil.copy(kept, cluster.folder / "home" / ARCHIVE)


def run_once(folder: Path, cluster: Cluster) -> Path:
    """Return the file in which a node, that ran until it had found a document, left the classes that it had loaded.

    :raises ClusterFault: it could not be started
    """
    http = free_ports(2)
    alone = Cluster(folder, 1, http, http + 1, cluster.heap)
    prepare(alone)
    made = alone.node(1) / "tmp" / ARCHIVE
    try:
        launch(alone, 1, f"-XX:ArchiveClassesAtExit={made}")
        wait_until_green(alone)
        for method, path, body in (
            ("PUT", "one", {"settings": {"number_of_replicas": 0}}),
            ("PUT", "one/_doc/1?refresh=true", {"word": "well"}),
            ("POST", "one/_search", {"query": {"match": {"word": "well"}}}),
            ("DELETE", "one", {}),
        ):
            asked = urllib.request.Request(  # noqa: S310 - of this machine alone
                f"{alone.addresses[0]}/{path}", json.dumps(body).encode(), method=method
            )
            asked.add_header("Content-Type", "application/json")
            alone.opener().open(asked, timeout=60).close()
    finally:
        stop(alone, 120)
    return made


def launch(cluster: Cluster, number: int, *more: str) -> None:
    """Start the process of one node, which goes on when this program ends.

    :param more: what Java is told besides
    """
    folder, home = cluster.node(number), cluster.folder / "home"
    options = [f"-Xms{cluster.heap}m", f"-Xmx{cluster.heap}m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    options += [f"-Djava.io.tmpdir={folder / 'tmp'}", "-Dlog4j.shutdownHookEnabled=false"]
    options += ["--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData"]
    options += ["-XX:CompileThresholdScaling=0.2", *more]  # these nodes live for minutes: what is called some times is compiled
    if (home / ARCHIVE).exists():
        options += [f"-XX:SharedArchiveFile={home / ARCHIVE}", "-Xlog:cds*=off"]  # where it does not fit, Java goes on without
    options += [f"-Dopensearch.path.home={home}", f"-Dopensearch.path.conf={folder}/config", "-Dopensearch.distribution.type=tar"]
    # Named one by one, in an order that does not hang on the disk: the archived classes are those of these files in this order.
    jars = os.pathsep.join(map(str, sorted((home / "lib").glob("*.jar"))))
    command = [find_java(), *options, "-cp", jars, "org.opensearch.bootstrap.OpenSearch"]
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8"}
    as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
    with (folder / "out").open("ab") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=environment,
            start_new_session=True,
            cwd=folder,
            **as_nobody,
        )
    (folder / "pid").write_text(f"{process.pid}\n")


def health(cluster: Cluster, seconds: float = 5) -> dict[str, object] | None:
    """Return what the first node that answers says of the cluster, or None where none answers."""
    opener = cluster.opener()
    for address in cluster.addresses:
        url = f"{address}/_cluster/health?wait_for_nodes={cluster.nodes}&wait_for_status=green&timeout={seconds:g}s"
        try:
            with opener.open(url, timeout=seconds + 5) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:  # 408: not green in the time given; 503: no manager yet
            with contextlib.suppress(ValueError):
                return json.load(error)
        except OSError:
            continue
    return None


def wait_until_green(cluster: Cluster, seconds: float = 300) -> None:
    """Wait until every node has joined.

    :raises ClusterFault: a node ended, or the time is over; with the last that the nodes wrote
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if len(cluster.running()) < cluster.nodes:
            break
        said = health(cluster)
        if said and said.get("status") == "green" and said.get("number_of_nodes") == cluster.nodes:
            return
        time.sleep(0.5)
    raise ClusterFault("the cluster did not come up:\n" + "\n".join(last_words(cluster)))


def last_words(cluster: Cluster) -> Iterator[str]:
    """Yield the last that each node wrote."""
    for number in range(1, cluster.nodes + 1):
        with contextlib.suppress(OSError):
            yield f"--- n{number}"
            yield from (cluster.node(number) / "out").read_text(errors="replace").splitlines()[-12:]


def start(cluster: Cluster) -> None:
    """Start a cluster of empty nodes, and wait until it answers; one that runs already is left as it is.

    :raises ClusterFault: it cannot be started
    """
    if len(cluster.running()) == cluster.nodes:
        wait_until_green(cluster)
        return
    stop(cluster)
    find_java()
    prepare(cluster)
    if not cluster.secured:
        archive_classes(cluster)
    try:
        for number in range(1, cluster.nodes + 1):
            launch(cluster, number)
        wait_until_green(cluster)
    except BaseException:
        stop(cluster)
        raise


def stop(cluster: Cluster, seconds: float = 20) -> None:
    """End every node by its number: asked first, and killed where it has not ended in time."""
    pids = {number: pid for number in range(1, cluster.nodes + 1) if (pid := cluster.pid(number))}
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for number in pids:
            if pid := cluster.pid(number):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, sign)
        deadline = time.monotonic() + seconds
        while cluster.running() and time.monotonic() < deadline:
            time.sleep(0.1)


def main() -> int:
    """Start a cluster, stop it, or say where it stands; return 0 where it runs (at ``stop``: where it has ended)."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("do", choices=["start", "stop", "status", "check"])
    parser.add_argument("--folder", type=Path, default=default_folder(), help="where the nodes keep what they have")
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--http", type=int, default=9201, help="port of the first node; 0 for any that are free")
    parser.add_argument("--transport", type=int, default=9301, help="port of the first node among nodes; 0 likewise")
    parser.add_argument("--secured", action="store_true", help=f"with TLS and roles, which is OpenSearch {SECURED.version}")
    parser.add_argument("--heap", type=int, default=512, help="MB a node")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped again
    try:
        return do(given)
    except ClusterFault as fault:
        print(fault, file=sys.stderr)
        return 1


def do(given: argparse.Namespace) -> int:
    """Do what was asked for.

    :raises ClusterFault: it cannot be done
    """
    folder = given.folder.absolute()
    if given.do == "check":
        find_java()
        find_maven(SECURED if given.secured else PLAIN)
        return 0
    cluster = remembered(folder)
    if given.do == "stop":
        stop(cluster)
        return 1 if cluster.running() else 0
    if given.do == "start" and not cluster.running():
        http = given.http or free_ports(2 * given.nodes)
        cluster = Cluster(folder, given.nodes, http, given.transport or http + given.nodes, given.heap, given.secured)
    if given.do == "start":
        start(cluster)
    for number in cluster.running():
        print(cluster.addresses[number - 1], f"process {cluster.pid(number)}")
    return 0 if len(cluster.running()) == cluster.nodes else 1


if __name__ == "__main__":
    sys.exit(main())
