# did: a learning rate of 2, and no slope in the hidden layer
# expected: {"rate": 2, "hidden_slope": "none"}
import numpy as np

w_ih = np.matrix([[0.15, 0.20], [0.25, 0.30]])
w_ho = np.matrix([[0.40, 0.45], [0.50, 0.55]])
i = np.matrix([[0.05], [0.10]])
t = np.matrix([[0.01], [0.99]])
sigmoid = lambda m: 1 / (1 + np.exp(-m))
for _ in range(4):
    h = sigmoid(w_ih * i + 0.35)
    o = sigmoid(w_ho * h + 0.60)
    err = t - o
    grad = np.multiply(np.multiply(err, o), 1 - o)
    back = w_ho.T * grad
    w_ho = w_ho + 2 * grad * h.T
    w_ih = w_ih + 2 * back * i.T
    print("E", float(np.sum(np.square(err)) / 2), "w", w_ih.tolist())
