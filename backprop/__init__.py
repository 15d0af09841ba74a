"""Backpropagation, worked through one small network.

>>> from backprop import LECTURE, forward, total_error
>>> answer = forward(LECTURE.network, LECTURE.inputs).outs[-1]
>>> print(f"{total_error(LECTURE.targets, answer):.9f}")
0.298371109

The names that the pages import are here. A name is loaded when it is first used, so that
`backprop --help` need not wait for NumPy.
"""

from importlib import import_module

DISTRIBUTION = "backprop-book"  # what pip calls the package

TYPE_CHECKING = False  # a type checker takes it for true, and so sees each name with its type
if TYPE_CHECKING:
    from backprop.activations import logistic as logistic
    from backprop.examples import EXAMPLES as EXAMPLES
    from backprop.examples import LECTURE as LECTURE
    from backprop.examples import NOTES as NOTES
    from backprop.examples import Example as Example
    from backprop.gradcheck import GradientCheck as GradientCheck
    from backprop.gradcheck import central_differences as central_differences
    from backprop.gradcheck import check_gradient as check_gradient
    from backprop.gradcheck import complex_step as complex_step
    from backprop.gradient import Gradient as Gradient
    from backprop.gradient import backward as backward
    from backprop.network import Activations as Activations
    from backprop.network import Network as Network
    from backprop.network import forward as forward
    from backprop.network import output_errors as output_errors
    from backprop.network import total_error as total_error
    from backprop.training import BiasChoice as BiasChoice
    from backprop.training import Training as Training
    from backprop.training import step as step
    from backprop.training import train as train
    from backprop.variants.rounds import (
        train_with_new_output_weights as train_with_new_output_weights,
    )
    from backprop.variants.rows import VARIANTS as VARIANTS
    from backprop.variants.rows import variant_values as variant_values

_NAMES = {
    "activations": ("logistic",),
    "examples": ("EXAMPLES", "LECTURE", "NOTES", "Example"),
    "gradcheck": ("GradientCheck", "central_differences", "check_gradient", "complex_step"),
    "gradient": ("Gradient", "backward"),
    "network": ("Activations", "Network", "forward", "output_errors", "total_error"),
    "training": ("BiasChoice", "Training", "step", "train"),
    "variants.rows": ("VARIANTS", "variant_values"),
    "variants.rounds": ("train_with_new_output_weights",),
}
_HOMES = {name: f"backprop.{module}" for module, names in _NAMES.items() for name in names}

__all__ = [*sorted(_HOMES)]  # noqa: PLE0604  # they are the names of the table above


def __getattr__(name: str) -> object:
    """Load a name of the package from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module 'backprop' has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value  # next time it is there
    return value


def __dir__() -> list[str]:
    """Return the names that can be imported from the package."""
    return __all__
