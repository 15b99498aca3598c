"""The CRM behind us: vocabulary, rings and transport."""
