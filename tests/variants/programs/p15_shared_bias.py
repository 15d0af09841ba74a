# did: one bias for each layer, and it learns
# expected: {"biases": "shared"}
from math import exp

def s(v): return 1 / (1 + exp(-v))

p = dict(w1=.15, w2=.20, w3=.25, w4=.30, w5=.40, w6=.45, w7=.50, w8=.55, b1=.35, b2=.60)
for count in range(1, 4):
    q = dict(p)
    a = s(p["w1"] * .05 + p["w2"] * .10 + p["b1"]); b = s(p["w3"] * .05 + p["w4"] * .10 + p["b1"])
    y = s(p["w5"] * a + p["w6"] * b + p["b2"]); z = s(p["w7"] * a + p["w8"] * b + p["b2"])
    dy = -(.01 - y) * y * (1 - y); dz = -(.99 - z) * z * (1 - z)
    da = (dy * p["w5"] + dz * p["w7"]) * a * (1 - a); db = (dy * p["w6"] + dz * p["w8"]) * b * (1 - b)
    for name, g in dict(w1=da * .05, w2=da * .10, w3=db * .05, w4=db * .10, w5=dy * a, w6=dy * b, w7=dz * a, w8=dz * b, b1=da + db, b2=dy + dz).items():
        q[name] = p[name] - .5 * g
    p = q
    print("round", count, {k: round(v, 7) for k, v in p.items()})
