"""A browser by the name that people know it by, for lists of those where somebody signed in."""

from __future__ import annotations

# In this order: Edge and Opera call themselves Chrome as well, Chrome calls itself Safari, and
# Android Linux.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iOS",
    "iPad": "iOS",
    "CrOS": "ChromeOS",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def name(user_agent: str) -> str:
    """Such as "Firefox, Windows"; what is not known by its name is told as it calls itself."""
    known = [
        next((told for clue, told in table.items() if clue in user_agent), "")
        for table in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, known)) or user_agent
