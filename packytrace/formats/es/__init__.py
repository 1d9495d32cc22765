"""Spanish: “de” before the month and the year."""
