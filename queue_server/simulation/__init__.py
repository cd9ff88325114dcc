"""The office as a model: the same rule, played forward, played again, or played otherwise."""
