"""Opens the room: listens on this machine alone, says where, and closes when it is told to."""

import logging
import signal
import socket
import webbrowser
from collections.abc import Callable
from types import FrameType
from typing import Final

import waitress

from archive import system
from archive.archive import Archive
from archive.errors import CannotWrite
from archive.language.messages import current_language, tr
from archive.record.testimony import Clearance
from archive.web._app import AccessKey, Room, application, first_address
from archive.web._keeping import KeeperRoom, take_files
from archive.web._shared_archive import SharedArchive

HOST: Final = "127.0.0.1"


def serve(  # noqa: PLR0913 - by keyword
    opened: Callable[[], Archive],
    clearance: Clearance,
    port: int,
    say: Callable[[str], None],
    *,
    browser: bool = True,
    keeper: bool = False,
) -> None:
    """Open the room, and keep it open until it is interrupted.

    :param opened: opens the collection.
    :param port: 0 for one that is free.
    :param say: is told the address.
    :param browser: show it in the browser of the person.
    :param keeper: open the keeper's desk in its place, where records are changed.
    :raises CannotWrite: the port is taken.
    """
    shared, access_key = SharedArchive(opened), AccessKey()
    # What is wrong with the collection is told before anything is opened; a keeper may begin the first record.
    shared.ask((lambda archive: archive.agreed) if keeper else (lambda archive: archive.coverage))
    room = (KeeperRoom if keeper else Room)(shared, clearance, current_language(), access_key)
    listening = _listen(port)
    taken = listening.getsockname()[1]
    room.hosts = frozenset({f"{HOST}:{taken}", f"localhost:{taken}"})
    logging.getLogger("waitress").setLevel(logging.CRITICAL + 1)  # what is asked stands in no log
    served = application(room)
    if keeper:
        take_files(served)
    server = waitress.create_server(served, sockets=[listening], threads=1, ident=None)
    signal.signal(signal.SIGTERM, _stop)
    address = first_address(access_key, taken)
    say(address)
    if browser and system.has_screen():
        webbrowser.open(address)
    try:
        server.run()
    finally:
        server.close()
        room.close()
        shared.close()


def _listen(port: int) -> socket.socket:
    try:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.bind((HOST, port))
    except OSError as error:
        message = tr("nothing can listen at port {port}: {reason}", port=port, reason=error.strerror or error)
        raise CannotWrite(message, tr("Leave --port out: a port that is free is chosen.")) from error
    return listening


def _stop(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)
