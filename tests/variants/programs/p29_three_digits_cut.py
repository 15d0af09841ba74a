# did: cut each result off after four decimals before going on
# expected: {"rounding": "cut_4"}
import math


def cut(v):
    return math.floor(v * 10000 + 1e-7) / 10000


nh = [cut(.15 * .05 + .2 * .1 + .35), cut(.25 * .05 + .3 * .1 + .35)]
ah = [cut(1 / (1 + math.exp(-n))) for n in nh]
no = [cut(.4 * ah[0] + .45 * ah[1] + .6), cut(.5 * ah[0] + .55 * ah[1] + .6)]
ao = [cut(1 / (1 + math.exp(-n))) for n in no]
print("Hidden:", nh, ah)
print("Output:", no, ao)
print("Errors:", [cut(.5 * (t - a) ** 2) for t, a in zip((.01, .99), ao)])
