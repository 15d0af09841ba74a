# did: updated the output layer before going back through it
# expected: {"order": "new"}
import numpy as np

layers = [np.array([[0.15, 0.2], [0.25, 0.3]]), np.array([[0.4, 0.45], [0.5, 0.55]])]
bias = [0.35, 0.6]
x = np.array([0.05, 0.1])
y = np.array([0.01, 0.99])
for it in range(8):
    acts = [x]
    for W, b in zip(layers, bias):
        acts.append(1 / (1 + np.exp(-(W @ acts[-1] + b))))
    err = acts[-1] - y
    print(0.5 * np.sum(err**2))
    grad = err * acts[-1] * (1 - acts[-1])
    for k in (1, 0):
        layers[k] = layers[k] - 0.5 * np.outer(grad, acts[k])
        grad = layers[k].T @ grad * acts[k] * (1 - acts[k])
