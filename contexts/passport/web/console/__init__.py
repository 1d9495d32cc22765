"""Pages of the brand console and its API: products, links and codes."""
