import pytest

from shipworthy.web.candidate.briefs import brief_html


def test_a_brief_loses_its_title_and_keeps_the_rest() -> None:
    html = brief_html("# Title\n\n> 20 minutes\n\n## What to do\n\n| a | b |\n|---|---|\n| 1 | `x` |\n")
    assert "Title" not in html
    assert "<h2>What to do</h2>" in html
    assert "<code>x</code>" in html
    assert '<table tabindex="0">' in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://tracker.example/pixel.png)",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        '[x](https://ok.example "onmouseover=alert(1)")',
    ],
)
def test_nothing_in_a_brief_is_live(hostile: str) -> None:
    html = brief_html(f"# T\n\n{hostile}\n").lower()
    for live in ("<script", "<img", 'href="javascript', 'href="data', "<svg"):
        assert live not in html


def test_links_lead_out_without_telling_from_where() -> None:
    html = brief_html("# T\n\n[docs](https://docs.example/)\n")
    assert 'href="https://docs.example/"' in html
    assert 'rel="noopener noreferrer"' in html
