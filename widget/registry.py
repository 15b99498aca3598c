"""What is installed: the only lists to edit when a tab or a console is added."""

from __future__ import annotations

from widget.hosts.chatwoot import Chatwoot
from widget.hosts.protocol import Host
from widget.tabs import check, contact, contact_new, history, interact, link, negotiation, notes

TABS = (contact.tab, contact_new.tab, link.tab, negotiation.tab, interact.tab, notes.tab, history.tab, check.tab)

HOSTS: dict[str, Host] = {host.name: host for host in (Chatwoot(),)}
