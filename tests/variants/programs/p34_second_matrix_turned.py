# did: w6 and w7 change places, and a learning rate of 0.1
# expected: {"weights": "turned_output", "rate": 0.1}
import math

sg = lambda q: 1 / (1 + math.exp(-q))
a, b, c, d = .15, .20, .25, .30
e, f, g, h = .40, .50, .45, .55
eta = .1
for k in range(5):
    u, v = sg(a * .05 + b * .1 + .35), sg(c * .05 + d * .1 + .35)
    p, q = sg(e * u + f * v + .6), sg(g * u + h * v + .6)
    print(k, "%.8f" % (.5 * ((p - .01) ** 2 + (q - .99) ** 2)))
    P, Q = (p - .01) * p * (1 - p), (q - .99) * q * (1 - q)
    U, V = (P * e + Q * g) * u * (1 - u), (P * f + Q * h) * v * (1 - v)
    e, f, g, h = e - eta * P * u, f - eta * P * v, g - eta * Q * u, h - eta * Q * v
    a, b, c, d = a - eta * U * .05, b - eta * U * .1, c - eta * V * .05, d - eta * V * .1
