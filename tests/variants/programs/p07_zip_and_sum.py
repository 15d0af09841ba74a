# did: put net where out belongs in the slope of the hidden neurons
# expected: {"hidden_slope": "of_net"}
from math import exp

sigmoid = lambda z: 1 / (1 + exp(-z))
prime = lambda z: z * (1 - z)
dot = lambda a, b: sum(p * q for p, q in zip(a, b))
H, O = [[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45], [0.5, 0.55]]
X, T = [0.05, 0.1], [0.01, 0.99]
for n in range(1, 5):
    zh = [dot(row, X) + 0.35 for row in H]
    ah = [sigmoid(z) for z in zh]
    ao = [sigmoid(dot(row, ah) + 0.6) for row in O]
    do = [(a - t) * prime(a) for a, t in zip(ao, T)]
    dh = [dot(do, col) * prime(z) for col, z in zip(zip(*O), zh)]
    O = [[w - 0.5 * d * a for w, a in zip(row, ah)] for row, d in zip(O, do)]
    H = [[w - 0.5 * d * x for w, x in zip(row, X)] for row, d in zip(H, dh)]
    print("iteration", n, "weights", *["%.8f" % w for row in H + O for w in row])
