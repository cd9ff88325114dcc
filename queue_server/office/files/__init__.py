"""The figures as files to download: spreadsheets, a database for analysis."""
