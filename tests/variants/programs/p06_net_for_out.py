# did: put net where out belongs in the slope of the outputs
# expected: {"output_slope": "of_net"}
import math

i1 = 0.05; i2 = 0.10
w1 = 0.15; w2 = 0.20; w3 = 0.25; w4 = 0.30
w5 = 0.40; w6 = 0.45; w7 = 0.50; w8 = 0.55
neth1 = w1 * i1 + w2 * i2 + 0.35
neth2 = w3 * i1 + w4 * i2 + 0.35
outh1 = 1 / (1 + math.e ** -neth1)
outh2 = 1 / (1 + math.e ** -neth2)
neto1 = w5 * outh1 + w6 * outh2 + 0.60
neto2 = w7 * outh1 + w8 * outh2 + 0.60
outo1 = 1 / (1 + math.e ** -neto1)
outo2 = 1 / (1 + math.e ** -neto2)
do1 = (outo1 - 0.01) * neto1 * (1 - neto1)
do2 = (outo2 - 0.99) * neto2 * (1 - neto2)
print("dE/dw5", do1 * outh1)
print("dE/dw6", do1 * outh2)
print("dE/dw7", do2 * outh1)
print("dE/dw8", do2 * outh2)
print("new w5", w5 - 0.5 * do1 * outh1)
print("new w6", w6 - 0.5 * do1 * outh2)
print("new w7", w7 - 0.5 * do2 * outh1)
print("new w8", w8 - 0.5 * do2 * outh2)
