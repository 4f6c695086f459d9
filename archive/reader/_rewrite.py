"""A record's file written anew as a rendering has it: for what leaves the archive without its withheld words.

Comments, order inside a value and the style of the YAML are those of a
program; every value that stays is as it was written.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from archive.record.testimony import Claim, Note, Relation, Testimony, TextVersion, reference

# What JSON leaves as it is and YAML does not allow in the open.
_UNSPEAKABLE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def write(header: Mapping[str, Any], shown: Testimony) -> bytes:
    """Write a record.

    Which file it was made of stays out: the hashes of that file and of its paragraphs
    are those of all the words, and would bear out a guess at what is withheld.

    :param header: the plain values of the file's header.
    :param shown: the rendering; what it has left out is left out here.
    """
    head = {**header, "source": {key: value for key, value in header["source"].items() if key != "file"}}
    if shown.notes:
        notes = {note.id: note for note in shown.notes}
        head["credibility"] = {
            **head["credibility"],
            "notes": [_note(item, notes[item["id"]]) for item in head["credibility"]["notes"]],
        }
    if "claims" in head:
        claims = {claim.id: claim for claim in shown.claims}
        head["claims"] = [_claim(item, claims[item["id"]]) for item in head["claims"] if item["id"] in claims]
    if "relations" in head:
        kept = {relation[:4]: relation for relation in shown.relations}
        head["relations"] = [_relation(item, kept[name]) for item in head["relations"] if (name := _binding_key(item)) in kept]
    return _file(head, shown.body)


def write_version(header: Mapping[str, Any], shown: TextVersion) -> bytes:
    """Write a version of a record in another language, as `write` does a record."""
    head = dict(header)
    if shown.hashes:
        head["text"] = {**head["text"], "translated": {**head["text"]["translated"], "sha256": list(shown.hashes)}}
    if shown.own_hashes:
        head["text"] = {**head["text"], "sha256": list(shown.own_hashes)}
    return _file(head, shown.body)


def _file(head: Mapping[str, Any], body: str) -> bytes:
    lines = [f"{key}: {_scalar(value)}" for key, value in head.items()]
    return "\n".join(["---", *lines, "---", body]).encode()


def _note(item: dict[str, Any], shown: Note) -> dict[str, Any]:
    about = dict(item["about"])
    if shown.about.hashes:
        about["sha256"] = list(shown.about.hashes)
    quote = about.pop("quote", None)
    if quote and shown.about.exact:
        ends = {"prefix": shown.about.prefix, "suffix": shown.about.suffix}
        about["quote"] = {"exact": quote["exact"], **{end: words for end, words in ends.items() if words}}
    new = {**item, "about": about}
    if "with" in new:
        hashes = shown.against_hashes or ((),) * len(shown.against)
        new["with"] = [
            {"ref": link, "sha256": list(item)} if item else link for link, item in zip(shown.against, hashes, strict=True)
        ]
    return new


def _claim(item: dict[str, Any], shown: Claim) -> dict[str, Any]:
    new = {**item, "paragraphs": [str(number) for number in shown.paragraphs]}
    if shown.hashes:
        new["sha256"] = list(shown.hashes)
    if "quote" in new and not shown.exact:
        del new["quote"]
    elif "quote" in new:
        new["quote"] = {"exact": new["quote"]["exact"]}
    return new


def _relation(item: dict[str, Any], shown: Relation) -> dict[str, Any]:
    if "own" in item.get("sha256", {}):
        return {**item, "sha256": {**item["sha256"], "own": list(shown.own_hashes)}}
    return item


def _binding_key(item: dict[str, Any]) -> tuple[str, str, tuple[int, ...], tuple[int, ...]]:
    link = reference(item["code"])
    return item["type"], link.code, tuple(map(int, item.get("paragraphs", ()))), link.paragraphs


def _scalar(value: Any) -> str:  # noqa: ANN401 - any value of a header
    plain = json.dumps(value, ensure_ascii=False)
    return _UNSPEAKABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", plain)
