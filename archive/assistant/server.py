"""The server: the tools by name, each with what an assistant must know of it, over MCP on the standard streams."""

from collections.abc import Callable
from typing import Annotated, Final

import pydantic
from mcp import types
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool

from archive.archive import Archive
from archive.assistant import _tools as tools
from archive.assistant._answers import ENDING, MOST, NOTICE, ToolAnswer
from archive.errors import ArchiveError, IndexBusy, StillChanging
from archive.formats.terminal import lay_out
from archive.language.messages import ENGLISH, speaking

_ONE_LINE: Final = 1_000_000
"""Cells of a line, so that none is broken."""
_LONGEST: Final = 20_000
"""Characters of a question."""

Words = Annotated[str, pydantic.Field(max_length=_LONGEST)]
Limit = Annotated[int, pydantic.Field(ge=1, le=MOST, description=f"How many at most, {MOST} or fewer.")]
Start = Annotated[int, pydantic.Field(ge=1, le=1_000_000, description="From which one on, counted from 1.")]
Camp = Annotated[Words, pydantic.Field(description="A camp by number, name, Hangul spelling or id, as 14 or 요덕.")]
Topic = Annotated[Words, pydantic.Field(description="A topic of the thesaurus, as hunger.")]
Period = Annotated[Words, pydantic.Field(description="A year, a decade or two years, as 1996, 199X or 1990/1996.")]
Language = Annotated[Words, pydantic.Field(description="Of a version of the record, as ko; empty for its own words.")]
Wanted = Annotated[Words, pydantic.Field(description="A code or paragraphs, as NKT-0002, NKT-0002#p3 or NKT-0002#p3-5.")]
Ask = Callable[[Callable[[Archive], ToolAnswer]], ToolAnswer]


def serve(opened: Callable[[], Archive]) -> None:
    """ToolAnswer what is asked on standard input until it ends; nothing but the protocol is printed.

    :param opened: opens the collection, always as the public sees it.
    """
    with opened() as archive:
        _ = archive.coverage  # what is wrong with the collection is told before anything is asked
    server(opened).run("stdio")


def server(opened: Callable[[], Archive]) -> MCPServer:
    """Return the server of a collection.

    :param opened: opens the collection; it is opened anew for each question, so that nothing is shown that was closed meanwhile.
    """

    def ask(question: Callable[[Archive], ToolAnswer]) -> ToolAnswer:
        def answer() -> ToolAnswer:
            with speaking(ENGLISH), lay_out(_ONE_LINE), opened() as archive:
                return question(archive)

        try:
            try:
                return answer()
            except (IndexBusy, StillChanging):
                return answer()  # another program changed it in the middle
        except ArchiveError as error:
            raise ToolError(f"{error.message}. {error.remedy}".rstrip()) from None

    made = [_tool(each) for each in (*_finding(ask), *_citing(ask))]
    return MCPServer("testimony", instructions=f"{NOTICE} {ENDING}", tools=made, log_level="CRITICAL")


def _tool(function: Callable[..., object]) -> Tool:
    hints = types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    tool = Tool.from_function(function, annotations=hints, structured_output=True)
    model = tool.fn_metadata.arg_model
    model.model_config["extra"] = "forbid"  # a filter that is misspelt would give another answer without a word
    model.model_rebuild(force=True)
    tool.parameters["additionalProperties"] = False
    return tool


# The functions below block: one question is answered after the other.


def _finding(ask: Ask) -> tuple[Callable[..., object], ...]:
    async def search(  # noqa: PLR0913, PLR0917 - an argument each
        words: Words = "",
        camp: Camp = "",
        topic: Topic = "",
        period: Period = "",
        witness: Words = "",
        flag: Annotated[Words, pydantic.Field(description="A kind of caveat, as recanted.")] = "",
        start: Start = 1,
        limit: Limit = 3,
    ) -> ToolAnswer:
        """Find passages of testimonies by words ("a phrase", OR, NOT) and by what they are about, with caveats and citation."""
        filters = camp, topic, period, witness, flag
        return ask(lambda archive: tools.search(archive, words, filters, start, limit))

    async def show(wanted: Wanted, language: Language = "", start: Start = 1, limit: Limit = 3) -> ToolAnswer:
        """Read passages of a record whole, with caveats and citation."""
        return ask(lambda archive: tools.show(archive, wanted, language, start, limit))

    async def camps(
        name: Camp = "",
        part: Annotated[Words, pydantic.Field(description="A part of what is told of one camp, as population.")] = "",
        start: Start = 1,
        limit: Limit = 3,
    ) -> ToolAnswer:
        """List all camps, or tell of one what sources state of it, where they contradict each other, and who speaks of it."""
        return ask(lambda archive: tools.camps(archive, name, part, start, limit))

    return search, show, camps


def _citing(ask: Ask) -> tuple[Callable[..., object], ...]:
    async def cite(wanted: Wanted, language: Language = "", start: Start = 1, limit: Limit = 3) -> ToolAnswer:
        """Give the citation of a passage or a record, after all its caveats."""
        return ask(lambda archive: tools.cite(archive, wanted, language, start, limit))

    async def compare(camp: Camp = "", topic: Topic = "", period: Period = "", start: Start = 1, limit: Limit = 3) -> ToolAnswer:
        """Set accounts beside each other: who says what, and how many independent voices, not texts, speak of it."""
        return ask(lambda archive: tools.compare(archive, (camp, topic, period), start, limit))

    async def verify(text: Words, start: Start = 1, limit: Limit = 3) -> ToolAnswer:
        """Say what has become of each citation of this archive in a text: unchanged, moved, changed, or with new caveats."""
        return ask(lambda archive: tools.verify(archive, text, start, limit))

    return cite, compare, verify
