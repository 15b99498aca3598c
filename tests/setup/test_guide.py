"""The guide beside the diagnosis."""

from selectolax.lexbor import LexborHTMLParser

from tests.diagnosis.test_findings import CODES
from tests.setup.desk import Desk
from widget.diagnosis.findings import KNOWN
from widget.diagnosis.known import Verdict
from widget.emulator.crm.server import Emulator
from widget.setup.guide import guide


def test_every_finding_and_every_code_has_a_place_to_link_to() -> None:
    page = LexborHTMLParser(guide())
    places = {str(node.attributes["id"]) for node in page.css("[id]")}

    told = {
        slug for slug, known in KNOWN.items() if known.verdict in {Verdict.FAILING, Verdict.WARNING}
    }
    assert told - places == set()
    assert {code.lower() for code in CODES} - places == set()


def test_what_is_broken_links_to_its_place(crm: Emulator, rosa: Desk) -> None:
    crm.control(ip_blocked=True)

    links = [str(node.attributes["href"]) for node in rosa.get("/diagnosis").html.css("li a")]

    assert "/setup/diagnosis/guide#address-refused" in links
    assert "O que o diagnóstico encontra" in rosa.get("/diagnosis/guide").text
