# did: rounded each result to four decimals before going on
# expected: {"rounding": "4"}
import math
from decimal import ROUND_HALF_UP, Decimal


def r(v):
    return float(Decimal(repr(v)).quantize(Decimal("0.0001"), ROUND_HALF_UP))


net_h1, net_h2 = r(.15 * .05 + .2 * .1 + .35), r(.25 * .05 + .3 * .1 + .35)
out_h1, out_h2 = r(1 / (1 + math.exp(-net_h1))), r(1 / (1 + math.exp(-net_h2)))
net_o1, net_o2 = r(.4 * out_h1 + .45 * out_h2 + .6), r(.5 * out_h1 + .55 * out_h2 + .6)
out_o1, out_o2 = r(1 / (1 + math.exp(-net_o1))), r(1 / (1 + math.exp(-net_o2)))
e1, e2 = r(.5 * (.01 - out_o1) ** 2), r(.5 * (.99 - out_o2) ** 2)
print("net h", net_h1, net_h2)
print("out h", out_h1, out_h2)
print("net o", net_o1, net_o2)
print("out o", out_o1, out_o2)
print("E1", e1, "E2", e2, "E", r(e1 + e2))
