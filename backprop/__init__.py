"""Backpropagation, worked through one small network.

>>> from backprop import LECTURE, forward, total_error
>>> answer = forward(LECTURE.network, LECTURE.inputs).outs[-1]
>>> print(f"{total_error(LECTURE.targets, answer):.9f}")
0.298371109
"""

from backprop.examples import EXAMPLES, LECTURE, NOTES, Example
from backprop.gradcheck import GradientCheck, central_differences, check_gradient, complex_step
from backprop.gradient import Gradient, backward
from backprop.network import Activations, Network, forward, logistic, output_errors, total_error
from backprop.training import BiasChoice, Training, step, train
from backprop.variants.candidates import VARIANTS, variant_values
from backprop.variants.rounds import train_sequentially

__all__ = [
    "EXAMPLES",
    "LECTURE",
    "NOTES",
    "VARIANTS",
    "Activations",
    "BiasChoice",
    "Example",
    "Gradient",
    "GradientCheck",
    "Network",
    "Training",
    "backward",
    "central_differences",
    "check_gradient",
    "complex_step",
    "forward",
    "logistic",
    "output_errors",
    "step",
    "total_error",
    "train",
    "train_sequentially",
    "variant_values",
]
