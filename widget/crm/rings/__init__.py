"""What stands around a CRM's transport: each ring keeps one promise, whatever the CRM does."""
