"""Looking back: what the journal says of past days, and what another rule would have done."""
