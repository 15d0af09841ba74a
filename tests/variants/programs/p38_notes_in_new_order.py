# did: b1 = 0.30 as in the notes, output layer updated first
# expected: {"example": "notes", "order": "new"}
import math

W = [.15, .20, .25, .30, .40, .45, .50, .55]
act = lambda s: 1 / (1 + math.exp(-s))
results = []
for _ in range(3):
    h = [act(W[0] * .05 + W[1] * .1 + .30), act(W[2] * .05 + W[3] * .1 + .30)]
    o = [act(W[4] * h[0] + W[5] * h[1] + .60), act(W[6] * h[0] + W[7] * h[1] + .60)]
    d = [(o[0] - .01) * o[0] * (1 - o[0]), (o[1] - .99) * o[1] * (1 - o[1])]
    for k in range(4):
        W[4 + k] -= .5 * d[k // 2] * h[k % 2]
    g = [(d[0] * W[4] + d[1] * W[6]) * h[0] * (1 - h[0]), (d[0] * W[5] + d[1] * W[7]) * h[1] * (1 - h[1])]
    for k in range(4):
        W[k] -= .5 * g[k // 2] * (.05, .1)[k % 2]
    results.append(list(W))
for row in results:
    print("\t".join("%.9f" % w for w in row))
