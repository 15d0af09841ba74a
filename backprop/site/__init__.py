"""How does a page become a page of the site? The MkDocs plugin `backprop`, and its parts."""
