"""What an action is: a deed that every face calls in the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from marshmallow import Schema

from widget.desk.callers import Caller
from widget.domain.model import Ref, Written
from widget.domain.permissions import Permission


@dataclass(frozen=True)
class Subject:
    """What an action is about: a contact, and one of its negotiations where it is about one.

    A negotiation that the CRM does not have yet is called by the name of a new Ref.
    """

    contact: Ref | None = None
    negotiation: str = ""

    @property
    def ref(self) -> Ref:
        """Returns the contact; an action about a contact is never called without one."""
        assert self.contact is not None  # noqa: S101 -- the faces name it
        return self.contact


@dataclass(frozen=True)
class Asked:
    """What an action is asked for.

    ``values`` are read by the action's schema. ``key`` names the one effect: asked again with it,
    the same write is answered. ``before`` is what stood in the fields when they were shown: what
    has changed since is a conflict. ``form`` and ``typed`` bring the form back should the CRM
    refuse the write later; a face without forms leaves them out.
    """

    values: Mapping[str, str]
    key: str
    before: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


Deed = Callable[[Caller, Subject, Asked], Written]


@dataclass(frozen=True)
class Action:
    """A deed with all that its faces need to know of it.

    ``name`` stands in journal and ledger. ``label`` is how a line that is on its way calls it, and
    ``past`` how the history does. ``undone_by`` names the action that takes it back: its own name
    where the values from before do, and "" where nothing does.
    """

    name: str
    permission: Permission
    schema: type[Schema]
    label: str
    past: str
    undone_by: str
    deed: Deed

    def __call__(self, caller: Caller, subject: Subject, asked: Asked) -> Written:
        """Does it, and returns how far it is; NOTHING where all stands as it was asked for.

        Raises Forbidden where the caller may not, and what the deed raises.
        """
        caller.need(self.permission)
        return self.deed(caller, subject, asked)


def action(
    name: str,
    *,
    permission: Permission,
    schema: type[Schema],
    label: str,
    past: str,
    undone_by: str,
) -> Callable[[Deed], Action]:
    """Declares a function as the deed of an action."""

    def declare(deed: Deed) -> Action:
        return Action(name, permission, schema, label, past, undone_by, deed)

    return declare
