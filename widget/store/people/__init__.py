"""Who is in the CRM, found without asking it."""
