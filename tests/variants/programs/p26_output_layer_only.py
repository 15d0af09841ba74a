# did: updated the output layer only
# expected: {"layers": "output"}
import numpy as np

W_hidden = np.array([[0.15, 0.2], [0.25, 0.3]])
W_out = np.array([[0.4, 0.45], [0.5, 0.55]])
h = 1 / (1 + np.exp(-(W_hidden @ [0.05, 0.1] + 0.35)))
t = np.array([0.01, 0.99])
for n in range(1, 6):
    o = 1 / (1 + np.exp(-(W_out @ h + 0.6)))
    W_out = W_out - 0.5 * np.outer((o - t) * o * (1 - o), h)
    o = 1 / (1 + np.exp(-(W_out @ h + 0.6)))
    print("after", n, "updates: E =", f"{np.sum((t - o) ** 2) / 2:.9f}")
