# did: left the slope of the hidden neurons out
# expected: {"hidden_slope": "none"}
from math import exp

class Neuron:
    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias

    def fire(self, inputs):
        self.inputs = inputs
        total = self.bias
        for i, w in zip(inputs, self.weights):
            total += i * w
        self.out = 1.0 / (1.0 + exp(-total))
        return self.out


hidden = [Neuron([0.15, 0.20], 0.35), Neuron([0.25, 0.30], 0.35)]
output = [Neuron([0.40, 0.45], 0.60), Neuron([0.50, 0.55], 0.60)]
target = [0.01, 0.99]
hs = [n.fire([0.05, 0.10]) for n in hidden]
os = [n.fire(hs) for n in output]
delta_out = [(o - t) * o * (1 - o) for o, t in zip(os, target)]
delta_hid = []
for j in range(2):
    delta_hid.append(sum(d * n.weights[j] for d, n in zip(delta_out, output)))
for layer, deltas in ((hidden, delta_hid), (output, delta_out)):
    for n, d in zip(layer, deltas):
        n.weights = [w - 0.5 * d * i for w, i in zip(n.weights, n.inputs)]
k = 1
for n in hidden + output:
    for w in n.weights:
        print("w%d+ = %.9f" % (k, w))
        k += 1
