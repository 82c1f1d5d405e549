"""Turns the Markdown of briefs into HTML in which nothing is live but links that are safe to follow."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup


def brief_html(text: str) -> Markup:
    """Return the brief without its first heading, which the page has as its own.

    Raw HTML is shown as text, pictures as their words, and links lead to web pages only.
    """
    parser = _parser()
    environment: dict[str, Any] = {}
    tokens = _dressed(_without_title(parser.parse(text, environment)))
    return Markup(parser.renderer.render(tokens, parser.options, environment))  # noqa: S704 - made of escaped text only


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.validateLink = lambda url: url.startswith(("https://", "http://", "#"))  # type: ignore[method-assign]
    return parser


def _without_title(tokens: Sequence[Token]) -> list[Token]:
    first = [token.type for token in tokens[:1]] == ["heading_open"] and tokens[0].tag == "h1"
    return list(tokens[3:] if first else tokens)


def _dressed(tokens: list[Token]) -> list[Token]:
    """Let no heading be as high as the page's own, wide tables scroll by keyboard too, and links open elsewhere."""
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h2" if token.tag == "h1" else token.tag
        if token.type == "table_open":
            token.attrSet("tabindex", "0")
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "noopener noreferrer")
                child.attrSet("target", "_blank")
    return tokens
