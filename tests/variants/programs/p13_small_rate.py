# did: a learning rate of 0.1
# expected: {"rate": 0.1}
import math

weights = [[0.15, 0.2, 0.35], [0.25, 0.3, 0.35], [0.4, 0.45, 0.6], [0.5, 0.55, 0.6]]
alpha = 0.1


def neuron(ws, a, b):
    return 1.0 / (1.0 + math.exp(-(ws[0] * a + ws[1] * b + ws[2])))


def cost(o1, o2):
    return 0.5 * (0.01 - o1) ** 2 + 0.5 * (0.99 - o2) ** 2


for rnd in range(4):
    h1, h2 = neuron(weights[0], 0.05, 0.1), neuron(weights[1], 0.05, 0.1)
    o1, o2 = neuron(weights[2], h1, h2), neuron(weights[3], h1, h2)
    print(cost(o1, o2))
    g1, g2 = (o1 - 0.01) * o1 * (1 - o1), (o2 - 0.99) * o2 * (1 - o2)
    k1 = (g1 * weights[2][0] + g2 * weights[3][0]) * h1 * (1 - h1)
    k2 = (g1 * weights[2][1] + g2 * weights[3][1]) * h2 * (1 - h2)
    for ws, g, (a, b) in zip(weights, (k1, k2, g1, g2), [(0.05, 0.1)] * 2 + [(h1, h2)] * 2):
        ws[0] -= alpha * g * a
        ws[1] -= alpha * g * b
