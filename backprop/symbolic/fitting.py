"""Check that activations, loss and targets of a network fit together."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from backprop import arguments
from backprop.symbolic.definitions import ACTIVATIONS, LOSSES, Form

CLOSE = Decimal("1e-12")  # how far from 1 the sum of shares may be, as of thirds in floats


def check_fit(layers: int, activations: Sequence[str], loss: str) -> None:
    """Refuse activations and a loss that do not go together.

    Args:
        layers: how many layers have an activation.
        activations: their names.
        loss: its name.

    Raises:
        ValueError: they do not, or a name is not in the tables.
    """
    if len(activations) != layers:
        message = f"{len(activations)} came, expected one for each of {layers} layers"
        raise ValueError(f"activations: {message}")
    for name in activations:
        arguments.one_of("activations", name, (*ACTIVATIONS,))
    arguments.one_of("loss", loss, (*LOSSES,))
    for layer, name in enumerate(activations[:-1], start=1):
        if ACTIVATIONS[name].takes_layer:
            raise ValueError(
                f"activations: {name} came for layer {layer} of {layers}, "
                "expected it for the last layer only, whose outputs it makes sum to 1"
            )
    entry, last = LOSSES[loss], activations[-1]
    if entry.activation not in ("", last):
        raise ValueError(
            f"loss: {loss} came with {last} in the last layer, "
            f"expected {entry.activation}, {entry.why}"
        )


def check_targets(form: Form, givens: Mapping[str, Decimal]) -> None:
    """Refuse targets that a loss does not allow.

    Raises:
        ValueError: there is one; the message names it.
    """
    for mark in form.marks if form.loss_entry.targets != "any" else ():
        names = [f"target_{neuron}{mark}" for neuron in form.neurons(len(form.sizes) - 1)]
        for name in names:
            if not 0 <= givens[name] <= 1:
                raise ValueError(
                    f"givens: {name} = {givens[name]} came, expected 0 to 1, as {form.loss} needs"
                )
        together = sum((givens[name] for name in names), Decimal(0))
        if form.loss_entry.targets == "shares" and abs(together - 1) > CLOSE:
            raise ValueError(
                f"givens: {', '.join(names)} sum to {together}, expected 1, as {form.loss} needs"
            )
