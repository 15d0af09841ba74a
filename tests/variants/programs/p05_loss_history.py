# did: took the simple delta out - target, without the slope at the outputs
# expected: {"output_slope": "none"}
import numpy as np

rng_free = dict(w1=np.array([[0.15, 0.20], [0.25, 0.30]]), w2=np.array([[0.40, 0.45], [0.50, 0.55]]))


def feed(p, x):
    h = 1 / (1 + np.exp(-(p["w1"].dot(x) + 0.35)))
    return h, 1 / (1 + np.exp(-(p["w2"].dot(h) + 0.60)))


x = np.array([0.05, 0.10])
y = np.array([0.01, 0.99])
history = []
for _ in range(5):
    h, o = feed(rng_free, x)
    d_o = o - y
    d_h = rng_free["w2"].T.dot(d_o) * h * (1 - h)
    rng_free["w2"] = rng_free["w2"] - 0.5 * np.outer(d_o, h)
    rng_free["w1"] = rng_free["w1"] - 0.5 * np.outer(d_h, x)
    history.append(float(((y - feed(rng_free, x)[1]) ** 2).sum() / 2))
print(history)
