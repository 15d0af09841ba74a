# did: the loss is the sum of the squares, without the half, and each derivative has the factor 2
# expected: {"loss": "squared"}
import math

W = {"ih": [[0.15, 0.2], [0.25, 0.3]], "ho": [[0.4, 0.45], [0.5, 0.55]]}
for step in range(1, 7):
    hid = [1 / (1 + math.exp(-(a * 0.05 + b * 0.1 + 0.35))) for a, b in W["ih"]]
    out = [1 / (1 + math.exp(-(a * hid[0] + b * hid[1] + 0.6))) for a, b in W["ho"]]
    loss = (out[0] - 0.01) ** 2 + (out[1] - 0.99) ** 2
    print("step %d  loss=%.7g" % (step, loss))
    g = [2 * (out[0] - 0.01) * out[0] * (1 - out[0]), 2 * (out[1] - 0.99) * out[1] * (1 - out[1])]
    gh = [(g[0] * W["ho"][0][k] + g[1] * W["ho"][1][k]) * hid[k] * (1 - hid[k]) for k in (0, 1)]
    for n in (0, 1):
        for k in (0, 1):
            W["ho"][n][k] -= 0.5 * g[n] * hid[k]
        W["ih"][n][0] -= 0.5 * gh[n] * 0.05
        W["ih"][n][1] -= 0.5 * gh[n] * 0.1
