"""A made-up collection that has all that our formats print: claims, pages, footnotes, versions, contradictions, works."""

import json
from pathlib import Path

import made_up
from archive.record.hashing import passage_hash

COAL = "The made-up coal was wet[^1] ⟦p. 12⟧ and the gate was cold. Forty carts were shot at by <an>Gildongmade</an> at dusk."
SNOW = "It snowed on the coal of the made-up gate."
LONG = " ".join(f"Sentence {n} tells of coal carts, mules, lanterns and wet rope." for n in range(1, 24))
NOTE = "[^1]: Later he said that it was a slate heap."
LOOSE = "[^2]: A footnote that nobody calls."
CONFLICTS = [
    {
        "id": "conf-001",
        "subject": "Made up: year of the gate",
        "kind": "date",
        "facilities": ["kwalliso-18"],
        "verdict": "resolved-by-time",
        "severity": "medium",
        "claims": [
            {
                "says": "A made-up ledger dates the gate to 1961.",
                "date": "1961",
                "cites": [{"ref": "ledger-1961", "locator": "table of gates"}],
            },
            {
                "says": "A made-up pamphlet dates it to 1977.",
                "date": "1977",
                "cites": [{"ref": "pamphlet-1999"}],
                "rejected": "The pamphlet confuses it with a bridge.",
            },
        ],
        "note": "The made-up gate was rebuilt once.",
    },
    {
        "id": "conf-002",
        "subject": "Made up: height of the wall",
        "kind": "quantity",
        "facilities": ["kwalliso-18"],
        "verdict": "contested",
        "severity": "high",
        "claims": [
            {"says": "The wall had four metres.", "cites": [{"ref": "ledger-1961"}]},
            {"says": "The wall had nine metres.", "cites": [{"ref": "pamphlet-1999", "locator": "verso"}]},
        ],
    },
]
_READ = {"seen": "whole", "citable": "yes", "reliability": "C", "information": "3", "basis": "A made-up basis."}
SOURCES = [
    {
        "id": "ledger-1961",
        "csl": {
            "type": "book",
            "title": "Ledger of Gates",
            "author": [{"family": "Scrivener", "given": "Mada"}],
            "publisher": "Quillhouse",
            "issued": {"date-parts": [[1962]]},
            "URL": "https://example.org/ledger",
        },
        **_READ,
    },
    {
        "id": "pamphlet-1999",
        "csl": {
            "type": "pamphlet",
            "title": "Pamphlet on Bridges",
            "publisher": "Inkwell",
            "issued": {"date-parts": [[1999, 5]]},
        },
        **_READ,
    },
]
CAMPS = {
    "types": [{"id": "kwalliso", "label": {"en": "Made-up type"}, "names": [{"text": "kwalliso"}], "definition": "Made up."}],
    "facilities": [
        {
            "id": "kwalliso-15",
            "type": "kwalliso",
            "number": 15,
            "label": {"en": "Camp 15, Yodok"},
            "names": [{"text": "Camp fifteen made up"}],
            "statements": [{"about": "opening", "date": "1969", "text": "Made up.", "cites": [{"ref": "ledger-1961"}]}],
        },
        {
            "id": "kwalliso-18",
            "type": "kwalliso",
            "number": 18,
            "label": {"en": "Camp 18, Pukchang"},
            "names": [{"text": "Camp eighteen made up"}],
            "conflicts": ["conf-002"],
        },
    ],
}


