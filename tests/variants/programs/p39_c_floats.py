# did: no biases, and the error goes back through weights that have changed; printed like C source
# expected: {"biases": "none", "order": "new"}
import math

w = [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55]
print("float error[] = {")
for n in range(5):
    h = [1 / (1 + math.exp(-(w[2 * j] * 0.05 + w[2 * j + 1] * 0.1))) for j in range(2)]
    o = [1 / (1 + math.exp(-(w[4 + 2 * j] * h[0] + w[5 + 2 * j] * h[1]))) for j in range(2)]
    print("    %.9ff," % (0.5 * (o[0] - 0.01) ** 2 + 0.5 * (o[1] - 0.99) ** 2))
    d = [(o[0] - 0.01) * o[0] * (1 - o[0]), (o[1] - 0.99) * o[1] * (1 - o[1])]
    for j in range(2):
        for i in range(2):
            w[4 + 2 * j + i] -= 0.5 * d[j] * h[i]
    for j in range(2):
        e = (d[0] * w[4 + j] + d[1] * w[6 + j]) * h[j] * (1 - h[j])
        w[2 * j] -= 0.5 * e * 0.05
        w[2 * j + 1] -= 0.5 * e * 0.1
print("};")
