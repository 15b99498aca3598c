"""A stand-in of the CRM and of the chat consoles, speaking their real protocols.

It imports nothing of ours.
"""
