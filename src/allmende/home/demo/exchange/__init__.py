"""What the demo people have put up, agreed and written to each other: offers and needs, conversations, projects, feedback, circles.

All of it is invented and marked, and only invented organisations speak. It is written through the rooms' own actions, so it obeys their
rules; afterwards its rows are set back to the days the story names. The texts lie in the JSON files beside.
"""

from allmende.home.demo.exchange.loading import load

__all__ = ["load"]
