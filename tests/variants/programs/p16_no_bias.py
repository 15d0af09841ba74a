# did: left the biases out of the sums
# expected: {"biases": "none"}
import numpy as np

theta1 = np.array([[0.15, 0.20], [0.25, 0.30]])
theta2 = np.array([[0.40, 0.45], [0.50, 0.55]])
x = np.array([0.05, 0.10])
y = np.array([0.01, 0.99])
z1 = theta1 @ x
a1 = 1 / (1 + np.exp(-z1))
z2 = theta2 @ a1
a2 = 1 / (1 + np.exp(-z2))
print("hidden net", z1, "hidden out", a1)
print("output net", z2, "output out", a2)
print("errors", 0.5 * (y - a2) ** 2, "total", 0.5 * ((y - a2) ** 2).sum())
