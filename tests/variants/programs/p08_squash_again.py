# did: nonlin(out, deriv=True) squashes what is squashed already, in the output layer
# expected: {"output_slope": "of_slope"}
import numpy as np


def nonlin(x):
    return 1 / (1 + np.exp(-x))


def nonlin_prime(x):
    s = nonlin(x)
    return s * (1 - s)


syn0 = np.array([[0.15, 0.25], [0.20, 0.30]])
syn1 = np.array([[0.40, 0.50], [0.45, 0.55]])
l0 = np.array([[0.05, 0.10]])
y = np.array([[0.01, 0.99]])
for j in range(3):
    n1 = l0.dot(syn0) + 0.35
    l1 = nonlin(n1)
    l2 = nonlin(l1.dot(syn1) + 0.60)
    print("Error:", str(0.5 * np.sum((y - l2) ** 2)), "Output:", l2)
    l2_delta = (l2 - y) * nonlin_prime(l2)
    l1_delta = l2_delta.dot(syn1.T) * nonlin_prime(n1)
    syn1 -= 0.5 * l1.T.dot(l2_delta)
    syn0 -= 0.5 * l0.T.dot(l1_delta)
