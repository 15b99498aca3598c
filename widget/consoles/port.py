"""What differs between consoles: how the panel is opened, what that proves, what is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from widget.domain.model import Attendant, Conversation, Person, Proof

SCRIPTS = Path(__file__).parents[2] / "static" / "consoles"


@dataclass(frozen=True)
class Opening:
    """What came in the address, or in the form, with which the panel is opened.

    A page that is open shows its ``Start.token`` again as ``start``.

    ``key`` gives what the console signs with in an account. It raises Unauthorised where there is
    no key that could prove anything. ``now`` is in epoch seconds.
    """

    values: Mapping[str, str]
    key: Callable[[str], str]
    now: float


@dataclass(frozen=True)
class Start:
    """What a console proved when it opened the panel; what it does not prove is empty.

    ``token`` proves the same once more, where the console's own proof may be shown again. Without
    it the page carries a seal of ours.
    """

    console: str
    account: str
    attendant: Attendant | None = None
    person: Person | None = None
    conversation: str = ""
    locale: str = ""
    token: str = field(default="", compare=False, repr=False)

    @property
    def proven(self) -> tuple[Proof, ...]:
        """What it proves."""
        proofs = {
            Proof.PERSON: self.person,
            Proof.CONVERSATION: self.conversation,
            Proof.ATTENDANT: self.attendant,
        }
        return tuple(proof for proof, value in proofs.items() if value)


@dataclass(frozen=True)
class Option:
    """Something that an administrator sets for an account of a console, as text."""

    name: str
    label: str
    hint: str = ""
    default: str = ""


class Console(Protocol):
    """One kind of console. Its name is the word in addresses, scripts and tokens.

    A console that opens the panel with a signed form has "POST" among its ``methods``.
    ``script_sources`` are the origins from which its script may load another one.
    ``wait_seconds`` is how long the page waits for the context before it says so.
    """

    name: str
    label: str
    account_hint: str
    methods: Sequence[str]
    script: Path
    script_sources: Sequence[str]
    wait_seconds: int
    options: Sequence[Option]

    def start(self, opening: Opening) -> Start:
        """Checks the console's proof; raises Unauthorised where it proves nothing."""
        ...

    def address(self, panel: str, account: str, key: str) -> str:
        """The address to register in the console, below the panel's own."""
        ...

    def page_data(self, start: Start, options: Mapping[str, str]) -> Mapping[str, str]:
        """What the console's script reads from the page, by the names of ``data-`` attributes."""
        ...

    def conversation(self, start: Start, context: Mapping[str, Any]) -> Conversation:
        """The conversation in what the console's script passed on.

        Everything in ``context`` is a claim. Raises NotFound when no conversation is open.
        """
        ...


def believed(start: Start, claimed: Conversation) -> Conversation:
    """The conversation with what the start proves in the place of what the context claims."""
    attendant = start.attendant or claimed.attendant
    return replace(
        claimed,
        host=start.console,
        account=start.account,
        id=start.conversation or claimed.id,
        person=start.person or claimed.person,
        attendant=replace(attendant, proven=start.attendant is not None),
        proven=start.proven,
    )


def chosen(console: Console, given: Mapping[str, str]) -> dict[str, str]:
    """The options of an account: as they were set, else the usual ones."""
    return {option.name: given.get(option.name) or option.default for option in console.options}
