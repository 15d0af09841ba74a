# did: derivatives of the half sum, but prints the sum of the squares
# expected: {"loss": "printed_squared"}
import numpy as np

W1 = np.array([[0.15, 0.2], [0.25, 0.3]]); W2 = np.array([[0.4, 0.45], [0.5, 0.55]])
x = np.array([0.05, 0.1]); t = np.array([0.01, 0.99])
fw = lambda W, v, b: 1 / (1 + np.exp(-(W @ v + b)))
for _ in range(4):
    h = fw(W1, x, 0.35); o = fw(W2, h, 0.6)
    do = (o - t) * o * (1 - o)
    dh = (W2.T @ do) * h * (1 - h)
    W2 = W2 - 0.5 * do[:, None] * h
    W1 = W1 - 0.5 * dh[:, None] * x
    h = fw(W1, x, 0.35); o = fw(W2, h, 0.6)
    print("SSE %.9f" % ((o - t) ** 2).sum())
print("final weights", W1.ravel().round(9), W2.ravel().round(9))
