# did: swapped the two targets
# expected: {"targets": "swapped"}
import math

t = (0.99, 0.01)
hidden = [1 / (1 + math.exp(-n)) for n in (0.15 * 0.05 + 0.2 * 0.1 + 0.35, 0.25 * 0.05 + 0.3 * 0.1 + 0.35)]
nets = [0.4 * hidden[0] + 0.45 * hidden[1] + 0.6, 0.5 * hidden[0] + 0.55 * hidden[1] + 0.6]
out = [1 / (1 + math.exp(-n)) for n in nets]
print("out_h:", hidden)
print("out_o:", out)
E = [(a - b) ** 2 / 2 for a, b in zip(t, out)]
print("E_o1 = %.8f, E_o2 = %.8f, E_total = %.8f" % (E[0], E[1], sum(E)))
d = [(o - a) * o * (1 - o) for a, o in zip(t, out)]
print("delta_o:", d)
