# did: swapped the two inputs
# expected: {"inputs": "swapped"}
import numpy as np

I = np.array([0.10, 0.05])
V = np.array([[0.15, 0.20], [0.25, 0.30]])
U = np.array([[0.40, 0.45], [0.50, 0.55]])
target = np.array([0.01, 0.99])
for n in range(3):
    net_h = V @ I + 0.35
    out_h = 1 / (1 + np.exp(-net_h))
    net_o = U @ out_h + 0.60
    out_o = 1 / (1 + np.exp(-net_o))
    print(n, "net_h", *np.round(net_h, 9), "out_o", *np.round(out_o, 9), "E", round(0.5 * sum((target - out_o) ** 2), 9))
    delta_o = (out_o - target) * out_o * (1 - out_o)
    delta_h = (delta_o @ U) * out_h * (1 - out_h)
    U = U - 0.5 * np.outer(delta_o, out_h)
    V = V - 0.5 * np.outer(delta_h, I)
