"""A quotation of a passage is compared in whatever notation a document has it, and no mark is lost in one."""

import json
import re
from pathlib import Path

import pytest

import made_up
from archive.citing import mentions
from running import ask_program

WORDS = "The made-up mine was cold and its bell rang twice before the winter came down on the gate."
KOREAN = "지어낸 광산은 몹시 추웠고 종은 하루에 두 번 울렸으며 겨울은 문 앞까지 내려왔다."
OTHER = {WORDS: WORDS.replace("cold", "warm"), KOREAN: KOREAN.replace("추웠고", "더웠고")}
FIRST, SECOND = WORDS.partition(" twice")[0], WORDS[WORDS.index("twice") :]


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two made-up records of a paragraph each, one in Korean."""
    return made_up.collection(
        tmp_path_factory.mktemp("mine"),
        made_up.record(made_up.header("ZZT-0001"), WORDS),
        made_up.record(made_up.header("ZZT-0002", language="ko"), KOREAN),
    )


@pytest.fixture(scope="module")
def marks(mine: Path) -> dict[str, str]:
    """Return the mark of each passage."""
    cited = {words: ask_program(mine, "cite", f"ZZT-000{at}#p1").out for at, words in enumerate(OTHER, start=1)}
    return {words: match[0] for words, out in cited.items() if (match := re.search(r"ZZT-000.#p1 · \S+ · sha256:\w+", out))}


def judged(mine: Path, tmp_path: Path, written: str, ending: str = "txt") -> tuple[int, list[dict[str, object]]]:
    """Return the exit code and the citations found in a document."""
    file = tmp_path / f"paper.{ending}"
    file.write_text(written, encoding="utf-8")
    ran = ask_program(mine, "verify", str(file), "--format", "json")
    return ran.code, json.loads(ran.out)["citations"]


NOTATIONS = {
    "attribution": "> Q\n>\n> -- the witness\n\nM\n",
    "callout": "> [!quote] Witness\n> Q\n\nM\n",
    "title of a link": 'He said "Q" [see][1].\n\n[1]: https://example.org "M"\n',
    "raised number": 'He said "Q"<sup>1</sup>.\n\n<sup>1</sup> M\n',
    "definition": "Q\n: M\n",
    "code": "```\nQ\n```\nM\n",
    "dash": "— Q (M)\n",
    "two dashes": "—Q —dijo él (M).\n",
    "a quotation in a quotation": "“She said ‘Q’” (M).\n",
    "no sign at all": "The witness said: Q (M)\n",
    "after the mark": "M\n\nQ\n",
    "dl": "<dl><dt>Q</dt><dd>M</dd></dl>",
    "ruby": "<p>“<ruby>Q</ruby>” M</p>",
    "details": "<details><summary>M</summary>Q</details>",
    "textquote": "\\textquote[M]{Q}\n",
    "textcquote": "\\textcquote[M]{key}{Q}\n",
    "displaycquote": "\\begin{displaycquote}[M]{key}\nQ\n\\end{displaycquote}\n",
    "on the line of the end": "\\begin{quote}\nQ\n\\end{quote} M\n",
    "all in one line": "He said: \\begin{quote}Q\\end{quote} M\n",
    "end of a block of Org": "#+begin_quote\nQ\n#+end_quote M\n",
    "verse": "\\begin{verse}\nQ\n\\end{verse}\nM\n",
    "glqq": "\\glqq Q\\grqq{} (M)\n",
    "og": "\\og Q\\fg{} (M)\n",
    "textquotedblleft": "\\textquotedblleft Q\\textquotedblright{} (M)\n",
    "ConTeXt": "\\startblockquote\nQ\n\\stopblockquote\nM\n",
    "lines of reStructuredText": "| Q\n\nM\n",
    "paragraph of AsciiDoc": "[quote,M]\nQ\n",
    "center": "#+begin_center\nQ\n#+end_center\nM\n",
    "template of a wiki": "{{Quotation|text=Q|source=M}}\n",
    "note of a wiki": "''Q''<ref>M</ref>\n",
    "poem": "<poem>Q</poem> M\n",
    "Textile": "bq. Q\n\nM\n",
    "DocBook": "<blockquote><attribution>M</attribution><para>Q</para></blockquote>",
    "Typst": "#quote(attribution: [M], block: true)[Q]\n",
    "roff": ".QP\nQ\n.LP\nM\n",
    "BBCode": "[quote]Q[/quote] M\n",
    "BBCode with a source": '[quote="M"]Q[/quote]\n',
    "Jira": "{quote}\nQ\n{quote}\nM\n",
    "JSON of others": '{"quote": "Q", "cite": "M"}',
    "lines of JSON of others": '{"cite": "M", "text": "Q"}\n',
    "a sentence in JSON": '[{"body": "He said “Q” (M)."}]',
    "a notebook": '{"cells":[{"cell_type":"markdown","source":["> Q\\n","\\n","M"]}],"nbformat":4}',
    "a bibliography below": "He said “Q” (M).\n\n@misc{key, title={X}}\n",
    "a bibliography above": "\\begin{filecontents}{a.bib}\n@misc{key,\n title={X}\n}\n\\end{filecontents}\n``Q'' (M).\n",
    "RIS below": "He said “Q” (M).\n\nTY  - RPRT\nTI  - X\nER  - \n",
    "code below": "He said “Q” (M).\n\n```python\n@decorator(x, y)\ndef f(): pass\n```\n",
    "somebody named before": "@user{x, y} “Q” (M).",
    "a particle": "증인은 ‘Q’라며 (M)\n",
    "an address": "“Q” (https://example.org/?c=URL)",
}  # fmt: skip


@pytest.mark.parametrize("notation", NOTATIONS)
def test_what_is_quoted_is_compared_in_every_notation(mine: Path, tmp_path: Path, marks: dict[str, str], notation: str) -> None:
    """One that is right passes, one that is altered is seen; the words were compared, and the mark is not lost."""
    words = KOREAN if "증인" in NOTATIONS[notation] else WORDS
    mark = marks[words]
    as_address = mark.replace("#", "%23").replace(":", "%3A").replace(" ", "%20").replace("·", "%C2%B7")
    for said, expected in ((words, 0), (OTHER[words], 1)):
        put_in = {"Q": said, "M": mark, "URL": as_address}
        written = re.sub(r"(?<![A-Za-z_])(?:Q|M|URL)(?![A-Za-z_])", lambda match: put_in[match[0]], NOTATIONS[notation])  # noqa: B023
        code, citations = judged(mine, tmp_path, written)
        assert (code, [each["words_compared"] for each in citations]) == (expected, [True]), (said, citations)


STRUCK = {
    "<del>": "</del>",
    "<s>": "</s>",
    "<strike> ": " </strike>",
    '<span style="text-decoration: line-through">': "</span>",
    "~~": "~~",
    "\\sout{": "}",
    "[s]": "[/s]",
    "[.line-through]#": "#",
}


@pytest.mark.parametrize("opening", STRUCK)
def test_what_is_struck_out_is_not_quoted(mine: Path, tmp_path: Path, marks: dict[str, str], opening: str) -> None:
    """A word too many that is struck out alters nothing; one of the passage that is struck out is missing, as one that is not."""

    def struck(words: str) -> str:
        return f"{opening}{words}{STRUCK[opening]}"

    for said, expected in (
        (WORDS.replace("mine", f"{struck('pit')} mine"), 0),
        (WORDS.replace("mine", f"{struck('pit-')}mine"), 0),
        (OTHER[WORDS].replace("mine", f"{struck('pit')} mine"), 1),
        (WORDS.replace("cold", struck("cold")), 1),
        (WORDS.replace("was cold", f"was {struck('cold')} warm"), 1),
        (struck(WORDS), 0),
        (struck(OTHER[WORDS]), 1),
    ):
        for paper in (f"He said “{said}” ({marks[WORDS]}).\n", f"> {said}\n\n{marks[WORDS]}\n"):
            code, citations = judged(mine, tmp_path, paper, "html" if opening.startswith("<") else "md")
            assert (code, [each["words_compared"] for each in citations]) == (expected, [True]), paper


def test_signs_that_nobody_sees_strike_out_no_word(mine: Path, tmp_path: Path, marks: dict[str, str]) -> None:
    """Of the area for private use, beside a word that is struck out: what a reader is shown is compared."""
    for signs in ("\ue000{}\ue001", "\ue001{}\ue000"):
        said = WORDS.replace("mine", f"<s>pit</s> {signs.format('never a')} mine")
        for form in ("html", "md"):
            assert judged(mine, tmp_path, f"<p>He said “{said}” ({marks[WORDS]}).</p>\n", form)[0] == 1, (said, form)


def captions(form: str, cues: list[str], head: str = "") -> str:
    """Write cues of two seconds each, with numbers."""
    sign = "," if form == "srt" else "."
    times = [f"00:00:{2 * at:02}{sign}000 --> 00:00:{2 * at + 2:02}{sign}000" for at in range(len(cues))]
    shown = (f"{number}\n{time}\n{cue}\n" for number, (time, cue) in enumerate(zip(times, cues, strict=True), start=1))
    return ("" if form == "srt" else "WEBVTT\n\n") + head + "\n".join(shown)


CUES = {
    "in a cue of its own": ["“FIRST", "SECOND”", "(M)"],
    "in the last cue": ["“FIRST", "SECOND” (M)"],
    "broken over two cues": ["“FIRST", "SECOND”", "CODE ·", "REST"],
    "no quotation mark": ["FIRST", "SECOND", "M"],
    "lines of a cue": ["“FIRST\nSECOND”", "- (M)"],
    "a voice": ["<v Made Up>“FIRST", "<v Made Up>SECOND”", "<v Another>M"],
    "italics": ["<i>FIRST</i>", "<i>SECOND</i>", "M"],
    "a place on the screen": ["{\\an8}“FIRST", "{\\an8}SECOND”", "M"],
    "rolling": ["<00:00:00.500>“FIRST", "“FIRST\n<00:00:02.500>SECOND”", "SECOND”\n(M)"],
}


@pytest.mark.parametrize("form", ["srt", "vtt"])
@pytest.mark.parametrize("cues", CUES)
def test_a_quotation_goes_on_over_the_cues_of_captions(
    mine: Path, tmp_path: Path, marks: dict[str, str], cues: str, form: str
) -> None:
    """As a viewer reads it; altered in any cue it is seen, and the place is the line of the file."""
    code, rest = marks[WORDS].split(" · ", 1)
    put_in = {"FIRST": FIRST, "SECOND": SECOND.strip(), "CODE": code, "REST": rest}
    for altered, expected in ((("", ""), 0), (("cold", "warm"), 1), (("winter", "summer"), 1)):
        shown = [re.sub("FIRST|SECOND|CODE|REST", lambda word: put_in[word[0]], cue).replace(*altered) for cue in CUES[cues]]
        paper = captions(form, [re.sub(r"\bM\b", marks[WORDS], cue) for cue in shown])
        answer, citations = judged(mine, tmp_path, paper, form)
        assert (answer, [each["words_compared"] for each in citations]) == (expected, [True]), paper
        at = next(number for number, line in enumerate(paper.splitlines(), start=1) if code in line)
        assert [each["lines"] for each in citations] == [[at]]


def test_no_citation_beside_the_cues_of_captions_is_passed_over(mine: Path, tmp_path: Path, marks: dict[str, str]) -> None:
    """In a remark, in the name of a cue, and without a hash; each at its line."""
    head = f"NOTE of a made-up film: {marks[WORDS]}\n\n{marks[KOREAN].replace('·', '-')}\n"
    file = tmp_path / "film.vtt"
    file.write_text(f"WEBVTT\n\n{head}00:00:00.000 --> 00:00:02.000\nSee ZZT-0002#p1.\n", encoding="utf-8")
    found = json.loads(ask_program(mine, "verify", str(file), "--format", "json").out)
    assert [(each["reference"], each["lines"]) for each in found["citations"]] == [("ZZT-0001#p1", [3]), ("ZZT-0002#p1", [5])]


@pytest.mark.parametrize(
    "written",
    [
        "He said “FIRST” and “SECOND” (M).",
        "“FIRST\n\n“SECOND” (M)",
        "«FIRST\n\n«SECOND» (M)",
        "> FIRST\n>\n> SECOND\n\nM\n",
        "> FIRST\n>\n> SECOND\n>\n> -- the witness\n\nM\n",
        "<blockquote><p>FIRST</p><p>SECOND</p></blockquote><p>M</p>",
    ],
)
def test_every_part_of_what_is_quoted_is_compared(mine: Path, tmp_path: Path, marks: dict[str, str], written: str) -> None:
    """The last one alone was, and vouched for the others."""
    for first, second, expected in (
        (FIRST, SECOND, 0),
        (FIRST.replace("cold", "warm"), SECOND, 1),
        (FIRST, SECOND.replace("twice", "never"), 1),
    ):
        paper = written.replace("FIRST", first).replace("SECOND", second).replace("M", marks[WORDS])
        assert judged(mine, tmp_path, paper)[0] == expected, paper


@pytest.mark.parametrize(
    "written",
    [
        "The mine was never warm, says the witness, and a bell was heard there now and then (M).",
        "“Nobody was there,” says another; of the mine see M.",
        "# Bells and winters\n\nOn the gate and the bell see M.",
    ],
)
def test_the_control_what_is_told_in_other_words_is_no_quotation(
    mine: Path, tmp_path: Path, marks: dict[str, str], written: str
) -> None:
    """It is said that nothing was compared, and nothing is held against the document."""
    code, (found,) = judged(mine, tmp_path, written.replace("M", marks[WORDS]))
    assert (code, found["words_compared"]) == (0, False)
    assert "were not compared" in str(found["remark"])


def test_an_entry_of_others_says_that_its_words_were_not_compared(mine: Path, tmp_path: Path, marks: dict[str, str]) -> None:
    """A quotation in a field of a bibliography is not told from its other fields."""
    code, (found,) = judged(mine, tmp_path, f"@misc{{a, note = {{{marks[WORDS]}}}, abstract = {{{WORDS}}}}}\n", "bib")
    assert (code, found["words_compared"]) == (0, False)
    assert "were not compared" in str(found["remark"])


@pytest.mark.parametrize(
    "tex",
    [
        WORDS.replace("mine was", "mine~was").replace("twice before", "twice\\,before"),
        WORDS.replace("cold", "\\emph{cold}"),
        WORDS.replace("winter", "win\\-ter"),
        f"{FIRST} \\ldots{{}} {WORDS[60:]}",
    ],
)
def test_what_tex_sets_words_with_changes_none(mine: Path, tmp_path: Path, marks: dict[str, str], tex: str) -> None:
    """Ties, thin spaces, emphasis, places to break a word, what was left out."""
    assert judged(mine, tmp_path, f"``{tex}'' ({marks[WORDS]}).", "tex")[0] == 0


@pytest.mark.parametrize(
    "row", ["@misc{a,\n", "@misc(a,\n", "TY  - x\n\n", "\\begin{quote}[x]\n", "“a b c\n\n", "> a\n>\n", "[quote]a"]
)
def test_a_row_of_beginnings_takes_no_longer_than_its_length(row: str) -> None:
    """Of entries and quotations that never end."""
    assert mentions.find(row * 20_000) == []
