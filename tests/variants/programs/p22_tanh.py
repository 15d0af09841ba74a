# did: tanh in both layers
# expected: {"activation": "tanh"}
import math

W = [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]]
B = [0.35, 0.60]
for k in range(4):
    acts = [[0.05, 0.10]]
    for M, b in zip(W, B):
        acts.append([math.tanh(sum(w * a for w, a in zip(row, acts[-1])) + b) for row in M])
    err = sum(0.5 * (o - t) ** 2 for o, t in zip(acts[2], (0.01, 0.99)))
    print(f"iter {k}: error = {err:.7f}  outputs = {acts[2][0]:.7f} {acts[2][1]:.7f}")
    d = [(o - t) * (1 - o * o) for o, t in zip(acts[2], (0.01, 0.99))]
    dh = [sum(d[n] * W[1][n][j] for n in (0, 1)) * (1 - acts[1][j] ** 2) for j in (0, 1)]
    W = [
        [[W[0][j][i] - 0.5 * dh[j] * acts[0][i] for i in (0, 1)] for j in (0, 1)],
        [[W[1][j][i] - 0.5 * d[j] * acts[1][i] for i in (0, 1)] for j in (0, 1)],
    ]
