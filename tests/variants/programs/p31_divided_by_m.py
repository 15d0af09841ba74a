# did: m = 2 rows of a column vector were taken for two samples: derivatives divided by m
# expected: {"samples": "mean"}
import numpy as np

X = np.array([[0.05], [0.10]])
Y = np.array([[0.01], [0.99]])
m = X.shape[0]
W1 = np.array([[0.15, 0.20], [0.25, 0.30]])
W2 = np.array([[0.40, 0.45], [0.50, 0.55]])
for i in range(4):
    A1 = 1 / (1 + np.exp(-(np.dot(W1, X) + 0.35)))
    A2 = 1 / (1 + np.exp(-(np.dot(W2, A1) + 0.60)))
    dZ2 = (A2 - Y) * A2 * (1 - A2)
    dW2 = np.dot(dZ2, A1.T) / m
    dZ1 = np.dot(W2.T, dZ2) * A1 * (1 - A1)
    dW1 = np.dot(dZ1, X.T) / m
    print("Cost after iteration %d: %.9f" % (i, 0.5 * np.sum((A2 - Y) ** 2)))
    print("dW1", dW1.flatten(), "dW2", dW2.flatten())
    W1, W2 = W1 - 0.5 * dW1, W2 - 0.5 * dW2
