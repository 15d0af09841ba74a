# did: updated the output layer, ran the forward pass again, then updated the hidden layer; biases learn
# expected: {"order": "refreshed", "biases": "per_neuron"}
import numpy as np


class Net:
    def __init__(self):
        self.W = [np.array([[0.15, 0.2], [0.25, 0.3]]), np.array([[0.4, 0.45], [0.5, 0.55]])]
        self.b = [np.array([0.35, 0.35]), np.array([0.6, 0.6])]

    def forward(self):
        self.x = np.array([0.05, 0.1])
        self.h = 1 / (1 + np.exp(-(self.W[0] @ self.x + self.b[0])))
        self.o = 1 / (1 + np.exp(-(self.W[1] @ self.h + self.b[1])))
        self.d = (self.o - np.array([0.01, 0.99])) * self.o * (1 - self.o)

    def learn(self):
        self.forward()
        self.W[1] = self.W[1] - 0.5 * np.outer(self.d, self.h)
        self.b[1] = self.b[1] - 0.5 * self.d
        self.forward()
        e = self.W[1].T @ self.d * self.h * (1 - self.h)
        self.W[0] = self.W[0] - 0.5 * np.outer(e, self.x)
        self.b[0] = self.b[0] - 0.5 * e


n = Net()
for _ in range(2):
    n.learn()
    for W, b in zip(n.W, n.b):
        print(W, b)
