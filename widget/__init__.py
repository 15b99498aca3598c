"""Vínculo: the CRM panel inside the conversation."""
