"""What a caller works with: the services of an integration, a visit to a conversation, recognition, search."""
