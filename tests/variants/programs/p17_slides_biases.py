# did: the other b1, of the notes, and a bias for each neuron that learns
# expected: {"example": "notes", "biases": "per_neuron"}
import numpy as np

net = [(np.array([[0.15, 0.2], [0.25, 0.3]]), np.array([0.30, 0.30])), (np.array([[0.4, 0.45], [0.5, 0.55]]), np.array([0.6, 0.6]))]
x, t = np.array([0.05, 0.1]), np.array([0.01, 0.99])
for e in range(1, 6):
    outs = [x]
    for W, b in net:
        outs.append(1 / (1 + np.exp(-(W @ outs[-1] + b))))
    print("Epoch: %d, Loss: %.5f" % (e, 0.5 * np.square(t - outs[-1]).sum()))
    d = (outs[2] - t) * outs[2] * (1 - outs[2])
    dh = net[1][0].T @ d * outs[1] * (1 - outs[1])
    net = [(net[0][0] - 0.5 * np.outer(dh, x), net[0][1] - 0.5 * dh), (net[1][0] - 0.5 * np.outer(d, outs[1]), net[1][1] - 0.5 * d)]
