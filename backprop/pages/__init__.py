"""What does this page say, and is it so?"""
