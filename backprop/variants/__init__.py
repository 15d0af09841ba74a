"""What did a reader do, who got another number?"""
