"""What a code means."""

import re

from tests.setup.test_findings import CODES
from widget.setup.codes import meanings


def test_every_code_of_an_attendants_screen_is_explained() -> None:
    found = meanings()

    assert set(found) == CODES
    assert [m.code for m in found.values() if not m.sentence or not re.match(r"[A-Z].*\.$", m.role)] == []


def test_a_code_names_the_findings_that_lead_to_it() -> None:
    found = meanings()

    assert "token-refused" in found["VNC-205"].findings
    assert "token-ok" not in found["VNC-205"].findings
    assert found["VNC-201"].sentence == "O CRM está fora do ar. O que você digitou continua aqui."
