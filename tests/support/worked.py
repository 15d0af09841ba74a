"""Work the example in any way, by straight-line arithmetic in one number after the other.

It knows the switches by their names alone, and nothing of how `backprop.variants` trains.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Figures = dict[str, Any]

FACTORS = {  # of the derivatives, and of the error as it is printed
    "squared": ("2", "2"),
    "half_mean_squared": ("0.5", "0.5"),
    "printed_squared": ("1", "2"),
}
HIDDEN = {"tanh": "tanh", "tanh_hidden": "tanh", "relu": "relu", "relu_hidden": "relu"}
OUTPUT = {"tanh": "tanh", "relu": "relu", "linear_output": "linear"}


def worked(  # noqa: C901, PLR0912, PLR0915  # all in one piece, as a reader would write it
    switches: Mapping[str, Any],
    number: Callable[[Any], Any],
    maths: Any,
    keep: Callable[[Any], Any] = lambda x: x,
) -> Iterator[Figures]:
    """Yield the figures of a way of working after 0, 1, 2, ... rounds.

    Args:
        switches: those in which it differs from the lecture.
        number: makes a number of a text or a number.
        maths: a module with exp, log and tanh for such numbers.
        keep: what is kept of each result.
    """
    s = switches.get
    i1, i2 = number("0.05"), number("0.10")
    t1, t2 = number("0.01"), number("0.99")
    if s("inputs") == "swapped":
        i1, i2 = i2, i1
    if s("inputs") == "small_i1":
        i1 = number("0.005")
    if s("targets") == "swapped":
        t1, t2 = t2, t1
    eta = number(str(s("rate", "0.5")))
    if s("step") == "uphill":
        eta = -eta
    w1, w2, w3, w4, w5, w6, w7, w8 = (
        keep(number(f"0.{w}")) for w in ("15", "20", "25", "30", "40", "45", "50", "55")
    )
    if s("weights") in ("turned", "turned_hidden"):
        w2, w3 = w3, w2
    if s("weights") in ("turned", "turned_output"):
        w6, w7 = w7, w6
    none = s("biases") == "none"
    bh1 = bh2 = number("0" if none else "0.30" if s("example") == "notes" else "0.35")
    bo1 = bo2 = number("0" if none else "0.60")
    half, one, zero = number("0.5"), number("1"), number("0")
    factor, measured = map(number, FACTORS.get(str(s("loss")), ("1", "1")))
    if s("samples") == "mean":
        factor = factor * half
    entropy = s("loss") == "cross_entropy"
    kinds = {"h": HIDDEN.get(str(s("activation"))), "o": OUTPUT.get(str(s("activation")))}
    slopes = {"h": s("slope", s("hidden_slope")), "o": s("slope", s("output_slope"))}
    if entropy and not slopes["o"]:
        slopes["o"] = "none"
    minus = s("activation") != "no_minus"

    def squash(layer: str, net: Any) -> Any:
        kind = kinds[layer]
        if kind == "tanh":
            return maths.tanh(net)
        if kind == "relu":
            return net if net > 0 else zero
        if kind == "linear":
            return net
        return one / (one + maths.exp(-net if minus else net))

    def slope(layer: str, net: Any, out: Any) -> Any:
        how, kind = slopes[layer], kinds[layer]
        if how == "none":
            return one
        at = net if how == "of_net" else squash(layer, out) if how == "of_slope" else out
        if kind == "tanh":
            return keep(one - at * at)
        if kind == "relu":
            return one if at > 0 else zero
        return one if kind == "linear" else keep(at * (one - at))

    def error(target: Any, out: Any) -> Any:
        if entropy:
            return -target * maths.log(out) - (one - target) * maths.log(one - out)
        return keep(measured * half * (target - out) ** 2)

    while True:
        nh1, nh2 = keep(w1 * i1 + w2 * i2 + bh1), keep(w3 * i1 + w4 * i2 + bh2)
        h1, h2 = keep(squash("h", nh1)), keep(squash("h", nh2))
        no1, no2 = keep(w5 * h1 + w6 * h2 + bo1), keep(w7 * h1 + w8 * h2 + bo2)
        o1, o2 = keep(squash("o", no1)), keep(squash("o", no2))
        e1, e2 = error(t1, o1), error(t2, o2)
        do1 = factor * keep(-(t1 - o1)) * slope("o", no1, o1)
        do2 = factor * keep(-(t2 - o2)) * slope("o", no2, o2)
        d5, d6, d7, d8 = keep(do1 * h1), keep(do1 * h2), keep(do2 * h1), keep(do2 * h2)
        new = keep(w5 - eta * d5), keep(w6 - eta * d6), keep(w7 - eta * d7), keep(w8 - eta * d8)
        co1 = co2 = zero  # the steps of the output biases
        if s("biases") == "shared":
            co1 = co2 = keep(do1) + keep(do2)
        if s("biases") == "per_neuron":
            co1, co2 = keep(do1), keep(do2)
        v5, v6, v7, v8 = new if s("order") in ("new", "refreshed") else (w5, w6, w7, w8)
        bo1_new, bo2_new = keep(bo1 - eta * co1), keep(bo2 - eta * co2)
        q1, q2 = do1, do2  # the deltas that go back
        if s("order") == "refreshed":
            m1, m2 = keep(v5 * h1 + v6 * h2 + bo1_new), keep(v7 * h1 + v8 * h2 + bo2_new)
            p1, p2 = keep(squash("o", m1)), keep(squash("o", m2))
            q1 = factor * keep(-(t1 - p1)) * slope("o", m1, p1)
            q2 = factor * keep(-(t2 - p2)) * slope("o", m2, p2)
        if s("gradient") == "turned":
            v6, v7 = v7, v6
        if s("paths") == "one":
            q2 = zero
        c5, c6, c7, c8 = keep(q1 * v5), keep(q1 * v6), keep(q2 * v7), keep(q2 * v8)
        sh1, sh2 = slope("h", nh1, h1), slope("h", nh2, h2)
        dh1, dh2 = keep(c5 + c7) * sh1, keep(c6 + c8) * sh2
        d1, d2, d3, d4 = keep(dh1 * i1), keep(dh1 * i2), keep(dh2 * i1), keep(dh2 * i2)
        yield {
            "E_total": keep(e1 + e2),
            "out_o1": o1,
            "out_o2": o2,
            "E_o1": e1,
            "E_o2": e2,
            **dict(zip(("w1", "w2", "w3", "w4"), (w1, w2, w3, w4), strict=True)),
            **dict(zip(("w5", "w6", "w7", "w8"), (w5, w6, w7, w8), strict=True)),
            "b1_1": bh1,
            "b1_2": bh2,
            "b2_1": bo1,
            "b2_2": bo2,
            "net_h1": nh1,
            "net_h2": nh2,
            "out_h1": h1,
            "out_h2": h2,
            "net_o1": no1,
            "net_o2": no2,
            "dE_total/dnet_o1": do1,
            "dE_total/dnet_o2": do2,
            "dE_total/dnet_h1": dh1,
            "dE_total/dnet_h2": dh2,
            **{f"dE_total/dw{k}": d for k, d in enumerate((d1, d2, d3, d4), start=1)},
            **{f"dE_total/dw{k}": d for k, d in enumerate((d5, d6, d7, d8), start=5)},
            "dE_o1/dout_h1": c5,
            "dE_o1/dout_h2": c6,
            "dE_o2/dout_h1": c7,
            "dE_o2/dout_h2": c8,
            "dE_total/dout_h1": c5 + c7,
            "dE_total/dout_h2": c6 + c8,
            "dE_o1/dnet_h1": c5 * sh1,
            "dE_o2/dnet_h2": c8 * sh2,
            "dE_o1/dw4": c6 * sh2 * i2,
            "dE_o2/dw1": c7 * sh1 * i1,
            "dout_h1/dnet_h1": sh1,
            "dE_total/di2": dh1 * w2 + dh2 * w4,
            "dE_total/db1": dh1 + dh2,
            "dE_total/db2": do1 + do2,
            "dE_total/dout_o2": factor * keep(-(t2 - o2)),
        }
        w5, w6, w7, w8 = new
        bo1, bo2 = bo1_new, bo2_new
        ch1 = ch2 = zero
        if s("biases") == "shared":
            ch1 = ch2 = keep(dh1) + keep(dh2)
        if s("biases") == "per_neuron":
            ch1, ch2 = keep(dh1), keep(dh2)
        rate = zero if s("layers") == "output" else eta
        w1, w2 = keep(w1 - rate * d1), keep(w2 - rate * d2)
        w3, w4 = keep(w3 - rate * d3), keep(w4 - rate * d4)
        bh1, bh2 = keep(bh1 - rate * ch1), keep(bh2 - rate * ch2)
