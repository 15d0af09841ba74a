"""Is this formula true?"""
