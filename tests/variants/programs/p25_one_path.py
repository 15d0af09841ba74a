# did: carried only the error of the first output back to the hidden layer
# expected: {"paths": "one"}
import math

def f(z): return 1 / (1 + math.exp(-z))

w1, w2, w3, w4, w5, w6, w7, w8 = 0.15, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55
h1 = f(w1 * 0.05 + w2 * 0.1 + 0.35)
h2 = f(w3 * 0.05 + w4 * 0.1 + 0.35)
o1 = f(w5 * h1 + w6 * h2 + 0.6)
o2 = f(w7 * h1 + w8 * h2 + 0.6)
eo1 = (o1 - 0.01) * o1 * (1 - o1)
eo2 = (o2 - 0.99) * o2 * (1 - o2)
dw1 = eo1 * w5 * h1 * (1 - h1) * 0.05
dw2 = eo1 * w5 * h1 * (1 - h1) * 0.1
dw3 = eo1 * w6 * h2 * (1 - h2) * 0.05
dw4 = eo1 * w6 * h2 * (1 - h2) * 0.1
print("w1 %.10f\nw2 %.10f\nw3 %.10f\nw4 %.10f" % (w1 - 0.5 * dw1, w2 - 0.5 * dw2, w3 - 0.5 * dw3, w4 - 0.5 * dw4))
print("w5 %.10f\nw6 %.10f\nw7 %.10f\nw8 %.10f" % (w5 - 0.5 * eo1 * h1, w6 - 0.5 * eo1 * h2, w7 - 0.5 * eo2 * h1, w8 - 0.5 * eo2 * h2))
