"""The HTTP API under `/api/v1`; its OpenAPI document is generated from what is registered here."""
