"""How a request goes on: the table of its states. The picture in the docs is made from it."""

from rights.words import State

TRANSITIONS: dict[str, tuple[str, ...]] = {
    State.UNCONFIRMED: (State.RECEIVED, State.WORKING),
    State.RECEIVED: (State.IDENTIFYING, State.WORKING, State.CLOSED),
    State.IDENTIFYING: (State.WORKING, State.CLOSED),
    State.WORKING: (State.IDENTIFYING, State.CLOSED),
    State.CLOSED: (State.IDENTIFYING, State.WORKING),  # reopened
}
OPEN = (State.RECEIVED, State.IDENTIFYING, State.WORKING)


def may_become(state: str, next_state: str) -> bool:
    return next_state in TRANSITIONS[state]
