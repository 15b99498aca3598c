"""What a caller works with: services, a visit, recognition and search.

The services are those of an integration, and the visit is one to a conversation.
"""
