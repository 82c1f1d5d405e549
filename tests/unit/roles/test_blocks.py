"""Blocks come out as a careful person would mark them."""

import pytest

from shipworthy.roles.blocks import LONGEST_BLOCK, blocks_of
from shipworthy.roles.errors import PostingError


def marked(text: str) -> list[str]:
    """The blocks of a text, each with `#`, `-` or nothing before it."""
    signs = {"heading": "# ", "item": "- ", "text": ""}
    return [signs[block.kind.value] + block.text for block in blocks_of(text)]


WRAPPED = """\
We are looking for an engineer who builds models that our customers use
every day. You will work with a team of ten people, and you will be the
one who decides how retrieval is built. The team sits in Leeds. Python is
what we speak, and SQL is what we dream of. Nothing else matters to us when
we hire somebody for this team, and we have hired many people by that rule
alone.

Requirements
  * five years of Python, of which at least two in production with a team
    that was on call
  * SQL
"""


def test_text_wrapped_at_a_column_is_joined() -> None:
    first, *rest = marked(WRAPPED)
    assert first.startswith("We are looking")
    assert first.endswith("by that rule alone.")
    assert rest == [
        "Requirements",
        "- five years of Python, of which at least two in production with a team that was on call",
        "- SQL",
    ]


@pytest.mark.parametrize("tools", ["Python SQL Docker Kubernetes Terraform Airflow Spark", "python sql docker git"])
def test_a_list_of_short_lines_stays_a_list(tools: str) -> None:
    assert marked("Tools\n" + tools.replace(" ", "\n")) == ["Tools", *tools.split()]


