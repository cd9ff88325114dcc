"""The figures as files to take along: spreadsheets, a database for analysis."""
