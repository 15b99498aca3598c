"""An integration: one CRM as it is connected, in the same shape from the form to the call."""

from __future__ import annotations

from dataclasses import dataclass, field

from marshmallow import validate

from widget.domain.options import is_address, number, option, text, yes_or_no

# The id of the integration that the environment describes. Others are made on the set-up pages.
MAIN = "main"
# The kind of CRM where none is named.
USUAL_KIND = "ixc"
TOKEN = validate.Regexp(r"\d+:\S+$", error="not of the form id:hash")

# What only the server itself says of an integration: no form, file or database row sets it.
OF_THE_SERVER = frozenset({"ca_file", "from_settings"})


@dataclass(frozen=True)
class Integration:
    """One connected CRM.

    ``wait`` and ``settle_seconds`` are seconds. ``ca`` is the text of a PEM file, ``ca_file`` the
    path of one. ``departments`` are those that may link contacts; none: all. ``private``: its
    address may be one of an inner network. ``from_settings``: the environment describes it, so no
    page changes it. A stored token that cannot be unlocked any more is "".
    """

    id: str
    name: str = option(
        text("Inmap Sales CRM"),
        "Heading of the panel",
        name="VINCULO_CRM_NAME",
    )
    url: str = option(
        text(check=is_address),
        "The CRM's address, e.g. `https://ixc.provedor.example`; any path is cut off",
        name="VINCULO_CRM_URL",
    )
    token: str = option(
        text(check=TOKEN),
        "The CRM's token, `id:hash` as IXC shows it",
        name="VINCULO_CRM_TOKEN",
        secret=True,
    )
    kind: str = USUAL_KIND
    wait: int = option(
        number(8, 1, 120),
        "Seconds that one call to the CRM may take (Tempo máximo de resposta)",
        name="VINCULO_CRM_WAIT",
    )
    calls: int = option(
        number(16, 1, 128),
        "Calls to the CRM that may be under way at once",
        name="VINCULO_CRM_CALLS",
    )
    settle_seconds: int = option(
        number(120, 2, 3600),
        "Seconds after which a write without an answer will not come by itself any more; at least "
        "twice the wait",
    )
    ca: str = ""
    ca_file: str = option(
        text(),
        "Certificate authority file for a CRM with its own certificate",
        name="VINCULO_CRM_CA_FILE",
    )
    qualification_field: str = option(
        text(),
        "Column of the CRM's negotiations that keeps the qualification, if there is one",
    )
    index: bool = option(
        yes_or_no(default=True),
        "Whether people are mirrored, so that they are found without asking the CRM",
    )
    active: bool = option(
        yes_or_no(default=True),
        "Whether the CRM is asked and written to; when off, what was accepted waits",
        name="VINCULO_CRM_ACTIVE",
    )
    private: bool = False
    departments: tuple[str, ...] = field(default=())
    from_settings: bool = False

    @property
    def authority(self) -> str:
        """The certificate authority as it was given, a text or the path of a file; "" for none."""
        return self.ca or self.ca_file

    @property
    def has_time_to_settle(self) -> bool:
        """Whether a late write has arrived or failed before it is looked for."""
        return self.settle_seconds >= 2 * self.wait