def test_a_word_broken_at_a_hyphen_is_joined() -> None:
    assert marked("You will spend most of your time on fine-\ntuning language models.") == [
        "You will spend most of your time on fine-tuning language models."
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85", "\v"])
def test_every_kind_of_line_end_ends_a_line(end: str) -> None:
    assert marked(end.join(["AI Engineer", "- Python", "- SQL"])) == ["AI Engineer", "- Python", "- SQL"]


@pytest.mark.parametrize("hidden", ["\u00ad", "\u200b", "\u200d", "\ufeff", "\u2060", "\u202e", "\x07", "\U000e0041"])
def test_signs_that_nobody_sees_are_left_out(hidden: str) -> None:
    assert marked(f"You know Py{hidden}thon.") == ["You know Python."]


def test_blanks_of_every_kind_are_blanks() -> None:
    assert marked("You\u00a0know\tPython\u2003and  SQL.") == ["You know Python and SQL."]


@pytest.mark.parametrize(
    "bullet",
    ["- ", "* ", "+ ", "• ", "•", "·\t", "▪ ", "◦ ", "‣ ", "○ ", "■ ", "✓ ", "✅ ", "➢ ", "→ ", "» ", "– ", "— ", "o ",
     "\uf0b7 ", "\uf0a7\t", "1. ", "1) ", "(1) ", "a) ", "ii) ", "[ ] ", "[x] ", "- [ ] ", "☐ ", "  • ", "-", "§ "],
)  # fmt: skip
def test_bullets_of_many_kinds(bullet: str) -> None:
    assert marked(f"Skills:\n{bullet}Python\n{bullet}SQL") == ["Skills:", "- Python", "- SQL"]


def test_pictures_in_a_row_are_bullets_and_alone_they_adorn() -> None:
    assert marked("🚀 Build models\n🚀 Ship them\n\n🎁 Benefits\nCake.") == [
        "- Build models", "- Ship them", "Benefits", "Cake.",
    ]  # fmt: skip


def test_items_run_together_in_one_line_are_parted() -> None:
    assert marked("Must have: • Python • SQL • Docker") == ["Must have:", "- Python", "- SQL", "- Docker"]


def test_a_number_in_a_text_is_no_bullet() -> None:
    assert marked("3.5 years of Python") == ["3.5 years of Python"]


def test_numbered_headings_are_headings_and_numbered_lists_are_lists() -> None:
    text = "1. About the role\nYou build things.\n2. Requirements\n- SQL\n3. Benefits\n1. Cake\n2. Tea\n3. Coffee"
    assert marked(text) == [
        "# About the role", "You build things.", "# Requirements", "- SQL", "# Benefits", "- Cake", "- Tea", "- Coffee",
    ]  # fmt: skip


def test_headings_of_markdown() -> None:
    text = (
        "# AI Engineer\n\nAbout us\n--------\n\n**Requirements**\n- SQL\n"
        "\n__Nice to have:__\n- Go\n\n## Benefits ##\nTea"
    )
    assert marked(text) == [
        "# AI Engineer", "# About us", "# Requirements", "- SQL", "# Nice to have:", "- Go", "# Benefits", "Tea",
    ]  # fmt: skip


def test_a_bold_opening_is_a_heading_of_its_line() -> None:
    assert marked("**Requirements:** Python and SQL.") == ["# Requirements", "Python and SQL."]


def test_a_block_quote_is_read_as_if_it_were_none() -> None:
    assert marked("> **Requirements**\n> - Python\n> - SQL and\n>   Docker") == [
        "# Requirements", "- Python", "- SQL and Docker",
    ]  # fmt: skip


def test_links_and_marks_of_markdown_leave_their_words() -> None:
    assert marked("You know [PyTorch](https://pytorch.org), *SQL* and `git`. ![logo](x.png)") == [
        "You know PyTorch, SQL and git. logo"
    ]


def test_names_with_underscores_and_stars_survive() -> None:
    assert marked("You know snake_case_names and 2 * 3.") == ["You know snake_case_names and 2 * 3."]


def test_a_table_of_markdown_is_read_by_column() -> None:
    text = "Skills\n\n| Skill | Level |\n|:---|---:|\n| Python | required |\n| Go | nice to have |\n\nTea."
    assert marked(text) == ["Skills", "- Python (required)", "- Go (nice to have)", "Tea."]


def test_columns_that_are_lists_keep_their_headings() -> None:
    text = "| Must have | Nice to have |\n|---|---|\n| SQL | Rust |\n| Git | |"
    assert marked(text) == ["- Must have: SQL; Nice to have: Rust", "- Must have: Git"]


def test_a_page_is_read_without_what_surrounds_it() -> None:
    page = """<!doctype html><html><head><title>Jobs</title><style>p{}</style></head><body>
    <nav><ul><li>Home</li></ul></nav><header><h1>AI&nbsp;Engineer</h1></header><aside>Ads</aside>
    <main><p>You &amp; we build
    things.</p><h2>Requirements</h2><ul><li>Python<ul><li>pandas</li></ul></li><li><p>SQL</p></li></ul>
    <p><strong>Nice to have</strong></p><ol><li><b>Go</b>: some</li><li><b>Rust</b></li></ol></main>
    <script>alert('x')</script><footer>Imprint</footer></body></html>"""
    assert marked(page) == [
        "# AI Engineer", "You & we build things.", "# Requirements", "- Python", "- pandas", "- SQL", "# Nice to have",
        "- Go: some", "- Rust",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "hiding",
    ["hidden", "aria-hidden='true'", "style='display: none'", "style='color:red;DISPLAY:NONE !important'",
     "style='visibility:hidden'", "style='opacity:0'", "style='font-size:0px'", "role='navigation'", "role='dialog'"],
)  # fmt: skip
def test_what_a_page_hides_is_not_read(hiding: str) -> None:
    assert marked(f"<body><p>AI Engineer</p><div {hiding}><p>You know COBOL.</p></div>") == ["AI Engineer"]


@pytest.mark.parametrize(
    "style", ["display:block", "opacity:0.9", "font-size:0.9em", "visibility:visible", "color:#fff"]
)
def test_what_a_page_shows_is_read(style: str) -> None:
    assert marked(f"<body><p style='{style}'>AI Engineer") == ["AI Engineer"]


def test_lines_of_a_page_may_be_marked_by_hand() -> None:
    page = "<p>Requirements:<br>- Python<br>• SQL<br><br>Benefits:<br>* Cake</p><pre>One\nTwo</pre>"
    assert marked(page) == ["Requirements:", "- Python", "- SQL", "Benefits:", "- Cake", "One", "Two"]


def test_markup_left_over_in_plain_text_is_taken_for_what_it_says() -> None:
    assert marked("AI Engineer<br>\n<b>Requirements</b>\n- Python &amp; SQL\n- Docker<br/>") == [
        "AI Engineer", "# Requirements", "- Python & SQL", "- Docker",
    ]  # fmt: skip


def test_signs_that_only_look_like_markup_stay() -> None:
    assert marked("Latency < 50 ms and > 90 % recall; Vec<T> is fine.") == [
        "Latency < 50 ms and > 90 % recall; Vec<T> is fine."
    ]


def test_a_table_of_a_page_is_read_by_column() -> None:
    page = "<body><table><tr><th>Criterion<th>E or D<tr><td>Python<td>E<tr><td>Go<td>D</table>"
    assert marked(page) == ["- Python (essential)", "- Go (desirable)"]


def test_lists_in_the_columns_of_a_table_stand_under_its_heads() -> None:
    page = "<body><table><tr><th>Must<th>Nice to have<tr><td><ul><li>SQL<li>Git</ul><td><ul><li>Go</ul></table>"
    assert marked(page) == ["# Must", "- SQL", "- Git", "# Nice to have", "- Go"]


def test_a_table_of_labels_and_contents_is_read_by_row() -> None:
    page = "<body><table><tr><td><b>Requirements</b><td>Python, SQL<tr><td><b>Place</b><td>Leeds</table>"
    assert marked(page) == ["- Requirements: Python, SQL", "- Place: Leeds"]


def test_a_table_that_only_lays_out_a_page_disappears() -> None:
    page = "<body><table><tr><td><table><tr><td><h1>AI Engineer</h1><p>You know SQL.</table></table>"
    assert marked(page) == ["# AI Engineer", "You know SQL."]


def test_a_page_nested_a_thousand_levels_deep_is_read() -> None:
    assert marked(f"<body>{'<div>' * 1_500}AI Engineer") == ["AI Engineer"]


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<ul><li>", "<table><tr><td>", "<blockquote>"])
def test_a_page_nested_beyond_sense_is_refused(tag: str) -> None:
    with pytest.raises(PostingError, match="levels deep") as error:
        blocks_of(f"<body>{tag * 100_000}AI Engineer")
    assert ".txt" in error.value.remedy


def test_paragraphs_that_nobody_closed_are_not_nested() -> None:
    assert len(blocks_of("<body>" + "<p>You know SQL." * 3_000)) == 3_000


def test_nothing_is_lost_where_a_block_without_end_is_cut() -> None:
    words = [f"word{number}" for number in range(20_000)]
    blocks = blocks_of(" ".join(words))
    assert " ".join(block.text for block in blocks).split() == words
    assert max(len(block.text) for block in blocks) <= LONGEST_BLOCK


def test_a_posting_in_one_line_is_one_block() -> None:
    text = "AI Engineer. " + "You know Python and SQL. " * 200
    assert len(blocks_of(text)) == 1


def test_lines_of_dashes_and_blanks_say_nothing() -> None:
    assert marked("\n\n---\n***\n   \n- - -\n|---|\n• \n") == []
