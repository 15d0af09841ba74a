# did: target - out times the slope, and then subtracted: each step goes uphill
# expected: {"step": "uphill"}
import numpy as np

W1 = np.array([[0.15, 0.2], [0.25, 0.3]])
W2 = np.array([[0.4, 0.45], [0.5, 0.55]])
x, t = np.array([0.05, 0.1]), np.array([0.01, 0.99])
for i in range(3):
    h = 1 / (1 + np.exp(-W1 @ x - 0.35))
    o = 1 / (1 + np.exp(-W2 @ h - 0.6))
    d = (t - o) * o * (1 - o)
    e = W2.T @ d * h * (1 - h)
    W2 = W2 - 0.5 * np.outer(d, h)
    W1 = W1 - 0.5 * np.outer(e, x)
    print(W1.tolist(), W2.tolist())
