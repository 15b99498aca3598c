"""What a code means."""

import re

from tests.diagnosis.test_findings import CODES
from tools.errors import PAGE, PROBLEMS, page
from widget.diagnosis.findings import KNOWN
from widget.setup.codes import meanings


def test_every_code_of_an_attendants_screen_is_explained() -> None:
    found = meanings()

    assert set(found) == CODES | {
        "VNC-130",
        "VNC-131",
        "VNC-140",
    }  # the last ones are for administrators
    assert [
        m.code for m in found.values() if not m.sentence or not re.match(r"[A-Z].*\.$", m.role)
    ] == []


def test_a_code_names_the_findings_that_lead_to_it() -> None:
    found = meanings()

    assert "token-refused" in found["VNC-205"].findings
    assert "token-ok" not in found["VNC-205"].findings
    assert found["VNC-201"].sentence == "O CRM está fora do ar. O que você digitou continua aqui."


def test_the_page_of_the_docs_says_what_the_program_says() -> None:
    assert PAGE.read_text() == page(), "make docs"


def test_every_finding_and_code_has_its_place_on_the_page() -> None:
    text = page()

    assert [code for code in CODES if f'id="{code.lower()}"' not in text] == []
    missing = [
        s
        for s, k in KNOWN.items()
        if k.verdict in {"failing", "warning"} and f"#### {s}\n" not in text
    ]
    assert missing == []


def test_the_manuals_problems_are_answered_by_what_is_there() -> None:
    text = PROBLEMS.read_text()
    references = set(re.findall(r"\(#([\w-]+)\)", text))

    assert references - {code.lower() for code in CODES} - set(KNOWN) == set()
    assert len(text.splitlines()) >= 18
