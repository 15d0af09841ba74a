# did: the mean of the two halved squares, so that each derivative is halved; printed like a sheet
# expected: {"loss": "half_mean_squared"}
import math

w1, w2, w3, w4, w5, w6, w7, w8 = .15, .20, .25, .30, .40, .45, .50, .55
f = lambda v: 1 / (1 + math.exp(-v))
rows = []
for r in range(5):
    a, b = f(w1 * .05 + w2 * .1 + .35), f(w3 * .05 + w4 * .1 + .35)
    c, d = f(w5 * a + w6 * b + .6), f(w7 * a + w8 * b + .6)
    e = (.5 * (.01 - c) ** 2 + .5 * (.99 - d) ** 2) / 2
    rows.append((c, d, e))
    p, q = (c - .01) * c * (1 - c) / 2, (d - .99) * d * (1 - d) / 2
    u, v = (p * w5 + q * w7) * a * (1 - a), (p * w6 + q * w8) * b * (1 - b)
    w5 -= .5 * p * a; w6 -= .5 * p * b; w7 -= .5 * q * a; w8 -= .5 * q * b
    w1 -= .5 * u * .05; w2 -= .5 * u * .1; w3 -= .5 * v * .05; w4 -= .5 * v * .1
print("out1;out2;error")
for row in rows:
    print(";".join(f"{x:.9f}".replace(".", ",") for x in row))
