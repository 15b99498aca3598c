"""What a console must be able to tell, whatever it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from widget.domain.model import Conversation
from widget.web.tokens import Start


class Host(Protocol):
    """One kind of console: its name is the word in addresses, scripts and tokens."""

    name: str
    label: str

    def conversation(self, start: Start, context: Mapping[str, Any]) -> Conversation:
        """The conversation in what the console's script passed on.

        Raises NotFound when none is open.

        Everything in ``context`` is a claim. Only what ``start`` says is proven.
        """
        ...
