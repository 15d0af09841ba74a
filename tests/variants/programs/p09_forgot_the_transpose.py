# did: went back with W2 and not with its transpose
# expected: {"gradient": "turned"}
import numpy as np

np.set_printoptions(precision=8)
W1, W2 = np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([[0.40, 0.45], [0.50, 0.55]])
x, t = np.array([0.05, 0.10]), np.array([0.01, 0.99])
h = 1 / (1 + np.exp(-(W1 @ x + 0.35)))
o = 1 / (1 + np.exp(-(W2 @ h + 0.60)))
delta_o = (o - t) * o * (1 - o)
delta_h = (W2 @ delta_o) * h * (1 - h)
print("delta_o", delta_o)
print("delta_h", delta_h)
print("dW1", np.outer(delta_h, x))
print("dW2", np.outer(delta_o, h))
