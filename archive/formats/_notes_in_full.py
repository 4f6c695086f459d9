"""Which notes an answer has given in full, and where: each is printed once, and named at every other passage."""

from collections.abc import Iterable

from archive.record.testimony import Note, Testimony


class NotesInFull:
    """The notes that were given in full so far, each with the place where it stands."""

    def __init__(self) -> None:
        """Begin with none."""
        self._at: dict[tuple[str, str], str] = {}

    def split(
        self, notes: Iterable[Note], testimony: Testimony, place: str
    ) -> tuple[tuple[Note, ...], tuple[tuple[str, tuple[Note, ...]], ...]]:
        """Return the notes to be given in full here, and those that stand in full elsewhere, by the place where they do.

        :param testimony: the record in which they are in force.
        :param place: how this place is named where one of them is named again.
        """
        here: list[Note] = []
        elsewhere: dict[str, list[Note]] = {}
        for note in notes:
            at = self.place_of(note.origin or testimony.code, note, place)
            if at:
                elsewhere.setdefault(at, []).append(note)
            else:
                here.append(note)
        return tuple(here), tuple((at, tuple(each)) for at, each in elsewhere.items())

    def place_of(self, record: str, note: Note, place: str) -> str:
        """Return where a note stands in full; "" where it did not yet, and is to be given in full now, at this place.

        :param record: the code of the record that has it.
        """
        before = self._at.get((record, note.id), "")
        self._at.setdefault((record, note.id), place)
        return before
