"""The quantities of a round by the names of the graph, and which of them readers look at."""

from collections.abc import Iterator

import numpy as np

from backprop.arguments import Array
from backprop.variants.rounds import State, run
from backprop.variants.switches import Way, parameters

_BOTH = ("1", "2")
FAMOUS = (
    *("E_total", "out_o1", "out_o2"),
    *(f"w{k}" for k in range(1, 9)),
    *("b1_1", "b1_2", "b2_1", "b2_2"),
)
"""The quantities where readers look first."""
FORWARD = (
    *("E_o1", "E_o2"),
    *(f"{what}_{layer}{k}" for what, layer in (("net", "h"), ("out", "h"), ("net", "o"))
      for k in _BOTH),
)  # fmt: skip
DERIVATIVES = (
    *(f"dE_total/dw{k}" for k in range(1, 9)),
    *("dE_total/db1", "dE_total/db2"),
    *(f"dE_total/dnet_{layer}{k}" for layer in "oh" for k in _BOTH),
    *(f"dE_total/dout_{layer}{k}" for layer in "oh" for k in _BOTH),
    *(f"dout_{layer}{k}/dnet_{layer}{k}" for layer in "oh" for k in _BOTH),
    *(f"dE_o{j}/dout_h{k}" for j in _BOTH for k in _BOTH),
    *(f"dE_o{j}/dnet_h{k}" for j in _BOTH for k in _BOTH),
    *(f"dE_o{j}/dw{k}" for j in _BOTH for k in range(1, 5)),
    *(f"dE_o{j}/db1" for j in _BOTH),
    *(f"dE_total/di{k}" for k in _BOTH),
)
"""Derivatives are compared without their sign, since many people write target - out."""
NAMES = (*FAMOUS, *FORWARD, *DERIVATIVES)
SIGNED = len(FAMOUS) + len(FORWARD)  # the first names; those after it are derivatives


def famous(state: State) -> Array:
    """Return the values of `FAMOUS`, shape (quantities, ways)."""
    ways = state.outs[0].shape[-1]
    return np.concatenate(
        [
            state.total[None],
            state.outs[1],
            *(weight.reshape(4, ways) for weight in state.weights),
            *state.biases,
        ]
    )


def every(state: State) -> Array:
    """Return the values of `NAMES`, shape (quantities, ways)."""
    (delta_h, delta_o), (slope_h, slope_o) = state.deltas, state.slopes
    gradient_h, gradient_o = state.gradients
    ways = delta_h.shape[-1]
    paths = state.carried * slope_h  # (output, hidden): the part of each output in delta_h
    by_weight = paths[:, :, None] * state.inputs  # (output, hidden, input)
    to_inputs = delta_h[0] * state.weights[0][0] + delta_h[1] * state.weights[0][1]
    rows = [
        famous(state),
        *(state.errors, state.nets[0], state.outs[0], state.nets[1]),
        *(gradient_h.reshape(4, ways), gradient_o.reshape(4, ways)),
        *(delta_h.sum(axis=0)[None], delta_o.sum(axis=0)[None]),
        *(delta_o, delta_h, state.miss, state.carried.sum(axis=0)),
        *(slope_o, slope_h),
        *(state.carried.reshape(4, ways), paths.reshape(4, ways)),
        *(by_weight.reshape(8, ways), paths.sum(axis=1), to_inputs),
    ]
    return np.concatenate(rows)


def trained(ways: tuple[Way, ...], rounds: int) -> Iterator[tuple[int, Array, State]]:
    """Train some ways, in a batch for each precision.

    Yields:
        The number of rounds done, the indices of a batch's ways, shape (batch,), and its state.
    """
    found = parameters(ways)
    for keep in np.unique(found["keep"]):
        places = np.flatnonzero(found["keep"] == keep)
        states = run({name: values[places] for name, values in found.items()})
        for done, state in zip(range(rounds + 1), states, strict=False):
            yield done, places, state
