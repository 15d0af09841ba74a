"""What is each quantity of a network, and how is it derived?"""
