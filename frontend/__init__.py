"""Styles, templates and the little script of the consumer's pages; the tests that look at them."""
