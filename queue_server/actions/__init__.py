"""The actions. Each reads, decides in pure code and writes in one transaction; none publishes."""
