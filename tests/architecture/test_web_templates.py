"""Pages hold no script and no style inside: the content security policy would refuse both, and so do these."""

import re
from pathlib import Path

import pytest

from tests.architecture.pages import SOURCE

WEB = SOURCE / "web"
TEMPLATES = sorted(WEB.rglob("*.html"))
MODULES = sorted((WEB / "static" / "js").rglob("*.js"))
OF_THE_TEMPLATE = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)


def markup_of(path: Path) -> str:
    """Return a template without its comments and statements."""
    return OF_THE_TEMPLATE.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_template_has_no_script_or_style_inside(path: Path) -> None:
    text = markup_of(path)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\son[a-z]+\s*=", text)
    assert not re.search(r"(?:hx-on|javascript:)", text)
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_what_a_template_sends_comes_with_the_token_of_its_page(path: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", markup_of(path), re.DOTALL):
        if re.search(r'method="post"', form):
            assert "csrf()" in form, form[:120]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_template_loads_nothing_from_elsewhere(path: Path) -> None:
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', markup_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_nothing_is_marked_as_safe_in_a_template(path: Path) -> None:
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_makes_no_markup_of_texts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
