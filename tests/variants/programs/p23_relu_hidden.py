# did: relu in the hidden layer, the logistic function at the outputs
# expected: {"activation": "relu_hidden"}
import numpy as np

W1 = np.array([[0.15, 0.2], [0.25, 0.3]], dtype=float)
W2 = np.array([[0.4, 0.45], [0.5, 0.55]], dtype=float)
x, t = np.array([0.05, 0.1]), np.array([0.01, 0.99])
for epoch in range(5):
    z1 = W1 @ x + 0.35
    a1 = np.maximum(z1, 0)
    z2 = W2 @ a1 + 0.6
    a2 = 1 / (1 + np.exp(-z2))
    loss = 0.5 * np.sum((a2 - t) ** 2)
    print(f"Epoch {epoch}: {loss:.10f}")
    g2 = (a2 - t) * a2 * (1 - a2)
    g1 = (W2.T @ g2) * (z1 > 0)
    W2 -= 0.5 * np.outer(g2, a1)
    W1 -= 0.5 * np.outer(g1, x)
