"""Check that activations, loss and targets of a network fit together."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from backprop import arguments
from backprop.symbolic.definitions import ACTIVATIONS, LOSSES, Form

TOLERANCE = Decimal("1e-12")  # of the sum of shares, since thirds in floats do not sum to 1


def check_fit(layers: int, activations: Sequence[str], loss: str) -> None:
    """Check that activations and a loss go together.

    Args:
        layers: the number of layers with an activation.
        activations: the name of each layer's activation.
        loss: the name of the loss.

    Raises:
        ValueError: they do not, or a name is unknown.
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
    """Check that the loss of a network allows its targets.

    Raises:
        ValueError: it does not; the message names the target.
    """
    for mark in form.marks if form.loss_entry.targets != "any" else ():
        names = [f"target_{neuron}{mark}" for neuron in form.neurons(len(form.sizes) - 1)]
        for name in names:
            if not 0 <= givens[name] <= 1:
                raise ValueError(
                    f"givens: {name} = {givens[name]} came, expected 0 to 1, as {form.loss} needs"
                )
        together = sum((givens[name] for name in names), Decimal(0))
        if form.loss_entry.targets == "shares" and abs(together - 1) > TOLERANCE:
            raise ValueError(
                f"givens: {', '.join(names)} sum to {together}, expected 1, as {form.loss} needs"
            )
