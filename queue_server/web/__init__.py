"""What all page rooms share: sign-in, guard, headers, error pages, wording, templates, static."""
