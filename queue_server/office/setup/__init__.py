"""Setting the office up: parts of config.toml as forms, checked and shown before they are saved."""
