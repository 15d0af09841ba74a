# did: a learning rate of 1, and one bias for each layer that learns
# expected: {"rate": 1, "biases": "shared"}
import numpy as np

W1 = np.array([[0.15, 0.2], [0.25, 0.3]]); b1 = 0.35
W2 = np.array([[0.4, 0.45], [0.5, 0.55]]); b2 = 0.6
X = np.array([[0.05], [0.1]]); T = np.array([[0.01], [0.99]])
sig = lambda n: 1 / (1 + np.exp(-n))
for i in range(5):
    H = sig(W1 @ X + b1); O = sig(W2 @ H + b2)
    dO = (O - T) * O * (1 - O); dH = W2.T @ dO * H * (1 - H)
    W2 = W2 - dO @ H.T; b2 = b2 - dO.sum()
    W1 = W1 - dH @ X.T; b1 = b1 - dH.sum()
    print(f"[{i + 1}] cost={0.5 * ((sig(W2 @ sig(W1 @ X + b1) + b2) - T) ** 2).sum():.8f} b1={b1:.8f} b2={b2:.8f}")
