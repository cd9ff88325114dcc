"""The hall all pages share: sign-in, guard, headers, error pages, wording, templates, static."""
