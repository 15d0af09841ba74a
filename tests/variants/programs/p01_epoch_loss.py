# did: gave each neuron a bias of its own and let it learn
# expected: {"biases": "per_neuron"}
import math

w = [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55]
b = [0.35, 0.35, 0.60, 0.60]
x1, x2, t1, t2 = 0.05, 0.10, 0.01, 0.99


def sig(z):
    return 1 / (1 + math.exp(-z))


for epoch in range(6):
    h1 = sig(w[0] * x1 + w[1] * x2 + b[0])
    h2 = sig(w[2] * x1 + w[3] * x2 + b[1])
    o1 = sig(w[4] * h1 + w[5] * h2 + b[2])
    o2 = sig(w[6] * h1 + w[7] * h2 + b[3])
    print(f"epoch {epoch} loss {((o1 - t1) ** 2 + (o2 - t2) ** 2) / 2:.6f}")
    d1 = (o1 - t1) * o1 * (1 - o1)
    d2 = (o2 - t2) * o2 * (1 - o2)
    e1 = (d1 * w[4] + d2 * w[6]) * h1 * (1 - h1)
    e2 = (d1 * w[5] + d2 * w[7]) * h2 * (1 - h2)
    grads = [e1 * x1, e1 * x2, e2 * x1, e2 * x2, d1 * h1, d1 * h2, d2 * h1, d2 * h2]
    w = [a - 0.5 * g for a, g in zip(w, grads)]
    b = [a - 0.5 * g for a, g in zip(b, [e1, e2, d1, d2])]
