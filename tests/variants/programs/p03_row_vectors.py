# did: x @ W with the weights row by row as on the drawing, and biases that learn
# expected: {"weights": "turned", "biases": "per_neuron"}
import numpy as np

W1 = np.array([[0.15, 0.20], [0.25, 0.30]])
W2 = np.array([[0.40, 0.45], [0.50, 0.55]])
b1 = np.full((1, 2), 0.35)
b2 = np.full((1, 2), 0.60)
X = np.array([[0.05, 0.10]])
Y = np.array([[0.01, 0.99]])
lr = 0.5
s = lambda z: 1 / (1 + np.exp(-z))
A1 = s(X @ W1 + b1)
A2 = s(A1 @ W2 + b2)
D2 = (A2 - Y) * A2 * (1 - A2)
D1 = D2 @ W2.T * A1 * (1 - A1)
W2 -= lr * A1.T @ D2
W1 -= lr * X.T @ D1
b2 -= lr * D2
b1 -= lr * D1
A1 = s(X @ W1 + b1)
A2 = s(A1 @ W2 + b2)
print("W1 =", repr(W1))
print("W2 =", repr(W2))
print("loss:", np.sum((A2 - Y) ** 2) / 2)
