"""The pages for the head of office: state, special days, figures, rule, what-if, audit."""
