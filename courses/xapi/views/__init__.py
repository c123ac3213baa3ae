"""The record store over HTTP."""

from .documents import activity_profile, agent_profile, state
from .known import about, activities, agents
from .statements import statements

__all__ = ["about", "activities", "activity_profile", "agent_profile", "agents", "state", "statements"]
