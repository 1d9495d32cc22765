"""How dates are written, by language (FORMAT_MODULE_PATH): 24 hours, and the month in letters, so that nobody
takes a day for a month. Numbers are written as Django knows it for each language."""
