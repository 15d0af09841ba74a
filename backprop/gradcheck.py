"""Is the gradient right? Two ways to compute it that make no use of the chain rule."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from backprop import arguments
from backprop.activations import ACTIVATIONS
from backprop.arguments import Array
from backprop.gradient import Gradient, backward, checked_samples
from backprop.losses import run_errors, run_total
from backprop.network import Network, run_forward

Slope = Callable[[Callable[[complex], complex], float], float]
"""Takes a function and a point, gives the derivative there."""


@dataclass(frozen=True)
class GradientCheck:
    """The component at which two gradients agree the least.

    Attributes:
        name: `w1`, `w2`, ... in reading order over all layers; `b2_1` for the bias of the first
            neuron of layer 2; the network's index first where there are several.
        expected: its value, computed the independent way.
        found: its value in the gradient under test.
        difference: |found - expected| over the larger of the two magnitudes, 0 (equal) to 2
            (opposite signs).
        kinks: the parameters whose slope was taken from both sides of a kink of ReLU, where it is
            no derivative; the others come before them.
    """

    name: str
    expected: float
    found: float
    difference: float
    kinks: tuple[str, ...] = ()


def central_differences(step: float = 1e-5) -> Slope:
    r"""Return the rule that takes the slope between two nearby points.

    $$f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}$$

    Its error falls with the square of h until rounding takes over, near h = 1e-5; about ten digits
    are right at best.

    Args:
        step: h, above 0.

    Raises:
        TypeError: the step is not a number.
        ValueError: the step is not finite, or not above 0.
    """
    h = _step(step)

    def slope(f: Callable[[complex], complex], x: float) -> float:
        return ((f(x + h) - f(x - h)) / (2 * h)).real

    return slope


def complex_step(step: float = 1e-100) -> Slope:
    r"""Return the rule that steps off the real axis.

    $$f'(x) \approx \frac{\operatorname{Im} f(x + ih)}{h}$$

    Nothing is subtracted, so that h may be tiny and all digits are right.

    Args:
        step: h, above 0.

    Raises:
        TypeError: the step is not a number.
        ValueError: the step is not finite, or not above 0.

    Source:
        W. Squire and G. Trapp, "Using Complex Variables to Estimate Derivatives of Real Functions",
        SIAM Review 40 (1998).
    """
    h = _step(step)

    def slope(f: Callable[[complex], complex], x: float) -> float:
        return f(x + 1j * h).imag / h

    return slope


def check_gradient(
    network: Network,
    inputs: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    slope: Slope,
    gradient: Gradient | None = None,
    loss: str = "half_squared",
) -> GradientCheck:
    """Compare a gradient with one found without the chain rule; return the worst component.

    Args:
        network: weights (..., out, in) and biases (..., out).
        inputs: shape (..., in).
        targets: shape (..., out).
        slope: `central_differences()` or `complex_step()`.
        gradient: the gradient under test; that of `backward` when not given.
        loss: how the error is measured, as in `output_errors`.

    Raises:
        TypeError: a value, or what `slope` returns, is not a real number, `network` not a Network,
            `slope` not a function or `gradient` not a Gradient.
        ValueError: the shapes do not fit, a value is not finite, the loss is unknown or does not
            fit the last layer or the targets, or something computed is too large for a float.
    """
    x, t = checked_samples(network, inputs, targets, loss)
    if not callable(slope):
        raise TypeError(f"slope: {slope!r} came, expected central_differences() or complex_step()")
    own = backward(network, x, t, loss=loss)
    derivatives = _derivatives(network, own if gradient is None else gradient)
    checks, kinks = [], []
    with np.errstate(over="ignore", invalid="ignore"):  # results that overflow are refused
        for name, value, found, error, sides in _components(network, derivatives, x, t, loss):
            expected = arguments.number(f"slope of {name}", slope(error, value))
            checks.append(_compare(name, found, expected))
            if len(sides) > 1:
                kinks.append(name)
    worst = max(checks, key=lambda check: (check.name not in kinks, check.difference))
    return replace(worst, kinks=tuple(kinks))


def _derivatives(network: Network, gradient: Gradient) -> list[Array]:
    """Return the arrays of a gradient in the shapes of its network's, weights before biases."""
    arguments.instance("gradient", gradient, Gradient)
    derivatives = [
        arguments.numbers(f"gradient.{part}[{k}]", derivative)
        for part in ("weights", "biases")
        for k, derivative in enumerate(getattr(gradient, part))
    ]
    expected = [p.shape for p in (*network.weights, *network.biases)]
    came = [d.shape for d in derivatives]
    if came != expected:
        raise ValueError(f"gradient: shapes {came} came, expected those of the network, {expected}")
    return derivatives


