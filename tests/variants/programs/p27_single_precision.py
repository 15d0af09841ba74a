# did: computed in single precision
# expected: {"precision": "float32"}
import numpy as np

f = np.float32
W1 = np.array([[0.15, 0.2], [0.25, 0.3]], dtype=f)
W2 = np.array([[0.4, 0.45], [0.5, 0.55]], dtype=f)
b1, b2 = f(0.35), f(0.6)
x = np.array([0.05, 0.1], dtype=f)
t = np.array([0.01, 0.99], dtype=f)
one, half = f(1), f(0.5)
for _ in range(3):
    h = one / (one + np.exp(-(W1 @ x + b1)))
    o = one / (one + np.exp(-(W2 @ h + b2)))
    print("loss", "%.10f" % float(half * np.sum((t - o) ** 2)))
    d = (o - t) * o * (one - o)
    e = (W2.T @ d) * h * (one - h)
    W2 = W2 - half * np.outer(d, h)
    W1 = W1 - half * np.outer(e, x)
