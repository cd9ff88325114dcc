"""A message is written as JSON once, by the model that it is made of, and sent unchanged.

Otherwise it would become a tree of dictionaries first, be searched for bytes by Socket.IO, and be
written by a slower writer then.
"""

from __future__ import annotations

from typing import Any

from engineio import json as usual
from pydantic import BaseModel


class Written(str):
    """JSON, finished."""

    __slots__ = ()


def written(model: BaseModel) -> Written:
    """A whole message."""
    return Written(model.model_dump_json())


class MessageJson:
    """Socket.IO's JSON library: what a message is about may be written already."""

    loads = staticmethod(usual.loads)

    @staticmethod
    def dumps(data: Any, **options: Any) -> str:
        if isinstance(data, list) and any(isinstance(part, Written) for part in data):
            return f"[{','.join(MessageJson.dumps(part, **options) for part in data)}]"
        return data if isinstance(data, Written) else usual.dumps(data, **options)
