"""Tests that indentation of a template costs no byte and changes no text."""

from jinja2 import Environment

from widget.web.indents import Unindented

SOURCE = """\
<ul>
  {% for name in names %}
    <li
      class="name"
    >{{ name }}</li>
  {% endfor %}
</ul>
"""


def rendered(source: str) -> str:
    environment = Environment(
        autoescape=True,
        extensions=[Unindented],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(source).render(names=["Ana  B", "  Rui"])


def test_no_line_that_is_sent_is_indented() -> None:
    lines = rendered(SOURCE).splitlines()

    assert lines[0] == "<ul>"
    assert [line for line in lines if line != line.lstrip()] == []


def test_spaces_within_a_line_and_within_a_value_stay() -> None:
    page = rendered(SOURCE)

    assert ">Ana  B</li>" in page
    assert ">  Rui</li>" in page
