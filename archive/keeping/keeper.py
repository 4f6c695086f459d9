"""What keepers do with the files of a collection, whatever their access; each room is loaded when it is needed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

from archive.errors import ConflictingOptions, Fault
from archive.keeping.record_editor import RecordEditor
from archive.language.messages import tr
from archive.record.testimony import RESTRICTED, Clearance, Reference, Testimony, reference

if TYPE_CHECKING:
    import datetime as dt
    from contextlib import AbstractContextManager

    from archive.collection.checks import CheckReport
    from archive.keeping._new_record import RecordFields
    from archive.keeping._notes import Added as Added  # noqa: PLC0414 - fronts name its type
    from archive.keeping._notes import NoteFields
    from archive.keeping._revising import Revised
    from archive.keeping._topic_import import ImportedTopics
    from archive.keeping.authority_edit import AddedEntries, AuthorityFile
    from archive.keeping.bag import BagDifference
    from archive.keeping.diagnosis import Examined
    from archive.keeping.importing.alignment import AlignedVersion
    from archive.keeping.importing.plan import ImportedFile, ImportFields
    from archive.keeping.new_collection import Begun
    from archive.keeping.outcomes import BackedUp, Manifest, Resealed, WrittenBag
    from archive.storage.outside import OutputFile
    from archive.storage.signing import Signature, Signer

# The rooms that are loaded by name; the test of the house counts them as imports of this module.
READ: Final = "archive.reader.read"
CHECKS: Final = "archive.collection.checks"
ENCRYPTION: Final = "archive.storage.encryption"
OUTSIDE: Final = "archive.storage.outside"
ATOMIC: Final = "archive.storage.atomic"
REBINDING: Final = "archive.keeping._rebinding"
NEW_COLLECTION: Final = "archive.keeping.new_collection"
NEW_RECORD: Final = "archive.keeping._new_record"
NOTES: Final = "archive.keeping._notes"
SEALING: Final = "archive.keeping._sealing"
TOPIC_IMPORT: Final = "archive.keeping._topic_import"
AUTHORITY_EDIT: Final = "archive.keeping.authority_edit"
AUTHORITY_IMPORT: Final = "archive.keeping._authority_import"
IMPORTING: Final = "archive.keeping.importing.plan"
RESTORING: Final = "archive.keeping.importing.restoring"
COLUMNS: Final = "archive.keeping.importing.mapping"
ALIGNMENT: Final = "archive.keeping.importing.alignment"
BAG: Final = "archive.keeping.bag"
SIGNING: Final = "archive.storage.signing"
UPDATE: Final = "archive.indexing.update"
DIAGNOSIS: Final = "archive.keeping.diagnosis"
BACKUPS: Final = "archive.storage.backups"
SEALED_COPY: Final = "archive.keeping._sealed_copy"
EDITOR: Final = "archive.storage.editor"
RECORD_FILES: Final = "archive.storage.record_files"
OUTCOMES: Final = "archive.keeping.outcomes"


class Keeper(RecordEditor):
    """A collection as its keepers handle it. `archive.archive.Archive` is one."""

    root: Path
    clearance: Clearance
    identity: Path | None

    def check(self) -> "CheckReport":
        """Return every fault and every warning of every file."""
        opened = import_module(ENCRYPTION).open_records(self.root, self.identity) if self.identity else {}
        report: CheckReport = import_module(CHECKS).check(self.root, opened, self._last_indexed)
        return report

    def _last_indexed(self, code: str) -> Testimony | None:
        """Return a record as the index of any clearance holds it, however old that is."""
        testimony: Testimony | None = import_module(UPDATE).last_indexed(self.root, code)
        return testimony

    def bind(self) -> dict[str, int]:
        """Write the hashes of the paragraphs into notes and claims that have none; returns how many by path.

        :raises CannotWrite: a file cannot be written, or would read differently.
        """
        bound: dict[str, int] = import_module(REBINDING).bind(self.root)
        return bound

    def schema(self, *, of_version: bool = False) -> dict[str, Any]:
        """Return the JSON Schema of a record's header, with the terms of this collection.

        :param of_version: that of the header of a version in another language.
        """
        read = import_module(READ)
        made = read.version_json_schema if of_version else read.json_schema
        schema: dict[str, Any] = made(read.read_authorities(self.root))
        return schema

    def import_topics(
        self, source: Path, *, language: str = "en", scheme: str = "", force: bool = False, dry: bool = False
    ) -> "ImportedTopics":
        """Take a thesaurus in SKOS over as the topics of the collection.

        :param language: of labels that have none.
        :param scheme: the address of the concept scheme, where the file has several.
        :param force: write over the topics that the collection has.
        :param dry: write nothing.
        :raises InvalidAuthorities: with every fault; nothing is written.
        :raises CannotWrite: the collection has topics of its own, or they cannot be written.
        :raises MissingExtra: rdflib is not installed.
        """
        imported: ImportedTopics = import_module(TOPIC_IMPORT).import_topics(
            self.root, source, language=language, scheme=scheme, force=force, dry=dry
        )
        return imported

    @staticmethod
    def begin(folder: Path | str, wanted: Mapping[str, Any]) -> "Begun":
        """Begin a collection of any subject in a folder that is not there, or empty.

        :param wanted: what is known of it; see `archive.keeping.new_collection.Beginning`.
        :raises ConflictingOptions: a value cannot be taken.
        :raises CannotWrite: the folder has something in it, or cannot be written.
        """
        new_collection = import_module(NEW_COLLECTION)
        begun: Begun = new_collection.begin(Path(folder), new_collection.Beginning(**wanted))
        return begun

    @staticmethod
    def beginning(folder: Path | str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a collection in a folder would be called, with a value for everything that was not said."""
        new_collection = import_module(NEW_COLLECTION)
        whole: dict[str, Any] = new_collection.defaults(Path(folder), new_collection.Beginning(**wanted))._asdict()
        return whole

    @staticmethod
    def copy_shipped(folder: Path | str, *, git: bool = False) -> "Begun":
        """Copy the archive that comes with the program into a folder that is not there, or empty.

        :raises NoCollection: this installation has none.
        :raises CannotWrite: the folder has something in it, or cannot be written.
        """
        begun: Begun = import_module(NEW_COLLECTION).copy_shipped(Path(folder), in_git=git)
        return begun

    def add_authority(
        self, kind: str, identifier: str, said: Sequence[str], *, language: str = "", dry: bool = False
    ) -> "AddedEntries":
        """Add a camp, topic, work, conflict or flag to the authorities of the collection, of what a person says of it.

        :param said: FIELD=VALUE pairs, as ``label.ru=…``.
        :param language: of labels and names that name none; else that of the collection.
        :param dry: write nothing.
        :raises ConflictingOptions: a pair cannot be understood, or the id is taken.
        :raises InvalidAuthorities: the entry cannot stand there; nothing is written.
        """
        added: AddedEntries = import_module(AUTHORITY_EDIT).add(self.root, kind, identifier, said, language=language, dry=dry)
        return added

    @staticmethod
    def holds_works(source: Path) -> bool:
        """Return whether a file in RDF or XML is a list of works, as Zotero writes it, and no thesaurus."""
        holds: bool = import_module(AUTHORITY_IMPORT).holds_works(source)
        return holds

    def import_authorities(
        self, source: Path, *, kind: str = "", language: str = "en", facility_type: str = "camp", dry: bool = False
    ) -> "AddedEntries":
        """Add the rows of a table, the places of GeoNames or the works of a bibliography to the authorities of the collection.

        :param kind: of the rows of a table: camp, topic, work, conflict or flag.
        :param language: of labels that name none.
        :param facility_type: of places that have none.
        :param dry: write nothing.
        :raises InvalidAuthorities: with every fault; nothing is written.
        """
        table = import_module(AUTHORITY_IMPORT).read(source, kind, language, facility_type)
        added: AddedEntries = import_module(AUTHORITY_EDIT).add_all(self.root, table.kind, table.entries, table.said, dry=dry)
        return added

    def authority_files(self) -> "tuple[AuthorityFile, ...]":
        """Return each authority file with whose it is and how many entries it has.

        :raises InvalidAuthorities: with every fault of every file.
        """
        files: tuple[AuthorityFile, ...] = import_module(AUTHORITY_EDIT).survey(self.root)
        return files

    def new(self, title: str, **fields: Unpack["RecordFields"]) -> str:
        """Write the skeleton of a record, closed and with consent unknown; returns its path relative to the root.

        :param fields: what the header says; see `archive.keeping._new_record.RecordFields`.
        :raises InvalidTestimony: what was given makes no valid record.
        :raises CannotWrite: the code is taken, or the folder cannot be written to.
        """
        new_record = import_module(NEW_RECORD)
        path: str = new_record.write(self.root, title, new_record.Given(**fields))
        return path

    @staticmethod
    def code_of(path: str) -> str:
        """Return the code of the record that a file of the collection is, by its path."""
        code: str = import_module(RECORD_FILES).code_of(path)
        return code

    def import_files(
        self, paths: Sequence[Path], *, write: bool = False, with_authorities: bool = False, **fields: Unpack["ImportFields"]
    ) -> "Iterator[ImportedFile]":
        """Yield what is, or without ``write`` would be, done with each text of the files that are brought in.

        Each becomes a record of its own, closed and with consent unknown; nothing is written over. What comes
        from exports and bags of our own is restored first, with the access that it had.

        :param paths: files, and folders that are walked.
        :param with_authorities: of an export or a bag take the authority files too, as long as there is no record here.
        :param fields: what is said of them; see `archive.keeping.importing.plan.ImportFields`.
        :raises CannotWrite: the folder of the records cannot be written to.
        """
        importing, restoring = import_module(IMPORTING), import_module(RESTORING)
        ours = list(dict.fromkeys(found for path in paths for found in restoring.find_ours(path)))
        foreign = [path for path in paths if path not in ours]
        restored = set()
        for path in ours:
            for one in restoring.restore(self.root, path, write=write, with_authorities=with_authorities):
                restored.add(one.code)
                yield one
        if foreign:
            wanted = importing.defaults_for(fields)
            yield from importing.import_files(self.root, foreign, wanted, write=write, without=frozenset(ours), taken=restored)

    def laid_out(self, name: str, content: bytes) -> "AbstractContextManager[Path]":
        """Lay a file that is to be brought in beside the records, where its owner alone can read it; it is gone at the end.

        :param name: of which the ending tells the kind of the file; it may be any.
        :raises CannotWrite: nothing can be written there.
        """
        made: AbstractContextManager[Path] = import_module(EDITOR).copy_for_editor(
            self.root, import_module(EDITOR).plain_name(name), content
        )
        return made

    def align(self, code: str, file: Path, **asked: Any) -> "AlignedVersion":  # noqa: ANN401 - the fields of what is asked
        """Return the version of a record in another language that a file gives, with what is doubtful in it; nothing is written.

        :param asked: see `archive.keeping.importing.alignment.VersionAsked`.
        :raises UnreadableDocument: the file cannot be read, or its letters cannot be accounted for.
        :raises BadNote: what is asked cannot be, with every reason.
        :raises CannotWrite: there is a version in that language.
        """
        alignment = import_module(ALIGNMENT)
        version: AlignedVersion = alignment.align(self.root, code, file, alignment.VersionAsked(**asked), self.clearance)
        return version

    def write_version(self, version: "AlignedVersion", *, by: str = "archive", day: str = "") -> "Revised":
        """Write a version that a person has looked at beside its record, and a line into the history of the record.

        :raises CannotWrite: the record has changed since, or there is such a version now.
        :raises InvalidTestimony: the version would have faults, or withholds other words than the record does.
        """
        written: Revised = import_module(ALIGNMENT).write(self.root, version, by, day)
        self.refresh_quietly()
        return written

    def read_mapping(self, file: Path) -> Any:  # noqa: ANN401 - as it is written
        """Return the mapping of a table, as it is written in a file.

        :raises UnreadableDocument: it cannot be read, or is no YAML.
        """
        return import_module(COLUMNS).read_mapping(file)

    def table_columns(self, file: Path, *, hidden: bool = False) -> tuple[list[tuple[str, tuple[str, ...]]], str]:
        """Return the columns of a table with different shapes of their values, never the values, and a mapping to begin with.

        :raises UnreadableDocument: it is no table, or damaged.
        """
        found: tuple[list[tuple[str, tuple[str, ...]]], str] = import_module(COLUMNS).columns_of(file, hidden=hidden)
        return found

    def note(self, about: Reference | str, flag: str, *, dry: bool = False, **fields: Unpack["NoteFields"]) -> "Added":
        """Add a credibility note to a record, or to paragraphs of it, bound to their words by hash and quote.

        :param dry: find out everything and write nothing.
        :param fields: what the note says; see `archive.keeping._notes.NoteFields`.
        :raises BadNote: with every reason why the note cannot be written as asked.
        :raises InvalidTestimony: the file has faults; it is left alone.
        """
        notes = import_module(NOTES)
        where = reference(about) if isinstance(about, str) else about
        added: Added = notes.add(self.root, notes.NoteRequest(where, flag, **fields), dry=dry)
        return added

    def lost_by_sealing(self, code: str) -> list[str]:
        """Describe what public records would lose with a record that is sealed."""
        lost: list[str] = import_module(SEALING).losses(self.root, reference(code).code)
        return lost

    def seal(self, code: str, recipients: Iterable[str] = (), files: Iterable[Path] = ()) -> "Resealed":
        """Encrypt a record for recipients, named or in files of one a line, and remove the plain file.

        Where there is an identity, the sealed file is opened again and compared first.

        :raises UnknownCode: there is no file of that code, or more than one.
        :raises CannotOpen: a recipient is none, or what was encrypted is not whole.
        """
        encryption = import_module(ENCRYPTION)
        own = encryption.identities(self.identity) if self.identity else ()
        to = encryption.recipients(tuple(recipients), tuple(files))
        removed, written = zip(*import_module(SEALING).seal(self.root, reference(code).code, to, own), strict=True)
        resealed: Resealed = import_module(OUTCOMES).Resealed(removed, written, was_opened=bool(own))
        return resealed

    def unseal(self, code: str, identity: Path | None = None) -> "Resealed":
        """Decrypt a sealed record into a plain file, which lies open in the folder from then on.

        :raises ConflictingOptions: there is no identity to open it with.
        :raises CannotOpen: the identity does not open it.
        """
        file = identity or self.identity
        if file is None:
            message = tr("there is no identity to open it with")
            raise ConflictingOptions(message, tr("Give --identity FILE, or set TESTIMONY_IDENTITY."))
        own = import_module(ENCRYPTION).identities(file)
        removed, written = zip(*import_module(SEALING).unseal(self.root, reference(code).code, own), strict=True)
        is_open = import_module(ATOMIC).is_open_to_others
        open_to_others = tuple(record_path for record_path in written if is_open(self.root / record_path))
        resealed: Resealed = import_module(OUTCOMES).Resealed(removed, written, was_opened=True, open=open_to_others)
        return resealed

    def reseal(self, codes: Sequence[str] = (), recipients: Iterable[str] = (), files: Iterable[Path] = ()) -> "Resealed":
        """Encrypt sealed records anew for the recipients named, and for nobody else; without codes, all of them.

        :raises ConflictingOptions: there is no identity to open them with.
        :raises CannotOpen: the identity does not open one of them, or a recipient is none.
        """
        if self.identity is None:
            message = tr("there is no identity to open it with")
            raise ConflictingOptions(message, tr("Give --identity FILE, or set TESTIMONY_IDENTITY."))
        encryption, sealing = import_module(ENCRYPTION), import_module(SEALING)
        own, to = encryption.identities(self.identity), encryption.recipients(tuple(recipients), tuple(files))
        named = [reference(code).code for code in codes] or sealing.sealed_codes(self.root)
        done = [sealing.reseal(self.root, code, to, own) for code in named]
        written = tuple(path for paths, _ in done for path in paths)
        resealed: Resealed = import_module(OUTCOMES).Resealed((), written, was_opened=all(opens for _, opens in done))
        return resealed

    @staticmethod
    def new_key(file: Path, passphrase: str = "") -> str:
        """Make an identity and write it into a file that is not there yet, its owner's alone; returns the recipient.

        :param passphrase: protects the file, where one is given.
        :raises CannotWrite: something is there, or it cannot be written.
        :raises MissingExtra: pyrage is not installed.
        """
        key = import_module(ENCRYPTION).new_key(passphrase)
        import_module(OUTSIDE).refuse_existing(file, force=False)
        import_module(ATOMIC).write_beside(file, key.content, new=True, mode=0o600)
        return str(key.recipient)

    @staticmethod
    def ask_passphrases_by(ask: Callable[[Path], str | None]) -> None:
        """Say who gives the passphrase of an identity file that has one; None where nobody can."""
        import_module(ENCRYPTION).ask_by(ask)

    def manifest(self) -> "Manifest":
        """Return the hashes of the files that a bag of this clearance holds, by the names that these have there.

        :raises EmptyCollection: there is nothing that may be carried away.
        :raises CannotTransfer: a file may not leave as it is.
        """
        bag = import_module(BAG)
        parcel = bag.Parcel(self.root, self.clearance)
        manifest: Manifest = import_module(OUTCOMES).Manifest(bag.hashes(parcel.items()), parcel.faults)
        return manifest

    def compare_manifest(self, file: Path) -> tuple["BagDifference", tuple[Fault, ...]]:
        """Hold the collection against a manifest; returns how they differ, and what of the collection could not be read.

        :raises BadManifest: the file cannot be read, or is none.
        """
        bag = import_module(BAG)
        then = bag.read_manifest(bag.content_of(file), str(file))
        now = self.manifest()
        return bag.compare(now.files, then), now.faults

    @staticmethod
    def sign(content: bytes, key: Path) -> "Signature":
        """Sign bytes with a private key of SSH, or with one of minisign; its passphrase is asked for on the terminal.

        :raises CannotSign: the key cannot be read, or does not sign, or ssh-keygen or minisign is not installed.
        """
        signature: Signature = import_module(SIGNING).sign(content, key)
        return signature

    def signature_file(self, target: Path, key: Path, *, force: bool = False) -> "OutputFile":
        """Check where the signature of a file is written: beside it; it is written over another signature alone.

        :raises CannotWrite: something is there that is none, or ``force`` was not given.
        """
        signing = import_module(SIGNING)
        beside = target.with_name(f"{target.name}{signing.ending_of(key)}")
        return self.output_file(beside, tr("a signature"), force=force, is_ours=signing.is_signature)

    @staticmethod
    def verify_signature(place: Path, signers: Path | None = None) -> "tuple[Signer, BagDifference | None]":
        """Verify the signature beside a manifest, or in a bag with all its files; returns who signed it.

        :param signers: a file of allowed signers as ssh-keygen reads it, or a public key of minisign; without it nobody is named.
        :raises BadSignature: there is none, or it is not of what lies here.
        :raises BadManifest: the manifest cannot be read.
        :raises CannotSign: ssh-keygen or minisign is not installed.
        """
        bag, signing = import_module(BAG), import_module(SIGNING)
        is_bag = place.is_dir()
        file = place / bag.TAG_MANIFEST if is_bag else place
        signer: Signer = signing.verify(bag.content_of(file), signing.beside(file), signers)
        return signer, bag.compare_bag(place) if is_bag else None

    def bag(self, to: Path, day: "dt.date | None" = None, *, key: Path | None = None) -> "WrittenBag":
        """Export records and authorities as a BagIt bag into a folder that is not there yet.

        :param day: the date of the bag, else today in UTC.
        :param key: signs it: a private key of SSH, or one of minisign.
        :raises CannotSign: the key does not sign.
        :raises CannotWrite: the folder is there already, or cannot be written.
        :raises CannotTransfer: a file may not leave as it is.
        """
        bag, outside = import_module(BAG), import_module(OUTSIDE)
        outside.refuse_inside(self.root, to, tr("a bag"))
        parcel = bag.Parcel(self.root, self.clearance)
        files = bag.write_bag(parcel, to, day, sign=None if key is None else lambda content: self.sign(content, key))
        import_module(BACKUPS).remember(self.root, import_module(BACKUPS).BAG, self.clearance)
        written_bag: WrittenBag = import_module(OUTCOMES).WrittenBag(
            len(parcel), files, parcel.faults, outside.is_open(self.clearance, to)
        )
        return written_bag

    def back_up(self, to: Path, recipients: Iterable[str] = (), files: Iterable[Path] = (), *, force: bool = False) -> "BackedUp":
        """Seal all files of the collection, whatever their access, in one file for recipients, named or in files of one a line.

        Where there is an identity, the copy is opened again and compared first.

        :raises CannotOpen: a recipient is none, or a file cannot be read.
        :raises CannotWrite: something is there already, and ``force`` was not given, or it cannot be written.
        """
        encryption, sealed_copy = import_module(ENCRYPTION), import_module(SEALED_COPY)
        output = import_module(OUTSIDE).OutputFile(self.root, RESTRICTED, to, tr("a sealed copy"), force=force)
        own = encryption.identities(self.identity) if self.identity else ()
        copy = sealed_copy.seal(self.root, encryption.recipients(tuple(recipients), tuple(files)))
        if own:
            sealed_copy.opens(copy, own)
        output.write(copy.content)
        import_module(BACKUPS).remember(self.root, import_module(BACKUPS).SEALED_COPY)
        backed_up: BackedUp = import_module(OUTCOMES).BackedUp(copy.files, copy.left_out, was_opened=bool(own))
        return backed_up

    @staticmethod
    def restore(copy: Path, to: Path, identity: Path | None) -> tuple[str, ...]:
        """Put the files of a sealed copy into a folder that is not there yet; returns their paths.

        :raises ConflictingOptions: there is no identity to open it with.
        :raises CannotOpen: the identity does not open it, or it is no sealed copy of a collection.
        :raises CannotWrite: the folder is there already, or cannot be written.
        """
        if identity is None:
            message = tr("there is no identity to open it with")
            raise ConflictingOptions(message, tr("Give --identity FILE, or set TESTIMONY_IDENTITY."))
        encryption = import_module(ENCRYPTION)
        restored: tuple[str, ...] = import_module(SEALED_COPY).restore(
            encryption.content_of(copy), encryption.identities(identity), to
        )
        return restored

    def diagnose(self, day: "dt.date | None" = None, *, deep: bool = False, audit: Path | None = None) -> "Examined":
        """Look at the state of the archive and return each thing that is not as it should be; nothing is changed.

        :param day: by which an embargo has lapsed or not, else today in UTC.
        :param deep: hash every file of every index.
        :param audit: a log of commands whose lines are held against each other.
        """
        examined: Examined = import_module(DIAGNOSIS).examine(
            self.root, day, identity=self.identity, deep=deep, indexed=self._last_indexed, audit=audit
        )
        return examined

    def output_file(
        self, target: Path, what: str, *, force: bool = False, is_ours: Callable[[bytes], bool] = lambda _: True
    ) -> "OutputFile":
        """Check where a person wants something written, for it to be written there later.

        :param what: what is to be written, as "a dossier".
        :param is_ours: asks whether what is there is such a file as will be written.
        :raises ConflictingOptions: it lies inside a folder of the collection.
        :raises CannotWrite: something is there, and ``force`` was not given.
        """
        outside = import_module(OUTSIDE)
        file: OutputFile = outside.OutputFile(self.root, self.clearance, target, what, force=force, is_ours=is_ours)
        return file

    def manifest_file(self, target: Path, *, force: bool = False) -> "OutputFile":
        """Check where a person wants a manifest written; it is written over another manifest alone.

        :raises ConflictingOptions: it lies inside a folder of the collection.
        :raises CannotWrite: something is there that is none, or ``force`` was not given.
        """
        return self.output_file(target, tr("a manifest"), force=force, is_ours=import_module(BAG).is_manifest)

    def is_open(self, file: Path) -> bool:
        """Return whether others can read a file that was written for this clearance, and which is not public."""
        is_open: bool = import_module(OUTSIDE).is_open(self.clearance, file)
        return is_open
