"""The brand console below /brand/: released figures as pages and as files."""
