# did: left the minus in the exponent out
# expected: {"activation": "no_minus"}
import numpy as np


def activate(z):
    return 1 / (1 + np.exp(z))


A = np.array([[0.15, 0.2], [0.25, 0.3]])
B = np.array([[0.4, 0.45], [0.5, 0.55]])
x = np.array([0.05, 0.1])
t = np.array([0.01, 0.99])
losses = []
for _ in range(4):
    h = activate(A @ x + 0.35)
    y = activate(B @ h + 0.6)
    losses.append(0.5 * np.sum((y - t) ** 2))
    dy = (y - t) * y * (1 - y)
    dh = (B.T @ dy) * h * (1 - h)
    B -= 0.5 * np.outer(dy, h)
    A -= 0.5 * np.outer(dh, x)
print("losses:", ", ".join("%.6e" % v for v in losses))
