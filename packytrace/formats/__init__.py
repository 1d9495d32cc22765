"""How dates are written, by language (FORMAT_MODULE_PATH): Django's own for English are American."""
