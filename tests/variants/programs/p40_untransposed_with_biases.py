# did: no transpose on the way back, a bias for each neuron that learns
# expected: {"gradient": "turned", "biases": "per_neuron"}
import numpy as np

params = {"W1": np.array([[0.15, 0.2], [0.25, 0.3]]), "b1": np.array([0.35, 0.35]),
          "W2": np.array([[0.4, 0.45], [0.5, 0.55]]), "b2": np.array([0.6, 0.6])}
x, t = np.array([0.05, 0.1]), np.array([0.01, 0.99])


def run(p):
    a = 1 / (1 + np.exp(-(p["W1"] @ x + p["b1"])))
    return a, 1 / (1 + np.exp(-(p["W2"] @ a + p["b2"])))


for _ in range(3):
    a, y = run(params)
    dy = (y - t) * y * (1 - y)
    da = np.dot(params["W2"], dy) * a * (1 - a)
    params = {"W1": params["W1"] - 0.5 * np.outer(da, x), "b1": params["b1"] - 0.5 * da,
              "W2": params["W2"] - 0.5 * np.outer(dy, a), "b2": params["b2"] - 0.5 * dy}
    print("b1:", params["b1"], "b2:", params["b2"])
    print("E = %.9f" % (0.5 * ((run(params)[1] - t) ** 2).sum()))
