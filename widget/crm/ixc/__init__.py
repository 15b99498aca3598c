"""The questions tabs ask, answered in the words of IXC's webservice."""
