"""What a support bundle shows, as the switches of the emulator that show the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Told = Mapping[str, Any]
Switches = dict[str, Any]
# A finding that is one fault of the whole webservice.
WHOLE: Mapping[str, Switches] = {
    "token-refused": {"fault": "401"},
    "token-old": {"fault": "403"},
    "path-absent": {"fault": "404"},
    "busy": {"fault": "429"},
    "crm-error-page": {"fault": "html200"},
    "body-empty": {"fault": "empty200"},
    "body-cut": {"fault": "truncated"},
    "http-reset": {"fault": "reset"},
    "path-panel": {"fault": "redirect"},
    "address-refused": {"ip_blocked": True},
    "too-slow": {"fault": "hang"},
    "gateway": {"fault": "504"},
}
# A finding that names resources or fields, and the switch that takes them.
PARTS: Mapping[str, tuple[str, str]] = {
    "resource-closed": ("not_released", "resources"),
    "resource-closed-spared": ("not_released", "resources"),
    "read-denied": ("not_permitted", "resources"),
    "read-denied-spared": ("not_permitted", "resources"),
    "write-denied": ("not_writable", "resources"),
    "fields-absent": ("hide_fields", "fields"),
    "fields-absent-spared": ("hide_fields", "fields"),
}
# What a call brought, by the beginning of its shape and its code.
SHAPES: Mapping[str, str] = {
    "crm-error-page": "html200",
    "body-empty": "empty200",
    "body-cut": "truncated",
    "busy": "429",
    "gateway": "504",
    "token-refused": "401",
    "token-old": "403",
    "path-absent": "404",
    "path-panel": "redirect",
    "nothing": "reset",
}
# So many of the last calls tell how it was at the end.
LAST = 40
SLOW_MS = 50


def switches_of(bundle: Told) -> Switches:
    """The switches, none for a healthy base.

    What the diagnosis found comes first, then what the last calls show.
    """
    found: Switches = {}
    for finding in bundle.get("diagnosis", []):
        found |= _of_finding(finding, found)
    calls: Sequence[Told] = bundle.get("calls", [])[-LAST:]
    if "fault" not in found and not found.get("ip_blocked"):
        found |= _of_calls(calls)
    return (
        {
            **found,
            **_of_times(calls),
        }
        if found.get("fault") != "hang"
        else found
    )


def _of_finding(finding: Told, before: Switches) -> Switches:
    slug, values = finding.get("slug", ""), finding.get("values", {})
    if slug in WHOLE and "fault" not in before:
        status = str(values.get("status", ""))
        exact = {
            "gateway": status if status in {"502", "503", "504"} else "504",
            "crm-error-page": "500" if status == "500" else "html200",
        }
        return {"fault": exact[slug]} if slug in exact else dict(WHOLE[slug])
    if slug in PARTS:
        switch, value = PARTS[slug]
        return {switch: sorted({*before.get(switch, []), *_names(values.get(value, ""))})}
    return {}


def _of_calls(calls: Sequence[Told]) -> Switches:
    """The commonest fault of calls that failed for no reason of rights.

    The resources and verbs that it met come with it.
    """
    failed = [(fault, call) for call in calls if (fault := _fault(call))]
    if not failed:
        return {}
    fault = Counter(name for name, _ in failed).most_common(1)[0][0]
    met = [call for name, call in failed if name == fault]
    resources = {call["resource"] for call in met}
    verbs = {"read" if call["verb"] == "list" else "write" for call in met}
    spared = {call["resource"] for call in calls if not call["code"]} - resources
    return {
        "fault": fault,
        "fault_on": verbs.pop() if len(verbs) == 1 else "all",
        **({"fault_resources": sorted(resources)} if spared else {}),
    }


def _fault(call: Told) -> str:
    name = str(call.get("shape", "")).partition(" ")[0]
    if not call.get("code") or name not in SHAPES:
        return ""
    if name == "crm-error-page" and call.get("status") == 500:
        return "500"
    if name == "nothing" and call.get("ms", 0) > 900:
        return "hang"
    return (
        str(call["status"])
        if name == "gateway" and call.get("status") in {502, 503, 504}
        else SHAPES[name]
    )


def _of_times(calls: Sequence[Told]) -> Switches:
    """The usual time of calls that went well, where it is more than the emulator's own."""
    times = sorted(call["ms"] for call in calls if not call["code"])
    usual = times[len(times) // 2] if times else 0
    return {"delay_seconds": usual / 1000} if usual > SLOW_MS else {}


def _names(text: object) -> list[str]:
    return [name.strip() for name in str(text).split(",") if name.strip()]
