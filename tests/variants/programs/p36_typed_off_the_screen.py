# did: all right, but two digits of out_o2 changed places where the values were typed off the screen
# expected: {}
# verdict: slip_in_print
import math

h1 = 1 / (1 + math.exp(-0.3775))
h2 = 1 / (1 + math.exp(-0.3925))
o1 = 1 / (1 + math.exp(-(0.4 * h1 + 0.45 * h2 + 0.6)))
o2 = 1 / (1 + math.exp(-(0.5 * h1 + 0.55 * h2 + 0.6)))
typed = f"{o2:.9f}"
typed = typed[:5] + typed[6] + typed[5] + typed[7:]
print(f"out_h1 = {h1:.9f}")
print(f"out_h2 = {h2:.9f}")
print(f"out_o1 = {o1:.9f}")
print(f"out_o2 = {typed}")
print(f"E_o1 = {0.5 * (0.01 - o1) ** 2:.9f}")
print(f"E_o2 = {0.5 * (0.99 - o2) ** 2:.9f}")
