"""What waits in the journal, drawn as what it will be."""

from widget.desk.kept import kept_contact, kept_negotiation
from widget.domain.model import Contact, Kind, Negotiation, Ref, Status

NEW = Ref(Ref.NEW, "key-of-the-form-1")


def test_a_contact_is_drawn_from_its_fields_the_most_useful_phone_first() -> None:
    fields = {
        "name": "Otávio <b>Prado</b>",
        "document": "076.768.130-42",
        "mobile": "(47) 99123-0045",
        "whatsapp": "(47) 99123-0046",
        "email": "otavio@example.com; o@example.com",
        "owner": "2",
        "branch": "1",
        "channel": "3",
        "city": "4",
        "created": "2026-11-20 14:07:00",
    }

    assert kept_contact(NEW, fields) == Contact(
        NEW,
        Kind.LEAD,
        "Otávio Prado",
        "076.768.130-42",
        ("(47) 99123-0046", "(47) 99123-0045"),
        ("otavio@example.com", "o@example.com"),
        owner_id="2",
        branch_id="1",
        city_id="4",
        channel_id="3",
        created_at="2026-11-20 14:07:00",
    )


def test_what_a_purged_entry_no_longer_holds_is_empty() -> None:
    assert kept_contact(NEW, {}) == Contact(NEW, Kind.LEAD, "")
    assert kept_negotiation("n", {}) == Negotiation("n", "", Status.OPEN)


def test_a_negotiation_is_open_and_drawn_from_its_fields() -> None:
    fields = {"title": "Fibra 700", "funnel": "1", "stage": "4", "lead": "9", "monthly": "139.90"}

    assert kept_negotiation("new-x", fields) == Negotiation(
        "new-x",
        "Fibra 700",
        Status.OPEN,
        lead_id="9",
        funnel_id="1",
        stage_id="4",
        monthly="139.90",
    )
