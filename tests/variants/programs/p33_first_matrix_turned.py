# did: the weights of the hidden layer column by column
# expected: {"weights": "turned_hidden"}
import numpy as np

W1 = np.array([0.15, 0.25, 0.20, 0.30]).reshape(2, 2)
W2 = np.array([0.40, 0.45, 0.50, 0.55]).reshape(2, 2)
x = np.array([0.05, 0.1])
z1 = W1 @ x + 0.35
a1 = 1 / (1 + np.exp(-z1))
z2 = W2 @ a1 + 0.6
a2 = 1 / (1 + np.exp(-z2))
print(f"z1={z1}")
print(f"a1={a1}")
print(f"z2={z2}")
print(f"a2={a2}")
