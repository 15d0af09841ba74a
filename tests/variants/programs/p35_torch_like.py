# did: a learning rate of 0.01; printed as a library prints its tensors
# expected: {"rate": 0.01}
import numpy as np

W1, W2 = np.array([[0.15, 0.2], [0.25, 0.3]]), np.array([[0.4, 0.45], [0.5, 0.55]])
x, t = np.array([0.05, 0.1]), np.array([0.01, 0.99])
for epoch in range(1, 4):
    h = 1 / (1 + np.exp(-(W1 @ x + 0.35)))
    o = 1 / (1 + np.exp(-(W2 @ h + 0.6)))
    d = (o - t) * o * (1 - o)
    e = W2.T @ d * h * (1 - h)
    W1, W2 = W1 - 0.01 * np.outer(e, x), W2 - 0.01 * np.outer(d, h)
    print(f"epoch {epoch}: tensor({0.5 * ((o - t) ** 2).sum():.8f}, grad_fn=<MulBackward0>)")
    for W in (W1, W2):
        print(f"tensor([[{W[0, 0]:.8f}, {W[0, 1]:.8f}],\n        [{W[1, 0]:.8f}, {W[1, 1]:.8f}]], requires_grad=True)")
