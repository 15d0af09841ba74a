"""Backpropagation, worked through one small network.

>>> from backprop import LECTURE, forward, total_error
>>> answer = forward(LECTURE.network, LECTURE.inputs).outs[-1]
>>> print(f"{total_error(LECTURE.targets, answer):.9f}")
0.298371109
"""

from importlib import import_module

TYPE_CHECKING = False  # a type checker takes it for true, and so sees each name with its type
if TYPE_CHECKING:
    from backprop.examples import EXAMPLES, LECTURE, NOTES, Example
    from backprop.gradcheck import GradientCheck, central_differences, check_gradient, complex_step
    from backprop.gradient import Gradient, backward
    from backprop.network import Activations, Network, forward, logistic, output_errors, total_error
    from backprop.training import BiasChoice, Training, step, train
    from backprop.variants.candidates import VARIANTS, variant_values
    from backprop.variants.rounds import train_sequentially
else:

    def __getattr__(name: str) -> object:
        """Import what the package offers when it is first asked for.

        NumPy takes a while to import, and the command `backprop` says first what Ctrl-C does then.
        """
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        modules = (import_module(f"backprop.{module}") for module in _MODULES)
        value: object = next(vars(module)[name] for module in modules if name in vars(module))
        globals()[name] = value
        return value


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

_MODULES = (
    "examples",
    "gradcheck",
    "gradient",
    "network",
    "training",
    "variants.candidates",
    "variants.rounds",
)


def __dir__() -> list[str]:
    """List what the package offers, imported by now or not."""
    return sorted({*globals(), *__all__})