def _compare(name: str, found: float, expected: float) -> GradientCheck:
    """Return the two values of one component with their relative difference."""
    size = max(abs(found), abs(expected))
    return GradientCheck(name, expected, found, abs(found - expected) / size if size else 0.0)


def _components(
    network: Network, derivatives: Sequence[Array], inputs: Array, targets: Array, loss: str
) -> Iterator[tuple[str, float, float, Callable[[complex], complex], set[bytes]]]:
    """Yield each parameter: its name, its value, its derivative, and the error as a function of it.

    With it comes a set to which the function adds on which sides of their kinks the neurons were.

    Args:
        network: weights (..., out, in) and biases (..., out).
        derivatives: by each weight and then each bias, in the shapes of the parameters.
        inputs: shape (..., in).
        targets: shape (..., out).
        loss: its name.
    """
    # In double precision at least: complex64 holds neither 1e-100 nor enough digits.
    parameters = [np.asarray(p, np.result_type(p, float)) for p in network.weights + network.biases]
    sides, _ = _sides_and_total(network, parameters, inputs, targets, loss)
    for k, (parameter, derivative) in enumerate(zip(parameters, derivatives, strict=True)):
        for index in np.ndindex(parameter.shape):
            met = {sides}

            def error(
                value: complex,
                at: tuple[int, tuple[int, ...]] = (k, index),
                met: set[bytes] = met,
            ) -> complex:
                k, index = at
                moved = list(parameters)
                moved[k] = parameters[k].astype(np.result_type(parameters[k], value))
                moved[k][index] = value
                sides, total = _sides_and_total(network, moved, inputs, targets, loss)
                met.add(sides)
                return total

            name = _name(network, k, index)
            yield name, float(parameter[index]), float(derivative[index]), error, met


def _sides_and_total(
    network: Network, parameters: Sequence[Array], inputs: Array, targets: Array, loss: str
) -> tuple[bytes, complex]:
    """Return on which sides of their kinks the neurons are, and the error summed over all axes.

    Args:
        network: whose activations to use.
        parameters: weights (..., out, in), then biases (..., out).
        inputs: shape (..., in).
        targets: shape (..., out).
        loss: its name.
    """
    names = network.activations
    nets, outs = run_forward(parameters[: len(names)], parameters[len(names) :], inputs, names)
    sides = [(ACTIVATIONS[name].side, net) for name, net in zip(names, nets, strict=True)]
    met = b"".join(side(net).tobytes() for side, net in sides if side)
    errors = run_errors(loss, targets, nets[-1], outs[-1])
    return met, complex(run_total(loss, errors).sum())


def _name(network: Network, k: int, index: tuple[int, ...]) -> str:
    """Return the pages' name of parameter `index` of array `k`, weights before biases."""
    depth = len(network.weights)
    if k < depth:
        *lead, row, column = index
        before = sum(w.shape[-1] * w.shape[-2] for w in network.weights[:k])
        name = f"w{before + row * network.weights[k].shape[-1] + column + 1}"
    else:
        *lead, neuron = index
        name = f"b{k - depth + 1}_{neuron + 1}"
    return f"{tuple(lead)} {name}" if lead else name


def _step(step: float) -> float:
    """Check the size of a step."""
    h = arguments.number("step", step)
    if h <= 0:
        raise ValueError(f"step: {h} came, expected a number above 0")
    return h