def make(root: Path) -> Path:
    """Make the collection, with a gazetteer, sources and contradictions of its own."""
    notes = [
        made_up.note(
            "n1", "recanted", "The witness withdrew this in 2015", about={"paragraphs": [1]}, known="2015", information="4"
        ),
        made_up.note(
            "n2",
            "untraceable",
            "Nobody found the made-up page of this.",
            cites=[{"ref": "conf-001"}, {"ref": "pamphlet-1999", "locator": "recto"}],
        ),
        made_up.note(
            "n3",
            "caution",
            "The carts were counted from afar.",
            about={"paragraphs": [2], "sha256": [passage_hash("Other made-up words.")[:16]]},
        ),
        made_up.note("n4", "caution", "An older made-up caution.", known="2002"),
        made_up.note("n5", "caution", "A newer made-up caution.", known="2016", replaces="n4"),
    ]
    theirs = [
        made_up.note(
            "n1",
            "contradicted",
            "Another made-up witness says that it was dry; [sic] she counted sixty.",
            about={"paragraphs": [1]},
            **{"with": ["NKT-9001#p1"]},
        ),
        made_up.note(
            "n2",
            "corroborated",
            "Both made-up accounts name the lantern.",
            about={"paragraphs": [1]},
            **{"with": ["NKT-9004#p1"]},
        ),
    ]
    camps = [
        {"camp": "kwalliso-18", "zone": "total-control", "period": "1985", "as": "prisoner", "basis": "first-hand"},
        {"camp": "kwalliso-15", "period": "1991/1993", "as": "guard", "basis": "hearsay"},
    ]
    claims = [
        {
            "id": "c1",
            "text": "claimtext alpha was said",
            "status": "asserted",
            "paragraphs": [1],
            "camps": ["kwalliso-18"],
            "basis": "first-hand",
            "topics": ["coal-mining"],
            "cites": [{"ref": "ledger-1961", "locator": "folio 9"}],
        },
        {
            "id": "c2",
            "text": "claimtext beta was said",
            "status": "disputed",
            "paragraphs": [1],
            "camps": ["kwalliso-15"],
            "period": "1992",
            "basis": "hearsay",
            "topics": ["coal-mining", "torture"],
        },
    ]
    one = made_up.header(
        "NKT-9001",
        title="Made up: the gate",
        witness={
            "name": "Made Upman",
            "name_kind": "real",
            "connection": "victim",
            "born": "1950",
            "other_names": [{"text": "매이드업", "language": "ko"}],
        },
        credibility={"source": {"reliability": "C", "basis": "A made-up basis."}, "notes": notes},
        camps=camps,
        claims=claims,
        topics=["coal-mining"],
        sensitive=["torture", "execution"],
        recorded={"date": "2001", "by": "Quill Recorder"},
        source={"ref": "ledger-1961", "root": "upman", "seen": "not-seen", "through": "pamphlet-1999"},
        consent={"status": "published-by-witness"},
        relations=[{"type": "relies-on", "code": "NKT-9004#p1", "paragraphs": [2]}, {"type": "same-person", "code": "NKT-9003"}],
        history=[{"date": "2004-05-06", "by": "archive", "change": "Made up."}],
    )
    two = made_up.header(
        "NKT-9002",
        title="Made up: the lantern",
        text={"rendering": "verbatim"},
        witness={"name": "Lan Tern", "name_kind": "pseudonym", "connection": "victim"},
        credibility={"notes": theirs},
        camps=[camps[0]],
        topics=["coal-mining"],
    )
    three = made_up.header(
        "NKT-9003",
        title="Made up: the gate revised",
        witness={"name": "Made Upman", "name_kind": "real", "connection": "victim"},
        consent={"status": "published-by-witness"},
        source={"ref": "pamphlet-1999", "root": "upman", "seen": "in-part"},
        camps=[camps[0]],
        topics=["hunger"],
        relations=[{"type": "same-person", "code": "NKT-9001"}],
    )
    four = made_up.header(
        "NKT-9004",
        title="Made up: the mule",
        kind="survey",
        witness={"name": "Mule Office", "name_kind": "organisation", "connection": "researcher"},
        camps=[{"camp": "kwalliso-18", "period": "1995", "basis": "inferred"}],
        topics=["coal-mining"],
        credibility={"notes": [made_up.note("n1", "second-hand", "The made-up office never went there.")]},
    )
    made_up.collection(
        root,
        made_up.record(one, "# A made-up chapter of gates", COAL, "## Winter chapter", SNOW, LONG, NOTE, LOOSE),
        made_up.record(two, "Coal by lantern! Was it dry?"),
        made_up.record(three, "The revised coal story was told twice."),
        made_up.record(four, "The office counted coal mules."),
        made_up.version(
            "NKT-9002",
            "ko",
            "등불 곁의 석탄! 말랐습니까?",
            text={"rendering": "translation", "by": "the archive", "translated": {"from": "en", "by": "the archive"}},
        ),
    )
    (root / "authorities").mkdir(exist_ok=True)
    for name, made in (("conflicts", {"conflicts": CONFLICTS}), ("sources", {"sources": SOURCES}), ("camps", CAMPS)):
        (root / "authorities" / f"{name}.yaml").write_text(json.dumps(made), encoding="utf-8")
    return root
