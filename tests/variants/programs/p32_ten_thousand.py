# did: updated the output layer first; one shared bias a layer learns
# expected: {"order": "new", "biases": "shared"}
import math

w1, w2, w3, w4, w5, w6, w7, w8, b1, b2 = .15, .2, .25, .3, .4, .45, .5, .55, .35, .6
for n in range(10001):
    h1 = 1 / (1 + math.exp(-(w1 * .05 + w2 * .1 + b1)))
    h2 = 1 / (1 + math.exp(-(w3 * .05 + w4 * .1 + b1)))
    o1 = 1 / (1 + math.exp(-(w5 * h1 + w6 * h2 + b2)))
    o2 = 1 / (1 + math.exp(-(w7 * h1 + w8 * h2 + b2)))
    if n in (0, 1000, 5000, 10000):
        print("%5d: error %.9g, out %.9f %.9f" % (n, .5 * (o1 - .01) ** 2 + .5 * (o2 - .99) ** 2, o1, o2))
    d1, d2 = (o1 - .01) * o1 * (1 - o1), (o2 - .99) * o2 * (1 - o2)
    w5 -= .5 * d1 * h1; w6 -= .5 * d1 * h2; w7 -= .5 * d2 * h1; w8 -= .5 * d2 * h2
    e1, e2 = (d1 * w5 + d2 * w7) * h1 * (1 - h1), (d1 * w6 + d2 * w8) * h2 * (1 - h2)
    w1 -= .5 * e1 * .05; w2 -= .5 * e1 * .1; w3 -= .5 * e2 * .05; w4 -= .5 * e2 * .1
    b1 -= .5 * (e1 + e2); b2 -= .5 * (d1 + d2)
