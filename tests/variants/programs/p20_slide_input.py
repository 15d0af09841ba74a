# did: took i1 = 0.005
# expected: {"inputs": "small_i1"}
import math

i = [0.005, 0.10]
w = [None, .15, .20, .25, .30, .40, .45, .50, .55]
net_h1 = w[1] * i[0] + w[2] * i[1] + .35
net_h2 = w[3] * i[0] + w[4] * i[1] + .35
out_h1, out_h2 = 1 / (1 + math.exp(-net_h1)), 1 / (1 + math.exp(-net_h2))
net_o1 = w[5] * out_h1 + w[6] * out_h2 + .60
net_o2 = w[7] * out_h1 + w[8] * out_h2 + .60
out_o1, out_o2 = 1 / (1 + math.exp(-net_o1)), 1 / (1 + math.exp(-net_o2))
for name in "net_h1 net_h2 out_h1 out_h2 net_o1 net_o2 out_o1 out_o2".split():
    print(name, "=", round(globals()[name], 9))
