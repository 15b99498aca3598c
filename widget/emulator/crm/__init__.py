"""A stand-in of IXC's webservice, with its quirks and faults."""
