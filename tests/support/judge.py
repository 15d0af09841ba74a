"""Networks of any kind, written out plainly in mpmath: the judge of what pages say about them.

It knows nothing of the package's tables: derivatives are limits of differences, at 60 digits.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import count
from typing import Any

import mpmath

from backprop.formulas.world import World
from backprop.symbolic import expressions
from backprop.symbolic.expressions import Expression

mpf = mpmath.mpf
Numbers = Mapping[str, Any]

ACTIVATIONS: dict[str, Callable[[list[Any], int], Any]] = {
    "logistic": lambda nets, k: 1 / (1 + mpmath.exp(-nets[k])),
    "tanh": lambda nets, k: mpmath.tanh(nets[k]),
    "relu": lambda nets, k: nets[k] if nets[k] > 0 else mpf(0),
    "linear": lambda nets, k: nets[k],
    "softmax": lambda nets, k: mpmath.exp(nets[k]) / sum(map(mpmath.exp, nets)),
}
ERRORS: dict[str, Callable[[Any, Any], Any]] = {
    "half_squared": lambda t, out: (t - out) ** 2 / 2,
    "squared": lambda t, out: (t - out) ** 2,
    "mean_squared": lambda t, out: (t - out) ** 2,
    "binary_cross_entropy": lambda t, out: -t * mpmath.log(out) - (1 - t) * mpmath.log(1 - out),
    "cross_entropy": lambda t, out: -t * mpmath.log(out),
}
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "exp": mpmath.exp,
    "ln": mpmath.log,
    "tanh": mpmath.tanh,
    "sigma": lambda x: 1 / (1 + mpmath.exp(-x)),
    "relu": lambda x: max(x, mpf(0)),
    "max": lambda *x: max(x),
}


class Judge:
    """A network with its samples.

    Args:
        settings: what the front matter of a page says of it, by the names of the graph.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.sizes = settings["sizes"]
        layers = len(self.sizes) - 1
        said = settings.get("activations", "logistic")
        self.activations = [said] * layers if isinstance(said, str) else said
        self.loss = settings.get("loss", "half_squared")
        self.mean = settings.get("reduction") == "mean"
        numbers: dict[str, Any] = {}
        samples = settings.get("samples", [])
        self.samples = [f"_s{k + 1}" for k in range(len(samples))] or [""]
        for at, sample in zip(self.samples, samples, strict=False):
            for stem, row in (("i", sample["inputs"]), ("target_o", sample["targets"])):
                numbers |= {f"{stem}{j}{at}": x for j, x in enumerate(row, start=1)}
        numbers |= settings["givens"]
        self.givens = {name: mpf(str(x)) for name, x in numbers.items()}
        self.rate = self.givens.pop("learning_rate", mpf("0.5"))

    def values(self, givens: Numbers, nudged: str = "", by: Any = 0) -> dict[str, Any]:
        """Return every number, where one of them has been nudged by a little."""
        found: dict[str, Any] = {}

        def put(name: str, x: Any) -> Any:
            found[name] = x + by if name == nudged else x
            return found[name]

        def given(name: str) -> Any:
            return put(name, givens[name])

        for at in self.samples:
            outs = [given(f"i{k + 1}{at}") for k in range(self.sizes[0])]
            number = count(1)
            for layer, width in enumerate(self.sizes[1:], start=1):
                names = [self.neuron(layer, k) + at for k in range(1, width + 1)]
                nets = []
                for k, name in enumerate(names, start=1):
                    net = sum((given(f"w{next(number)}") * out for out in outs), mpf(0))
                    biases = [b for b in (f"b{layer}", f"b{layer}_{k}") if b in givens]
                    nets.append(put(f"net_{name}", net + sum(map(given, biases))))
                function = ACTIVATIONS[self.activations[layer - 1]]
                outs = [put(f"out_{name}", function(nets, k)) for k, name in enumerate(names)]
            errors = [
                put(f"E_{name}", ERRORS[self.loss](given(f"target_{name}"), out))
                for name, out in zip(names, outs, strict=True)
            ]
            share = len(errors) if self.loss == "mean_squared" else 1
            put(f"E_total{at}", sum(errors) / share)
        if self.samples != [""]:
            every = sum(found[f"E_total{at}"] for at in self.samples)
            put("E_total", every / (len(self.samples) if self.mean else 1))
        return found

    def neuron(self, layer: int, k: int) -> str:
        """Return the name of a neuron."""
        last = len(self.sizes) - 1
        return f"o{k}" if layer == last else f"h{k}" if last == 2 else f"h{layer}_{k}"

    def slope(self, of: str, wrt: str, givens: Numbers) -> Any:
        """Return the derivative of one number with respect to another, as a limit of slopes."""
        with mpmath.workdps(60):
            return mpmath.diff(lambda by: self.values(givens, wrt, by)[of], 0)

    def after(self, rounds: int) -> dict[str, Any]:
        """Return the givens after some rounds of learning, in which biases do not move."""
        givens = dict(self.givens)
        for _ in range(rounds):
            weights = [name for name in givens if name.startswith("w")]
            steps = {name: self.rate * self.slope("E_total", name, givens) for name in weights}
            givens |= {name: givens[name] - step for name, step in steps.items()}
        return givens

    def worth(self, part: Expression, world: World) -> Any:  # noqa: PLR0911, PLR0912, C901  # a case a kind
        """Return what an expression of a page is worth; the world tells what its names mean."""

        def of(inner: Expression) -> Any:
            return self.worth(inner, world)

        def named(name: expressions.Name) -> str:
            canonical = world.canonical(name)
            assert canonical is not None, name
            return canonical

        match part:
            case expressions.Number(value=value):
                return mpf(str(value))
            case expressions.Name() if named(part) == "learning_rate":
                return self.rate
            case expressions.Name() if named(part).startswith("delta_"):
                net = named(part).replace("delta_", "net_")
                total = "E_total" + re.sub(r".*?(_s\d+)?$", r"\1", net)
                return self.slope(total, net, self.after(part.round))
            case expressions.Name():
                return self.values(self.after(part.round))[named(part)]
            case expressions.Derivative(above, below):
                return self.slope(named(above), named(below), self.after(above.round))
            case expressions.Negative(body):
                return -of(body)
            case expressions.Sum(terms):
                return sum(map(of, terms), mpf(0))
            case expressions.Product(factors):
                return mpmath.fprod(map(of, factors))
            case expressions.Quotient(above, below):
                return of(above) / of(below)
            case expressions.Power(base, exponent):
                return of(base) ** of(exponent)
            case expressions.Call(function, expressions.Matrix(rows)):
                entries = [of(entry) for row in rows for entry in row]
                if function.startswith("softmax_"):
                    return ACTIVATIONS["softmax"](entries, int(function[8:]) - 1)
                return FUNCTIONS[function](*entries)
            case expressions.Call(function, argument) if function.endswith("'"):
                return mpmath.diff(FUNCTIONS[function[:-1]], of(argument))
            case expressions.Call(function, argument):
                return FUNCTIONS[function](of(argument))
        raise AssertionError(part)


def rounds_to(value: Any, printed: Decimal) -> bool:
    """Tell whether a printed number is the nearest to a value that has so many digits."""
    unit = mpf(10) ** int(printed.as_tuple().exponent)
    return bool(abs(value - mpf(str(printed))) <= unit / 2)
