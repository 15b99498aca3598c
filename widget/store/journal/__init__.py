"""The writes to be done: every one is on disk before the CRM is called."""
